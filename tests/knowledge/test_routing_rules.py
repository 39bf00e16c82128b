"""The content of routing: the project's own, and each fault with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.content_file import CONTENT, ContentError
from knowledge.routing_rules import load_routing
from tests.fakes import catalogue

LINES = (CONTENT / "routage.yml").read_text(encoding="utf-8").splitlines(keepends=True)
TEXT = "".join(line for line in LINES if not line.startswith("#"))
RULE = """regles:
  - id: etablissements
    si: {demandeur: [etablissement], service: [inscription_examen]}
    equipe: daic
    parce_que: "un établissement s'adresse à la DAIC"
"""


def written(tmp_path: Path, text: str) -> Path:
    (tmp_path / "routage.yml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_projects_own_and_a_rule(tmp_path: Path) -> None:
    assert "enseignants" in load_routing().by_discipline
    rules = load_routing(written(tmp_path, TEXT.replace("regles: []\n", RULE)), catalogue())
    fitting = {"demandeur": "etablissement", "service": "inscription_examen"}
    found = rules.rule_for(fitting)
    assert found is not None
    assert found.team == "daic"
    assert rules.rule_for(fitting | {"demandeur": "parent"}) is None
    assert rules.rule_for({}) is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("equipe: daic", "equipe: inconnue", "équipe inconnue : inconnue"),
        ("[etablissement]", "[proviseur]", "demandeur : valeur inconnue : proviseur"),
        ("[inscription_examen]", "[examens]", "service : valeur inconnue : examens"),
        ("demandeur:", "humeur:", "condition inconnue : humeur"),
        ("    equipe: daic\n", "", "clé absente : equipe"),
        ("si: {demandeur: [etablissement], service: [inscription_examen]}", "si: oui", "liste de valeurs"),
        ("si: {demandeur: [etablissement], service: [inscription_examen]}", "si: {}", "au moins une condition"),
        ("en_file: []", "en_file: [nulle]", "en_file : équipe inconnue : nulle"),
        ("absence_courte_jours: 1", "absence_courte_jours: -1", "nombre de jours"),
        ("en_file: []\n", "", "clé absente : en_file"),
    ],
)
def test_faults(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = TEXT.replace("regles: []\n", RULE)
    assert old in text
    with pytest.raises(ContentError, match=message) as error:
        load_routing(written(tmp_path, text.replace(old, new, 1)), catalogue())
    assert error.value.faults[0].line >= 1
