"""An answer to the request form: taken, refused, passed, or a correction of another answer."""

from __future__ import annotations

import re
from dataclasses import replace

from api.conversations.messages import Message
from api.dialogue.actions.correcting import correct, wants_to_correct
from api.dialogue.actions.recap import read_recap
from api.dialogue.asides import aside
from api.dialogue.turn import DONE, PHONE, TAKEN, Outcome, Turn
from knowledge import qualification
from knowledge.answers import asks_yes_no
from knowledge.qualification import Draft, FieldValue
from knowledge.service_types import Field

REFUSALS = 2
ASIDES = 3
_AROUND_CONTACT = re.compile(
    r"\[(?:COURRIEL|TÉLÉPHONE)\]|\b(?:mon|ma|mes|adresse|e-?mails?|courriel|t[ée]l[ée]phone|t[ée]l|num[ée]ro|num|portable|contact|mobile"
    r"|c'est|est|voici|voil[àa]|et|ou|au|à|le|la|par|c)\b|[\s,;:.'()/-]+",
    re.IGNORECASE,
)
_MASK = re.compile(r"\[(?:COURRIEL|TÉLÉPHONE)\]")


async def take_answer(turn: Turn) -> Outcome:
    """The form's turn. Without an answer: it begins (ask), or it is interrupted or comes back (touch nothing)."""
    draft = turn.draft
    if draft is None:
        return Outcome(events=(TAKEN, DONE))
    if turn.form.answer is None:
        return Outcome(events=() if turn.form.requested else (TAKEN,))
    turn.state.turn += 1
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
    return _refuse(turn, draft, field, filled.message)


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
    draft = replace(draft, fields={**draft.fields, "contact": FieldValue(turn.typed_contact, "said")})
    turn.keep(draft)
    rest = _MASK.sub(" ", turn.text).strip(" ,;:.-") if _AROUND_CONTACT.sub("", turn.text) else ""
    filled = qualification.fill(draft, field.id, rest, catalogue=turn.catalogue) if rest else None
    if isinstance(filled, Draft):
        turn.keep(filled)
        turn.state.refusals = 0
        return Outcome(events=(TAKEN,))
    return Outcome((Message(kind="smalltalk", text=turn.say("contact_note")),), (TAKEN,))


def _passes_with_no(field: Field) -> bool:
    return field.kind not in ("choix", "contact") and not asks_yes_no(field)


ACTIONS = {"validate_qualification_form": take_answer}
