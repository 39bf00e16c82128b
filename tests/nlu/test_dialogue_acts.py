"""What a message does in a conversation, in and out of a form."""

from __future__ import annotations

import pytest

from nlu.dialogue_acts import comparable, dialogue_act, rank_chosen


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Bonjour", "greet"),
        ("bjr madame", "greet"),
        ("merci beaucoup", "thank"),
        ("Au revoir", "goodbye"),
        ("oui", "affirm"),
        ("Oui, c'est ça", "affirm"),
        ("vas-y", "affirm"),
        ("ok", "affirm"),
        ("non merci", "deny"),
        ("ce n'est pas ça", "deny"),
        ("ça ne répond pas", "deny"),
        ("je veux parler à un conseiller", "person"),
        ("passez-moi quelqu'un", "person"),
        ("rappelez-moi svp", "person"),
        ("où en est ma demande", "ticket_status"),
        ("K7M4-2PQX", "ticket_status"),
        ("k7m4 2pqx", "ticket_status"),
        ("ma demande K7M4-2PQX", "ticket_status"),
        ("es-tu un robot ?", "bot_challenge"),
        ("qui êtes-vous", "bot_challenge"),
        ("c'est une IA ?", "bot_challenge"),
        ("comment ça va ?", "how_are_you"),
        ("connard", "insult"),
        ("le deuxième", "choose"),
        ("2", "choose"),
        ("", "empty"),
        ("  \n", "empty"),
        ("???", "empty"),
        ("👍", "empty"),
    ],
)
def test_acts_anywhere(text: str, act: str) -> None:
    assert dialogue_act(text) == act
    assert dialogue_act(text, in_form=True) is not None


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("annule", "cancel"),
        ("je veux annuler", "cancel"),
        ("laissez tomber", "cancel"),
        ("passer", "skip"),
        ("question suivante", "skip"),
        ("je ne sais pas", "skip"),
        ("je sais pas", "skip"),
        ("jsp", "skip"),
        ("je ne l'ai pas", "skip"),
        ("aucune idée", "skip"),
        ("modifier", "correct"),
        ("je me suis trompée", "correct"),
        ("non, c'est en 4e", "correct"),
    ],
)
def test_acts_on_the_running_form_only(text: str, act: str) -> None:
    assert dialogue_act(text, in_form=True) == act
    assert dialogue_act(text) not in ("cancel", "skip", "correct")


@pytest.mark.parametrize(
    "text",
    [
        "Comment annuler mon inscription ?",
        "je voudrais annuler ma commande",
        "je ne sais pas comment m'inscrire en 4e",
        "passer l'examen en candidat libre",
        "comment modifier mon adresse d'envoi",
        "quelles langues proposez-vous en seconde ?",
        "année 2025-2026",
        "juin 2026",
        "terminale",
        "mes cours",
    ],
)
def test_requests_and_answers_are_no_acts(text: str) -> None:
    assert dialogue_act(text) is None
    assert dialogue_act(text, in_form=True) is None


@pytest.mark.parametrize(
    "text", ["bonjour, comment m'inscrire ?", "merci de m'envoyer une facture", "oui mais combien ça coûte ?"]
)
def test_politeness_around_a_request_is_not_the_act(text: str) -> None:
    assert dialogue_act(text) is None


@pytest.mark.parametrize(
    ("text", "rank"),
    [
        ("1", 0),
        ("la première", 0),
        ("le 2", 1),
        ("la deuxième", 1),
        ("la seconde", 1),
        ("choix 3", 2),
        ("le dernier", -1),
        ("aucune", None),
        ("10", None),
        ("", None),
    ],
)
def test_rank_of_a_choice(text: str, rank: int | None) -> None:
    assert rank_chosen(text) == rank


def test_comparable_has_no_hyphen_nor_punctuation() -> None:
    assert comparable("  Vas-y, C’EST bon !!! ") == "vas y c'est bon"
    assert comparable(comparable("Êtes-vous là ?")) == comparable("Êtes-vous là ?")
