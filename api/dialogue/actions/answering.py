"""An answer to the request form: taken, refused, passed, or a correction of another answer."""

from __future__ import annotations

from dataclasses import replace

from api.conversations.messages import Message
from api.dialogue.actions.correcting import correct, wants_to_correct
from api.dialogue.actions.recap import read_recap
from api.dialogue.asides import aside
from api.dialogue.cues import AROUND_CONTACT
from api.dialogue.turn import DONE, PHONE, TAKEN, Outcome, Turn
from knowledge import qualification
from knowledge.answers import asks_yes_no, choices_said
from knowledge.qualification import Draft, FieldValue
from knowledge.service_types import Field

REFUSALS = 2
ASIDES = 3


async def take_answer(turn: Turn) -> Outcome:
    """The form's turn. Without an answer: it begins (ask), or it is interrupted or comes back (touch nothing)."""
    draft = turn.draft
    if draft is None:
        return Outcome(events=(TAKEN, DONE))
    if turn.form.answer is None:
        return Outcome(events=() if turn.form.requested else (TAKEN,))
    turn.state.turn += 1
    if turn.state.expecting == "safety" and (soft := _after_safety(turn, draft)) is not None:
        return soft
    name = qualification.next_field(draft, turn.catalogue)
    if name is None:
        return read_recap(turn, draft)
    field = turn.catalogue.fields[name]
    if (turn.state.correcting or wants_to_correct(turn)) and (corrected := correct(turn, draft, field)) is not None:
        return corrected
    if turn.gives_contact and field.kind != "contact":
        return _contact_elsewhere(turn, draft, field)
    if turn.triage.act == "skip" or (turn.triage.act == "deny" and _passes_with_no(field)):
        return _skip(turn, draft, field)
    said_beside = aside(turn.text)
    if said_beside == "why":
        return _refuse(turn, draft, field, turn.say("pourquoi_question", equipe=turn.team(draft.service_type)), ASIDES)
    if said_beside == "lost":
        return _refuse(turn, draft, field, turn.say("aide_question"), ASIDES)
    return _fill(turn, draft, field, turn.text)


def _after_safety(turn: Turn, draft: Draft) -> Outcome | None:
    """The first words after a safety message, when they answer it and not the question that was asked before it."""
    turn.state.expecting = "none"
    if turn.gives_contact:
        turn.keep(replace(draft, fields={**draft.fields, "contact": FieldValue(turn.typed_contact, "said")}))
        return Outcome((Message(kind="safety", text=turn.say("securite_contact_recu")),), (TAKEN,))
    if turn.triage.act in ("affirm", "deny", "skip"):
        return Outcome((Message(kind="smalltalk", text=turn.say("securite_reprise")),), (TAKEN,))
    return None


def _fill(turn: Turn, draft: Draft, field: Field, text: str) -> Outcome:
    if field.kind == "identifiant" and "[INE]" in text and (ine := turn.state.known.get("identifiant")):
        turn.keep(replace(draft, fields={**draft.fields, field.id: FieldValue(ine, "said")}, asked=None))
        return Outcome(events=(TAKEN,))
    typed = turn.typed_contact if field.kind == "contact" else text
    filled = qualification.fill(draft, field.id, typed, catalogue=turn.catalogue)
    if isinstance(filled, Draft):
        turn.keep(qualification.absorb(filled, turn.triage.entities, catalogue=turn.catalogue, text=turn.text))
        turn.state.refusals = 0
        return Outcome(events=(TAKEN,))
    if (late := _late_answer(turn, draft)) is not None:
        return late
    return _refuse(turn, draft, field, filled.message)


def _late_answer(turn: Turn, draft: Draft) -> Outcome | None:
    """Who is writing, said one question too late."""
    who = turn.catalogue.fields["demandeur"]
    passed = draft.fields.get(who.id)
    said_who = choices_said(who, turn.text) if passed is not None and not passed.value else []
    if len(said_who) != 1:
        return None
    turn.keep(replace(draft, fields={**draft.fields, who.id: FieldValue(said_who[0], "said")}))
    return Outcome((Message(kind="smalltalk", text=turn.say("reponse_notee")),), (TAKEN,))


def _refuse(turn: Turn, draft: Draft, field: Field, why: str, most: int = REFUSALS) -> Outcome:
    """The first time, say why; the time `most`, pass the question, or say what can be done without it."""
    if turn.state.refusals + 1 >= most:
        return _skip(turn, draft, field)
    turn.state.refusals += 1
    return Outcome((Message(kind="smalltalk", text=why),), (TAKEN,))


def _skip(turn: Turn, draft: Draft, field: Field) -> Outcome:
    if not field.optional:
        turn.state.refusals += 1
        key = "question_obligatoire" if turn.state.refusals < REFUSALS else "contact_indispensable"
        values = {} if key == "question_obligatoire" else {"telephone": PHONE}
        return Outcome((Message(kind="smalltalk", text=turn.say(key, **values)),), (TAKEN,))
    turn.keep(qualification.skip(draft, field.id))
    turn.state.refusals = 0
    return Outcome((Message(kind="smalltalk", text=turn.say("question_passee")),), (TAKEN,))


def _contact_elsewhere(turn: Turn, draft: Draft, field: Field) -> Outcome:
    """The contact came with, or in place of, another answer: keep it, and take what is left of the message, if anything."""
    every = ", ".join(filter(None, (turn.state.email, turn.state.phone)))
    draft = replace(draft, fields={**draft.fields, "contact": FieldValue(every, "said")})
    turn.keep(draft)
    rest = AROUND_CONTACT.sub(" ", turn.text).strip(" ,;:.-")
    filled = qualification.fill(draft, field.id, rest, catalogue=turn.catalogue) if rest else None
    if isinstance(filled, Draft):
        turn.keep(filled)
        turn.state.refusals = 0
        return Outcome(events=(TAKEN,))
    return Outcome((Message(kind="smalltalk", text=turn.say("contact_note")),), (TAKEN,))


def _passes_with_no(field: Field) -> bool:
    return field.kind not in ("choix", "contact") and not asks_yes_no(field)


ACTIONS = {"validate_qualification_form": take_answer}
