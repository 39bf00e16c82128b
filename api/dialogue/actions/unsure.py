"""What is not understood, or not for us: say so once, then lead to a person."""

from __future__ import annotations

from dataclasses import replace

from api.conversations.messages import Message
from api.dialogue.actions import qualification, status
from api.dialogue.actions.buttons import yes_no
from api.dialogue.turn import PHONE, Outcome, Turn, likely_type, said

TELLING = 8  # words from which a message that nobody understood is offered to a person at once
WAIT = {"event": "followup", "timestamp": None, "name": "action_listen"}


async def ask_again(turn: Turn) -> Outcome:
    """Not understood: other words, please."""
    if turn.gives_contact:
        return said(Message(kind="smalltalk", text=turn.say("contact_note_question")))
    turn.state.failures += 1
    turn.state.last = {"text": turn.text, "service_type": likely_type(turn.triage)}
    if turn.triage.decision == "handoff" and len(turn.text.split()) >= TELLING and not turn.form.active:
        turn.state.expecting = "offer"
        return said(Message(kind="handoff", text=turn.say("incompris_personne"), options=yes_no(turn)))
    return said(Message(kind="smalltalk", text=turn.say("incompris")))


async def out_of_scope(turn: Turn) -> Outcome:
    """Not a question about the institution; somebody who goes on in English is offered a person."""
    turn.state.failures += 1
    if turn.triage.language == "en" and not turn.form.active:
        turn.state.expecting = "offer"
        turn.state.last = {"text": turn.text, "service_type": likely_type(turn.triage)}
        return said(Message(kind="handoff", text=turn.say("anglais_personne"), options=yes_no(turn)))
    return said(Message(kind="out_of_scope", text=turn.say("hors_sujet")))


async def lead_to_person(turn: Turn) -> Outcome:
    """Two failed turns: the ways to reach a person, and the offer to write for them."""
    if turn.gives_contact:
        return said(Message(kind="smalltalk", text=turn.say("contact_note_question")))
    turn.state.expecting = "offer"
    return said(Message(kind="handoff", text=turn.say("deux_echecs", telephone=PHONE), options=yes_no(turn)))


async def lost(turn: Turn) -> Outcome:
    """No rule for this turn: the question that was asked, if any, else other words please. Then wait: the turn is over."""
    if turn.state.status is not None:
        outcome = await status.ask(turn)
    elif turn.state.draft is not None:
        outcome = await qualification.ask(turn)
    else:
        outcome = await ask_again(turn)
    return replace(outcome, events=(*outcome.events, WAIT))


async def nothing_to_cancel(turn: Turn) -> Outcome:
    """ "Annuler" and nothing runs."""
    return said(Message(kind="smalltalk", text=turn.say("rien_a_annuler")))


ACTIONS = {
    "action_fallback": ask_again,
    "action_lost": lost,
    "action_out_of_scope": out_of_scope,
    "action_two_failures": lead_to_person,
    "action_nothing_to_cancel": nothing_to_cancel,
}
