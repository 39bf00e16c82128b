"""Entities and units in messages as people write them, and the words that only look like one."""

from __future__ import annotations

import pytest

from nlu.entities import Entity, first_values, load_recogniser
from nlu.units import unit


def read(text: str) -> tuple[dict[str, str], str | None]:
    entities = load_recogniser().find(text)
    return first_values(entities), unit(entities)


@pytest.mark.parametrize(
    ("text", "expected", "where"),
    [
        ("slt chui en 3eme jai pas recu mon corrigé de maths",
         {"niveau": "3e", "discipline": "mathématiques", "qui": "eleve"}, "college"),
        ("Bonjour, ma fille est en CE1, son colis n'est pas arrivé", {"niveau": "CE1", "qui": "parent"}, "ecole"),
        ("mes 2 enfants en CP et en 4e", {"niveau": "CP"}, None),
        ("je suis en terminale et j'attends ma note de philo",
         {"niveau": "terminale", "discipline": "philosophie", "qui": "eleve"}, "lycee"),
        ("collège au Cned, mon fils est en 4e", {"niveau": "4e", "qui": "parent"}, "college"),
        ("je suis salariée en reconversion, CAP petite enfance", {"formation": "CAP AEPE", "qui": "adulte"}, "pro"),
        ("terminale bac pro ASSP", {"niveau": "terminale pro", "formation": "bac pro ASSP"}, "pro"),
        ("seconde bac pro", {"niveau": "seconde pro"}, "pro"),
        ("inscription au TOEIC", {"formation": "TOEIC"}, "langues"),
        ("inscription au DAEU", {"formation": "DAEU"}, "sup_concours"),
        ("Capes de maths", {"formation": "Capes", "discipline": "mathématiques"}, "sup_concours"),
        ("dossier n° 12345678", {"identifiant": "12345678"}, None),
        ("Dossier 2024-558.", {"identifiant": "2024-558"}, None),
        ("mon INE est 1234567890a", {"identifiant": "1234567890A"}, None),
        ("reçu le 12 octobre 2026", {"date": "12 octobre 2026"}, None),
        ("envoyé lundi, déposé le 03/10", {"date": "lundi"}, None),
        ("la semaine dernière", {"date": "la semaine dernière"}, None),
        ("notre lycée souhaite inscrire des élèves", {"niveau": "lycée", "qui": "etablissement"}, "lycee"),
        ("je suis sa grand-mère", {"qui": "tiers"}, None),
        ("mon petit-fils est en CM2", {"niveau": "CM2", "qui": "tiers"}, "ecole"),
        ("j'ai 15 ans", {"qui": "eleve"}, None),
        ("j'ai 38 ans", {"qui": "adulte"}, None),
        ("cours d'histoire-géo de 5°", {"discipline": "histoire-géographie", "niveau": "5e"}, "college"),
        ("spé SES en première", {"discipline": "SES", "niveau": "première"}, "lycee"),
        ("le prof de SES ne répond pas", {"discipline": "SES"}, None),
        ("", {}, None),
        ("😀", {}, None),
    ],
)  # fmt: skip
def test_real_messages(text: str, expected: dict[str, str], where: str | None) -> None:
    values, found = read(text)
    assert values == expected
    assert found == where


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("BTS SIO 2e année", None),  # Pro and Sup-concours both have BTS
        ("inscription en BTS", None),
        ("en terminale, je vise un BTS", "lycee"),
        ("je prépare le CRPE", "ecole"),  # the competition of primary teachers is with the Cned École
        ("mon fils en 3e SEGPA", "ecole"),
        ("financer par mon CPF", None),
        ("prépa CGE", None),
        ("6e et CM2", None),
        ("le brevet", "college"),
        ("brevet en candidat libre, niveau 3e", "college"),
        ("rien de tout cela", None),
    ],
)
def test_units(text: str, where: str | None) -> None:
    assert read(text)[1] == where


def test_the_cpf_is_no_training() -> None:
    assert "formation" not in read("payer avec mon CPF")[0]


@pytest.mark.parametrize(
    "text",
    [
        "ma seconde question",
        "le 3e trimestre",
        "la première fois",
        "la première relance",
        "le 6e devoir",
        "mon 4e message",
        "1ère année",
        "2 de mes copies",
    ],
)
def test_a_rank_is_no_class(text: str) -> None:
    assert "niveau" not in read(text)[0]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("en seconde", "seconde"),
        ("ma seconde question sur la classe de seconde", "seconde"),
        ("il passe en 2 de", "seconde"),
    ],
)
def test_a_class_is_not_lost_beside_a_rank(text: str, level: str) -> None:
    assert read(text)[0]["niveau"] == level


@pytest.mark.parametrize(
    "text", ["ses devoirs", "ses cours sont en retard", "elle a perdu ses copies", "c'est quoi cette histoire de frais"]
)
def test_ordinary_words_are_no_discipline(text: str) -> None:
    assert "discipline" not in read(text)[0]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("je suis la maman de Léo", "parent"),
        ("mon fils ne reçoit rien", "parent"),
        ("ma mère a payé", "eleve"),
        ("je suis élève de 4e", "eleve"),
        ("je suis la directrice d'un collège", "etablissement"),
        ("je suis en reconversion", "adulte"),
        ("mon employeur finance", "adulte"),
        ("pour mon neveu", "tiers"),
    ],
)
def test_who_is_writing(text: str, who: str) -> None:
    assert read(text)[0].get("qui") == who


def test_a_named_class_comes_before_a_general_word() -> None:
    entities = (Entity("niveau", "lycée"), Entity("niveau", "terminale"), Entity("niveau", "lycée"))
    assert first_values(entities) == {"niveau": "terminale"}
    assert first_values((Entity("niveau", "4e"), Entity("niveau", "5e"))) == {"niveau": "4e"}


def test_the_recogniser_is_built_once() -> None:
    assert load_recogniser() is load_recogniser()
