"""The catalogue: its parts are checked against one another."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.content_file import ContentError
from knowledge.service_types import UNITS, load_catalogue


def faults(content: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(ContentError) as error:
        load_catalogue(content)
    return [(f.path.name, f.line, f.message) for f in error.value.faults]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_catalogue_is_read(content: Path) -> None:
    catalogue = load_catalogue(content)
    orientation = catalogue.types["orientation"]
    assert (orientation.team, orientation.per_unit, orientation.delay_hours) == ("conseil_scolarite", True, 48)
    assert catalogue.types["contact_horaires"].delay_hours is None
    assert catalogue.types["contact_horaires"].fields == ("sujet",)
    assert catalogue.teams["crc"].spoken == "l'équipe d'accueil"
    assert catalogue.fields["demandeur"].choices == (("eleve", "Élève"),)
    assert catalogue.fields["contact"].optional is False
    assert catalogue.units == UNITS
    assert len(UNITS) == 6


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "message"),
    [
        ("services_type.yml", "equipe: crc", "equipe: lune", 2, "équipe inconnue : lune"),
        ("services_type.yml", "champs: []", "champs: [couleur]", 11, "champ inconnu : couleur"),
        ("services_type.yml", "traitement: complexe", "traitement: magique", 11, "traitement inconnu : magique"),
        ("services_type.yml", "  code: ORI-01\n", "", 11, "clé absente : code"),
        ("services_type.yml", "id: orientation", "id: contact_horaires", 11, "id en double : contact_horaires"),
        ("champs.yml", "question: Nom ?, genre: texte", "question: Nom ?, genre: dessin", 2, "genre inconnu : dessin"),
        ("champs.yml", "choix: [{id: eleve, libelle: Élève}]", "choix: []", 1, "a besoin de choix"),
        (
            "champs.yml",
            "- {id: sujet, libelle: Sujet, question: Sujet ?, genre: texte}\n",
            "",
            2,
            "champ inconnu : sujet",
        ),
        ("champs.yml", "id: nom,", "id: surnom,", 1, "champ du socle absent : nom"),
        ("equipes.yml", ', dire: "les conseillers"', "", 2, "clé absente : dire"),
    ],
)
def test_each_fault_has_its_line(content: Path, name: str, old: str, new: str, line: int, message: str) -> None:
    change(content / name, old, new)
    assert any(found_line == line and message in text for _, found_line, text in faults(content))


def test_a_fault_is_never_a_crash_of_another_kind(content: Path) -> None:
    change(content / "services_type.yml", "- id: orientation\n  code", "- code")
    found = faults(content)
    assert ("services_type.yml", 11, "clé absente : id") in found
