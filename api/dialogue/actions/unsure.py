"""What is not understood, or not for us: say so once, then lead to a person."""

from __future__ import annotations

from api.conversations.messages import Message
from api.dialogue.actions.buttons import yes_no
from api.dialogue.turn import PHONE, Outcome, Turn, likely_type, said


async def ask_again(turn: Turn) -> Outcome:
    """Not understood: other words, please."""
    turn.state.failures += 1
    turn.state.last = {"text": turn.text, "service_type": likely_type(turn.triage)}
    return said(Message(kind="smalltalk", text=turn.say("incompris")))


async def out_of_scope(turn: Turn) -> Outcome:
    """Not a question about the institution."""
    turn.state.failures += 1
    return said(Message(kind="out_of_scope", text=turn.say("hors_sujet")))


async def lead_to_person(turn: Turn) -> Outcome:
    """Two failed turns: the ways to reach a person, and the offer to write for them."""
    turn.state.expecting = "offer"
    return said(Message(kind="handoff", text=turn.say("deux_echecs", telephone=PHONE), options=yes_no(turn)))


async def nothing_to_cancel(turn: Turn) -> Outcome:
    """ "Annuler" and nothing runs."""
    return said(Message(kind="smalltalk", text=turn.say("rien_a_annuler")))


ACTIONS = {
    "action_fallback": ask_again,
    "action_out_of_scope": out_of_scope,
    "action_two_failures": lead_to_person,
    "action_nothing_to_cancel": nothing_to_cancel,
}
