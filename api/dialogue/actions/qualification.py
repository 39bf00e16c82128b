"""The request form: it begins, asks, takes answers, is left."""

from __future__ import annotations

from dataclasses import replace

from api.conversations.messages import Message, Option
from api.dialogue.actions.buttons import button, yes_no
from api.dialogue.actions.recap import read_recap, show_recap
from api.dialogue.turn import PHONE, Outcome, Turn, likely_type, said, slot
from knowledge import qualification
from knowledge.decisions import Context, Triage
from knowledge.qualification import Draft, FieldValue
from knowledge.service_types import Field
from knowledge.triage import triage

GENERAL_REQUEST = "contact_horaires"  # the service type of "je veux parler à une personne" and nothing else
REFUSALS = 2
TAKEN = slot("answer", None)
DONE = slot("requested_slot", None)


async def start_request(turn: Turn) -> Outcome:
    """The message needs a person: begin the request it speaks of."""
    type_id = turn.triage.service_type or GENERAL_REQUEST
    _begin(turn, type_id, turn.triage)
    return said(Message(kind="handoff", text=turn.say("demande_debut", equipe=turn.team(type_id))))


async def start_person_request(turn: Turn) -> Outcome:
    """A person is asked for: on the subject of the message, else on the latest one, else on none."""
    if (type_id := likely_type(turn.triage)) is not None:
        _begin(turn, type_id, turn.triage)
    else:
        _begin(turn, (turn.state.last or {}).get("service_type") or GENERAL_REQUEST, _latest_subject(turn))
    return said(Message(kind="handoff", text=turn.say("demande_personne", telephone=PHONE)))


async def accept_offer(turn: Turn) -> Outcome:
    """Yes to "Voulez-vous que je transmette": begin on what the person had asked."""
    last = turn.state.last or {}
    _begin(turn, last.get("service_type") or GENERAL_REQUEST, _latest_subject(turn))
    return said(Message(kind="smalltalk", text=turn.say("demande_acceptee")))


async def person_in_form(turn: Turn) -> Outcome:
    """A person is asked for while preparing a request for a person."""
    team = turn.team(turn.draft.service_type if turn.draft else None)
    return said(Message(kind="handoff", text=turn.say("personne_deja", equipe=team, telephone=PHONE)))


async def change_subject(turn: Turn) -> Outcome:
    """Another request in the middle of one: keep what serves both."""
    draft, type_id = turn.draft, turn.triage.service_type
    if draft is None or type_id is None:
        return await start_request(turn)
    draft = qualification.change_type(draft, type_id, catalogue=turn.catalogue)
    turn.keep(qualification.absorb(draft, turn.triage.entities, catalogue=turn.catalogue))
    turn.state.origin, turn.state.correcting = turn.triage.to_dict(), False
    label = turn.catalogue.types[type_id].label
    return said(Message(kind="smalltalk", text=turn.say("changement_sujet", sujet=label)))


async def cancel_request(turn: Turn) -> Outcome:
    """The request is dropped."""
    turn.keep(None)
    turn.state.origin, turn.state.correcting = None, False
    return said(Message(kind="smalltalk", text=turn.say("demande_annulee")))


async def take_answer(turn: Turn) -> Outcome:
    """The form's turn. Without an answer: it begins (ask), or it is interrupted or comes back (touch nothing)."""
    draft = turn.draft
    if draft is None:
        return Outcome(events=(TAKEN, DONE))
    if turn.form.answer is None:
        return Outcome(events=() if turn.form.requested else (TAKEN,))
    field = qualification.next_field(draft, turn.catalogue)
    if field is None:
        return read_recap(turn, draft)
    if turn.triage.act == "correct" and (correction := _correction(turn, draft)) is not None:
        return correction
    if turn.triage.act == "skip":
        return _skip(turn, draft, turn.catalogue.fields[field])
    return _fill(turn, draft, turn.catalogue.fields[field])


async def ask(turn: Turn) -> Outcome:
    """The next question, or the recap when all is asked."""
    draft = turn.draft
    if draft is None:
        return said(Message(kind="smalltalk", text=turn.say("rien_a_envoyer")))
    name = qualification.next_field(draft, turn.catalogue)
    if name is None:
        return said(show_recap(turn, draft))
    turn.keep(replace(draft, asked=name))
    field = turn.catalogue.fields[name]
    return said(Message(kind="question", text=field.question, asks=name, options=_options(turn, field)))


def _begin(turn: Turn, type_id: str, subject: Triage | None) -> None:
    turn.keep(qualification.start(type_id, triage=subject, known=turn.state.said, catalogue=turn.catalogue))
    turn.state.origin = (subject or turn.triage).to_dict()
    turn.state.refusals, turn.state.correcting, turn.state.status, turn.state.choices = 0, False, None, []


def _latest_subject(turn: Turn) -> Triage | None:
    text = (turn.state.last or {}).get("text")
    return triage(text, Context(known=turn.state.said), engine=turn.engine) if text else None


def _fill(turn: Turn, draft: Draft, field: Field) -> Outcome:
    if field.kind == "identifiant" and "[INE]" in turn.text and (ine := turn.state.known.get("identifiant")):
        turn.keep(replace(draft, fields={**draft.fields, field.id: FieldValue(ine, "said")}, asked=None))
        return Outcome(events=(TAKEN,))
    typed = turn.typed_contact if field.kind == "contact" else turn.text
    filled = qualification.fill(draft, field.id, typed, catalogue=turn.catalogue)
    if isinstance(filled, Draft):
        turn.keep(qualification.absorb(filled, turn.triage.entities, catalogue=turn.catalogue))
        turn.state.refusals = 0
        return Outcome(events=(TAKEN,))
    turn.state.refusals += 1
    if field.optional and turn.state.refusals >= REFUSALS:
        return _skip(turn, draft, field)
    return Outcome((Message(kind="smalltalk", text=filled.message),), (TAKEN,))


def _skip(turn: Turn, draft: Draft, field: Field) -> Outcome:
    if not field.optional:
        return Outcome((Message(kind="smalltalk", text=turn.say("question_obligatoire")),), (TAKEN,))
    turn.keep(qualification.skip(draft, field.id))
    turn.state.refusals = 0
    return Outcome((Message(kind="smalltalk", text=turn.say("question_passee")),), (TAKEN,))


def _correction(turn: Turn, draft: Draft) -> Outcome | None:
    found = qualification.find_correction(turn.text, draft, turn.catalogue)
    if found is None or found[1] is None:
        return None
    filled = qualification.fill(draft, found[0], found[1], catalogue=turn.catalogue)
    if not isinstance(filled, Draft):
        return None
    turn.keep(filled)
    return Outcome((Message(kind="smalltalk", text=turn.say("correction_faite")),), (TAKEN,))


def _options(turn: Turn, field: Field) -> list[Option] | None:
    options = [Option(title=label, text=label) for _, label in field.choices]
    if field.kind == "oui_non":
        options = yes_no(turn)
    if field.optional:
        options.append(button(turn, "bouton_passer"))
    return options or None


ACTIONS = {
    "action_start_request": start_request,
    "action_start_person_request": start_person_request,
    "action_accept_offer": accept_offer,
    "action_person_in_form": person_in_form,
    "action_change_subject": change_subject,
    "action_cancel_request": cancel_request,
    "validate_qualification_form": take_answer,
    "action_ask_qualification_form_answer": ask,
}
