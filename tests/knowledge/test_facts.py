"""Facts said in passing."""

from __future__ import annotations

import pytest

from knowledge.facts import facts_of, story_of


@pytest.mark.parametrize(
    ("text", "entities", "expected"),
    [
        ("ma note de maths au devoir 3, 8/20", {"discipline": "maths"}, {"note": "8/20", "devoir": "devoir 3, maths"}),
        ("j'ai eu 12,5 sur 20 au devoir n°2", {}, {"note": "12,5/20", "devoir": "devoir 2"}),
        ("ça bloque sur mon tel", {}, {"appareil": "telephone"}),
        ("sur l'ordi de ma mère", {}, {"appareil": "ordinateur"}),
        ("mon fils a 12 ans", {}, {"age": "12 ans"}),
        ("je m'appelle Léa Martin", {}, {"nom": "Léa Martin"}),
        ("je suis la maman de Léo Le Goff", {}, {"nom_eleve": "Léo Le Goff"}),
        ("ma fille Lucie est en 6e", {}, {}),
        ("je suis la maman de Léo en 4e", {}, {}),
        ("dossier 2024-558", {"identifiant": "2024-558"}, {"numero_commande": "2024-558"}),
        ("mon identifiant est 12345678", {"identifiant": "12345678"}, {}),
        ("le 12/09/2026", {}, {}),
    ],
)
def test_facts(text: str, entities: dict[str, str], expected: dict[str, str]) -> None:
    assert facts_of(text, entities) == expected


def test_a_story_is_long_enough_and_holds_no_mask() -> None:
    assert story_of("aide") is None
    assert story_of("mon bulletin manque depuis juin, [COURRIEL]") == "mon bulletin manque depuis juin"
