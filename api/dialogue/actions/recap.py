"""The recap before sending: confirm, correct, send."""

from __future__ import annotations

from dataclasses import replace

from api.conversations.memory import transcript
from api.conversations.messages import Line, Message
from api.dialogue.actions.buttons import button
from api.dialogue.turn import Outcome, Turn, said, slot
from api.tickets.service import TicketDraft, open_ticket, ticket_view
from knowledge import qualification
from knowledge.qualification import Draft
from nlu.personal_data import mask

TAKEN = slot("answer", None)
DONE = slot("requested_slot", None)


def show_recap(turn: Turn, draft: Draft) -> Message:
    """What will be sent, line by line; masked, since Rasa keeps it (`reveal` shows the learner their contact)."""
    missing = turn.say("non_fourni")
    lines = [
        Line(field=f, label=label, value=mask(v).text or missing)
        for f, label, v in qualification.summary(draft, turn.catalogue)
    ]
    head = turn.say("recapitulatif", equipe=turn.team(draft.service_type))
    text = "\n".join([head, *(f"- {line.label} : {line.value}" for line in lines)])
    options = [button(turn, "bouton_envoyer"), button(turn, "bouton_modifier"), button(turn, "bouton_annuler")]
    return Message(kind="summary", text=text, lines=lines, options=options)


def read_recap(turn: Turn, draft: Draft) -> Outcome:
    """What the person says of the recap: yes (the form ends and the request is sent), or what to correct."""
    if turn.triage.act == "affirm":
        return Outcome(events=(TAKEN, DONE))
    found = qualification.find_correction(turn.text, draft, turn.catalogue)
    if found is not None:
        return _correct(turn, draft, *found)
    key = "correction_introuvable" if turn.state.correcting else "corriger_quoi"
    turn.state.correcting = True
    return Outcome((Message(kind="smalltalk", text=turn.say(key)),), (TAKEN,))


async def send_request(turn: Turn) -> Outcome:
    """Open the ticket of the draft: once, whatever is sent twice."""
    draft = turn.draft
    if draft is None:
        return said(Message(kind="smalltalk", text=turn.say("rien_a_envoyer")))
    ticket = await open_ticket(session=turn.session, draft=await _ticket_draft(turn, draft), catalogue=turn.catalogue)
    turn.keep(None)
    turn.state.origin, turn.state.correcting, turn.state.last = None, False, None
    text = turn.say("ticket_ouvert", equipe=turn.team(draft.service_type), reference=ticket.reference)
    return said(Message(kind="ticket", text=text, ticket=ticket_view(ticket)))


def _correct(turn: Turn, draft: Draft, field: str, value: str | None) -> Outcome:
    turn.state.correcting = False
    if field == "contact" and turn.typed_contact != turn.text:
        value = turn.typed_contact
    filled = None if value is None else qualification.fill(draft, field, value, catalogue=turn.catalogue)
    if isinstance(filled, Draft):
        turn.keep(filled)
        return Outcome((Message(kind="smalltalk", text=turn.say("correction_faite")),), (TAKEN,))
    # The field alone: forget its value, so that the form asks it again.
    fields = {name: kept for name, kept in draft.fields.items() if name != field}
    turn.keep(replace(draft, fields=fields, asked=None))
    return Outcome((Message(kind="smalltalk", text=turn.say("correction_question")),), (TAKEN,))


async def _ticket_draft(turn: Turn, draft: Draft) -> TicketDraft:
    service_type = turn.catalogue.types[draft.service_type]
    return TicketDraft(
        draft_key=draft.key,
        channel="chat",
        service_type=draft.service_type,
        unit=qualification.unit_of(draft, turn.catalogue),
        subject=service_type.label,
        fields={name: {"value": kept.value, "origin": kept.origin} for name, kept in draft.fields.items()},
        transcript=await transcript(session=turn.session, conversation_id=turn.conversation_id),
        triage=turn.state.origin or {},
        contact_email=turn.state.email,
        contact_phone=turn.state.phone,
        conversation_id=turn.conversation_id,
    )


ACTIONS = {"action_open_ticket": send_request}
