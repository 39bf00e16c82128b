"""Answers to the questions of the form, as people give them."""

from __future__ import annotations

import pytest

from knowledge.answers import MAX_LENGTH, Refusal, read_answer
from knowledge.service_types import Field
from tests.fakes import catalogue

FIELDS = catalogue().fields


def kind(name: str) -> Field:
    return next(f for f in FIELDS.values() if f.kind == name)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("nom", "  Léa   Martin ", "Léa Martin"),
        ("demandeur", "1", "eleve"),
        ("demandeur", "Parent", "parent"),
        ("demandeur", "je suis la maman de Léo", "parent"),
        ("demandeur", "adulte en formation", "adulte"),
        ("demandeur", "Établissement", "etablissement"),
        ("mode_envoi", "par la poste", "poste"),
        ("mode_envoi", "en ligne", "en_ligne"),
        ("mode_paiement", "cheque", "cheque"),
        ("contact", "mon mail est lea@exemple.fr merci", "lea@exemple.fr"),
        ("contact", "06 12 34 56 78", "+33612345678"),
        ("contact", "[COURRIEL]", "[COURRIEL]"),
        ("niveau", "en 4ème", "4e"),
        ("niveau", "BTS SIO", "BTS SIO"),
        ("niveau", "je suis en terminale", "terminale"),
        ("identifiant", "n° 12 345 678", "12345678"),
        ("identifiant", "[INE]", "[INE]"),
        ("date_envoi", "le 12 octobre", "le 12 octobre"),
        ("date_envoi", "la semaine dernière", "la semaine dernière"),
        ("date_envoi", "12/10", "12/10"),
        ("acces_utilise", "oui", "oui"),
        ("acces_utilise", "Oui, hier", "oui"),
        ("acces_utilise", "pas encore", "non"),
        ("acces_utilise", "je n'ai pas réussi", "non"),
    ],
)
def test_taken(field: str, text: str, value: str) -> None:
    assert read_answer(FIELDS[field], text) == value


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("demandeur", "42"),
        ("mode_envoi", "par pigeon"),
        ("contact", "jean@exemple"),
        ("contact", "06 12 34"),
        ("niveau", "je ne sais pas trop"),
        ("identifiant", "aucun"),
        ("date_envoi", "je ne m'en souviens pas"),
        ("acces_utilise", "peut-être"),
    ],
)
def test_refused_with_a_sentence(field: str, text: str) -> None:
    refusal = read_answer(FIELDS[field], text)
    assert isinstance(refusal, Refusal)
    assert refusal.field == field
    assert refusal.message[-1] in ".?"
    assert "!" not in refusal.message


@pytest.mark.parametrize("field", sorted(FIELDS))
@pytest.mark.parametrize("text", ["", "   ", "???", "👍", "a" * (MAX_LENGTH + 1)])
def test_empty_and_too_long_answers_are_refused_for_every_field(field: str, text: str) -> None:
    assert isinstance(read_answer(FIELDS[field], text), Refusal)


def test_the_longest_answer_is_taken() -> None:
    assert read_answer(kind("texte"), "a" * MAX_LENGTH) == "a" * MAX_LENGTH


@pytest.mark.parametrize("field", sorted(f.id for f in FIELDS.values() if f.kind == "choix"))
def test_every_choice_is_taken_by_label_by_id_and_by_rank(field: str) -> None:
    for rank, (choice, label) in enumerate(FIELDS[field].choices, 1):
        assert read_answer(FIELDS[field], label) == choice
        assert read_answer(FIELDS[field], label.upper()) == choice
        assert read_answer(FIELDS[field], str(rank)) == choice


def test_an_unclear_choice_lists_what_is_expected() -> None:
    refusal = read_answer(FIELDS["mode_envoi"], "bof")
    assert isinstance(refusal, Refusal)
    assert all(label in refusal.message for _, label in FIELDS["mode_envoi"].choices)
