"""Somebody who writes: what they say depends on what they are answered; what was said to one can be said again to another."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

REQUEST = "Mon colis n'est pas arrivé, il manque le livre de maths"
FORM_ANSWERS = {
    "demandeur": "parent",
    "nom": "Claire Martin",
    "nom_eleve": "Jeanne Martin",
    "niveau": "6e",
    "formation": "collège",
    "adresse": "12 rue des Lilas, 76000 Rouen",
    "contenu_manquant": "le livre de maths",
    "date_inscription": "le 3 septembre",
    "sujet": "mon colis n'est pas arrivé",
    "contact": "jeanne.martin@exemple.fr",
}
LONGEST_FORM = 15  # questions
Said = list[dict[str, Any]]


class Assistant(Protocol):
    """One conversation with an assistant."""

    async def say(self, text: str) -> Said:
        """The messages that answer."""
        ...


@dataclass(slots=True)
class Learner:
    """A conversation under way, and its turns: `{"label", "text", "ms", "kinds"}`."""

    assistant: Assistant
    turns: list[dict[str, Any]] = field(default_factory=list)
    last: Said = field(default_factory=list)

    async def say(self, label: str, text: str) -> None:
        """Write, and wait for the answer."""
        began = time.perf_counter()
        self.last = await self.assistant.say(text)
        elapsed = (time.perf_counter() - began) * 1000
        self.turns.append({"label": label, "text": text, "ms": elapsed, "kinds": self.kinds})

    @property
    def kinds(self) -> list[str]:
        """Kinds of the last messages."""
        return [m["kind"] for m in self.last]

    @property
    def asked(self) -> str | None:
        """The field that the assistant waits for."""
        return next((m.get("asks") for m in reversed(self.last) if m["kind"] == "question"), None)


async def ask(learner: Learner, question: str) -> None:
    """Greet, ask, accept the answer, thank."""
    await learner.say("bonjour", "Bonjour")
    await _question(learner, question)
    await learner.say("merci", "merci")


async def request(learner: Learner, question: str) -> None:
    """Ask, then send a request: the form, its answers, the recap, the ticket."""
    await _question(learner, question)
    await _begin_request(learner)
    for _ in range(LONGEST_FORM):
        if learner.asked is None:
            break
        await learner.say("réponse au formulaire", FORM_ANSWERS.get(learner.asked, "passer"))
    await learner.say("confirmation", "oui")


async def cancel(learner: Learner, question: str) -> None:
    """Begin a request, give it up, and ask."""
    await learner.say("bonjour", "Bonjour")
    await _begin_request(learner)
    await learner.say("réponse au formulaire", FORM_ANSWERS.get(learner.asked or "", "passer"))
    await learner.say("annulation", "annule")
    await _question(learner, question)


async def repeat(learner: Learner, turns: Sequence[dict[str, Any]]) -> None:
    """Say what was said in another conversation."""
    for turn in turns:
        await learner.say(turn["label"], turn["text"])


PLANS = (ask, request, ask, cancel)  # a conversation follows the plan of its number, round and round


async def _question(learner: Learner, question: str) -> None:
    await learner.say("question", question)
    if learner.asked:  # the assistant thinks a person is needed
        await learner.say("annulation", "annule")
    elif "choices" in learner.kinds:
        await learner.say("choix", "1")
    if "answer" in learner.kinds:
        await learner.say("oui", "oui")


async def _begin_request(learner: Learner) -> None:
    await learner.say("demande", REQUEST)
    if "answer" in learner.kinds:  # an article first: it is not enough, and a person is then offered
        await learner.say("non", "non")
        await learner.say("oui", "oui")
