"""The same words in a form, before choices, or alone."""

from __future__ import annotations

import pytest

from api.dialogue.parse import parse_result, read_intent
from api.dialogue.state import DialogueState
from knowledge import qualification
from knowledge.decisions import Context
from tests.fakes import catalogue
from tests.journeys.engine import JourneyEngine

ENGINE = JourneyEngine()


def intent(text: str, state: DialogueState | None = None) -> str:
    state = state or DialogueState()
    read = ENGINE.decide(text, Context(known=state.said, in_form=state.in_form))
    return read_intent(read, state, catalogue())


def asking(field: str, service_type: str = "supports_colis") -> DialogueState:
    """A request that now asks `field`."""
    draft = qualification.start(service_type, triage=None, known={}, catalogue=catalogue())
    for _ in range(15):
        now = qualification.next_field(draft, catalogue())
        if now == field or now is None:
            break
        draft = qualification.skip(draft, now)
    assert now == field or field == "recap", (now, field)
    return DialogueState(draft=qualification.to_json(draft))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bonjour", "greet"),
        ("merci", "thank"),
        ("au revoir", "goodbye"),
        ("oui", "affirm"),
        ("non", "deny"),
        ("tu es un robot ?", "bot_challenge"),
        ("ça va ?", "how_are_you"),
        ("bande de nuls", "insult"),
        ("je voudrais parler à un conseiller", "person"),
        ("où en est ma demande ?", "ticket_status"),
        ("how can i register my son", "english"),
        ("vos horaires", "faq_answer"),
        ("une bourse", "faq_choices"),
        ("mon colis est perdu", "request"),
        ("une pizza", "out_of_scope"),
        ("flibustier moutarde", "nlu_fallback"),
        ("???", "nlu_fallback"),
    ],
)
def test_alone(text: str, expected: str) -> None:
    assert intent(text) == expected


def test_english_is_said_once() -> None:
    assert intent("how can i register my son", DialogueState(english=True)) != "english"


@pytest.mark.parametrize(("text", "expected"), [("2", "choose"), ("la première", "choose"), ("aucune", "deny")])
def test_before_choices(text: str, expected: str) -> None:
    assert intent(text, DialogueState(expecting="choices", choices=["a", "b"])) == expected


def test_a_number_beyond_the_choices_picks_nothing() -> None:
    assert intent("3", DialogueState(expecting="choices", choices=["a", "b"])) != "choose"


def test_a_number_without_choices_picks_nothing() -> None:
    assert intent("2") == "nlu_fallback"


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("adresse", "12 rue des Lilas", "inform"),
        ("adresse", "annuler", "cancel"),
        ("adresse", "passer", "skip"),
        ("adresse", "merci", "thank"),
        ("adresse", "bande de nuls", "insult"),
        ("adresse", "je veux parler à un humain", "person"),
        ("adresse", "quels sont vos horaires ?", "faq_answer"),
        ("adresse", "et pour une bourse ?", "faq_choices"),
        ("adresse", "en fait je veux un remboursement", "request"),
        ("adresse", "le colis est à mon ancienne adresse", "inform"),
        ("adresse", "où en est ma demande ?", "ticket_status"),
        ("date_inscription", "le 12 septembre", "inform"),
        ("date_inscription", "vos horaires", "faq_answer"),
        ("demandeur", "parent", "inform"),
        ("contact", "[COURRIEL]", "inform"),
        ("contact", "zut", "inform"),
    ],
)
def test_in_a_request(field: str, text: str, expected: str) -> None:
    assert intent(text, asking(field)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oui", "affirm"),
        ("non", "deny"),
        ("modifier", "correct"),
        ("annuler", "cancel"),
        ("vos horaires ?", "faq_answer"),
    ],
)
def test_before_sending(text: str, expected: str) -> None:
    assert intent(text, asking("recap")) == expected


def test_a_correction_before_sending() -> None:
    state = asking("recap", "amenagement_scolarite")
    draft = qualification.from_json(state.draft or {})
    filled = qualification.fill(draft, "niveau", "6e", catalogue=catalogue())
    assert isinstance(filled, qualification.Draft)
    assert intent("non, c'est en 4e", DialogueState(draft=qualification.to_json(filled))) == "correct"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ABCD", "inform"),
        ("[COURRIEL]", "inform"),
        ("annuler", "cancel"),
        ("vos horaires ?", "faq_answer"),
        ("un humain", "person"),
    ],
)
def test_in_the_search_of_a_ticket(text: str, expected: str) -> None:
    assert intent(text, DialogueState(status={})) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("[TÉLÉPHONE]", "inform"), ("je sais pas", "inform"), ("merci", "thank"), ("vos horaires ?", "faq_answer")],
)
def test_after_a_safety_message(text: str, expected: str) -> None:
    assert intent(text, DialogueState(expecting="safety")) == expected


def test_entities_carry_the_state() -> None:
    state = DialogueState(expecting="feedback", failures=1)
    read = ENGINE.decide("oui", Context())
    entities = {e["entity"]: e["value"] for e in parse_result("oui", read, state, catalogue())["entities"]}
    assert entities == {"context": "feedback", "failed": True, "pending": False}
