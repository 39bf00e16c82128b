"""The recap before sending: confirm, correct, send."""

from __future__ import annotations

from api.conversations.memory import transcript
from api.conversations.messages import Line, Message
from api.dialogue.actions.buttons import button
from api.dialogue.actions.correcting import apply
from api.dialogue.turn import DONE, TAKEN, Outcome, Turn, said
from api.tickets.measured_delays import measured_delay
from api.tickets.service import TicketDraft, open_ticket, ticket_view
from knowledge import qualification
from knowledge.corrections import edited_line, find_correction
from knowledge.qualification import Draft
from nlu.dialogue_acts import performs
from nlu.personal_data import mask


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
    """What the person says of the recap: yes (the form ends and the request is sent), what to correct, or a remark."""
    line = edited_line(turn.text, draft, turn.catalogue)
    if line is not None:
        return apply(turn, draft, *line)
    if performs(turn.text, "affirm"):
        return Outcome(events=(TAKEN, DONE))
    found = find_correction(turn.text, draft, turn.catalogue)
    if found is not None:
        return apply(turn, draft, *found)
    if turn.state.correcting:
        turn.state.correcting = False
        if turn.triage.act in ("skip", "deny"):
            return Outcome(events=(TAKEN,))
        return Outcome((Message(kind="smalltalk", text=turn.say("correction_introuvable")),), (TAKEN,))
    if turn.triage.act in ("deny", "correct"):
        turn.state.correcting = True  # the form then asks what is to be changed
        return Outcome(events=(TAKEN,))
    if turn.triage.act == "skip":
        return Outcome((Message(kind="smalltalk", text=turn.say("recapitulatif_attente")),), (TAKEN,))
    turn.keep(qualification.absorb(draft, turn.triage.entities, catalogue=turn.catalogue, text=turn.text))
    key = "question_pour_equipe" if "?" in turn.text else "precision_notee"
    return Outcome((Message(kind="smalltalk", text=turn.say(key)),), (TAKEN,))


async def send_request(turn: Turn) -> Outcome:
    """Open the ticket of the draft: once, whatever is sent twice."""
    draft = turn.draft
    if draft is None:
        return said(Message(kind="smalltalk", text=turn.say("rien_a_envoyer")))
    ticket = await open_ticket(session=turn.session, draft=await _ticket_draft(turn, draft), catalogue=turn.catalogue)
    turn.remember_person(draft)
    turn.keep(None)
    state = turn.state
    state.origin, state.correcting, state.last = None, False, None
    state.ticket, state.sent = ticket.reference, state.turn
    text = turn.say("ticket_ouvert", equipe=turn.team(draft.service_type), reference=ticket.reference)
    follow_up = f"/assistant/suivi/{ticket.reference}"
    delay = await measured_delay(session=turn.session, replies=turn.replies, team=ticket.team)
    return said(Message(kind="ticket", text=text, ticket=ticket_view(ticket), follow_up=follow_up, delay=delay))


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
