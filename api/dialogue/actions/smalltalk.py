"""Politeness, insults, English."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from api.conversations.messages import Message
from api.dialogue.actions.answers import about_message
from api.dialogue.actions.buttons import yes_no
from api.dialogue.turn import Outcome, Turn, said
from nlu.dialogue_acts import comparable

_HELLO = re.compile(r"\b(?:re)?(?:bonjour|bonsoir|salut|hello|coucou|hey|hi|yo|re|allo)\b")


def _says(key: str) -> Callable[[Turn], Awaitable[Outcome]]:
    async def action(turn: Turn) -> Outcome:
        return said(Message(kind="smalltalk", text=turn.say(key)))

    return action


def _says_in_form(key: str) -> Callable[[Turn], Awaitable[Outcome]]:
    """The same, and another sentence when a form goes on right after."""

    async def action(turn: Turn) -> Outcome:
        return said(Message(kind="smalltalk", text=turn.say(f"{key}_demande" if turn.form.active else key)))

    return action


async def greet(turn: Turn) -> Outcome:
    """Hello; to somebody who comes back to a request that was begun, the offer to finish it."""
    if not turn.form.active and not _HELLO.search(comparable(turn.text)):
        return said(Message(kind="smalltalk", text=turn.say("besoin_aide")))
    if turn.state.draft is None or turn.form.active:
        return await _says_in_form("salutation")(turn)
    return said(Message(kind="smalltalk", text=turn.say("salutation_reprise"), options=yes_no(turn)))


async def say_goodbye(turn: Turn) -> Outcome:
    """Goodbye, with a word about a request that was begun and not sent."""
    key = "au_revoir" if turn.state.draft is None else "au_revoir_demande"
    return said(Message(kind="smalltalk", text=turn.say(key)))


async def answer_english(turn: Turn) -> Outcome:
    """One sentence in English, once a conversation; then what the FAQ has on the message, if anything."""
    turn.state.english = True
    sentence = Message(kind="smalltalk", text=turn.say("anglais"))
    if turn.triage.decision in ("answer", "choices"):
        return said(sentence, *about_message(turn))
    if not turn.form.active:
        turn.state.expecting = "offer"  # a "yes" to it brings a person
        turn.state.last = {"text": turn.text, "service_type": None}
    return said(sentence)


async def follow_safety(turn: Turn) -> Outcome:
    """After a safety message: take the contact, or say the numbers again. Nothing is asked."""
    turn.state.expecting = "safety"
    key = "securite_contact_recu" if turn.state.contact and "[" in turn.text else "securite_suite"
    return said(Message(kind="safety", text=turn.say(key)))


ACTIONS = {
    "action_greet": greet,
    "action_thank": _says_in_form("remerciement"),
    "action_goodbye": say_goodbye,
    "action_how_are_you": _says_in_form("comment_ca_va"),
    "action_bot_challenge": _says("qui_suis_je"),
    "action_insult": _says("insulte"),
    "action_english": answer_english,
    "action_safety_follow_up": follow_safety,
}
