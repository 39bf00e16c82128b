"""Whatever is understood, in whatever state: a short answer, nothing twice, and the conversation goes on."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import yaml

from tests.journeys.conftest import BOT, Learner, Rasa, new_learner
from tests.journeys.test_requests import PARENT

pytestmark = pytest.mark.rasa

MOST_MESSAGES = 3
INTENTS = [next(iter(i)) for i in yaml.safe_load((BOT / "domain" / "intents.yml").read_text())["intents"]]
REQUEST = "Mon colis n'est pas arrivé"
# How to bring a conversation to a state: what is said, in order.
STATES = {
    "nothing": [],
    "feedback": ["vos horaires ?"],
    "choices": ["une bourse ?"],
    "offer": ["vos horaires ?", "non"],
    "safety": ["mon père me frappe"],
    "failed": ["flibustier moutarde"],
    "failed_twice": ["flibustier moutarde", "zigzag violet"],
    "request": [REQUEST],
    "request_text": [REQUEST, "parent", PARENT["adresse"]],
    "request_interrupted": [REQUEST, "vos horaires ?"],
    "request_choices": [REQUEST, "une bourse ?"],
    "request_safety": [REQUEST, "j'ai envie de mourir"],
    "correcting": ["Un handicap pour mon fils en 6e", "modifier"],
    "recap": [REQUEST, "parent", PARENT["adresse"], "tout", "hier", "Léa Martin", "passer", PARENT["contact"]],
    "sent": [REQUEST, "parent", PARENT["adresse"], "tout", "hier", "Léa Martin", "passer", PARENT["contact"], "oui"],
    "cancelled": [REQUEST, "annuler"],
    "status": ["Où en est ma demande ?"],
    "status_contact": ["Où en est ma demande ?", "[une référence]"],
    "status_in_request": [REQUEST, "Où en est ma demande ?"],
}


def brought_to(http: httpx.Client, state: str) -> Learner:
    from api.tickets.reference import new_reference

    learner = new_learner(http)
    for text in STATES[state]:
        learner.say(text.replace("[une référence]", new_reference()))
    return learner


def faults(learner: Learner) -> list[str]:
    """What is wrong with the last answer."""
    texts = [m["text"] for m in learner.last]
    found = [] if 1 <= len(texts) <= MOST_MESSAGES else [f"{len(texts)} messages"]
    found += [f"twice: {text}" for text in set(texts) if texts.count(text) > 1]
    return found + ["an empty message" for text in texts if not text.strip()]


@pytest.mark.parametrize("state", STATES)
def test_every_intent_in_every_state(
    http: httpx.Client, rasa: Rasa, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The intents are forced, those that the service would never read there included."""
    from api.dialogue import routes
    from api.dialogue.parse import parse_result

    forced: list[str] = []

    def parse(*args: Any) -> dict[str, Any]:
        read = parse_result(*args)
        return read | {"intent": {"name": forced[0], "confidence": 1.0}} if forced else read

    monkeypatch.setattr(routes, "parse_result", parse)
    for intent in INTENTS:
        forced.clear()
        learner = brought_to(http, state)
        forced.append(intent)
        for text in ("zigzag violet", "oui"):
            learner.say(text)
            assert faults(learner) == [], (state, intent, text)
        forced.clear()
        learner.say("un certificat ?")
        assert faults(learner) == [], (state, intent, "then a question")
        assert learner.last[0]["kind"] == "answer", (state, intent, learner.last)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    "text",
    ["K7M4-2PQX", "où en est ma demande ?", "suivi", "???", "👍", "oui", "non", "2", "lea@exemple.fr", "annuler", "passer",
     "modifier", "autre chose", "/restart", "how can i do this", "bande de nuls", "je veux parler à quelqu'un", "a" * 600,
     "je me suis trompé", "pourquoi ?", "je comprends pas", "le niveau", "la référence est K7M4-2PQX et mon mail lea@exemple.fr"],
)  # fmt: skip
def test_any_text_in_every_state_twice(http: httpx.Client, rasa: Rasa, state: str, text: str) -> None:
    learner = brought_to(http, state)
    for _ in range(2):
        learner.say(text)
        assert faults(learner) == [], (state, text[:40])
    said = [m["text"] for m in learner.history() if m["author"] == "learner"][-2:]
    assert len(said) == 2
    assert said[0] == said[1], "both were kept"
