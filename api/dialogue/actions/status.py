"""Where is my request: its reference and the contact given with it."""

from __future__ import annotations

from api.conversations.messages import Message
from api.db.models import Ticket
from api.dialogue.references import find_reference
from api.dialogue.turn import PHONE, Outcome, Turn, said, slot
from api.tickets.service import find_ticket, ticket_view

TAKEN = slot("answer", None)
DONE = slot("requested_slot", None)
EXAMPLE = "K7M4-2PQX"


async def take_answer(turn: Turn) -> Outcome:
    """The form's turn: the reference first, then the contact; what was already said is not asked."""
    beginning = turn.state.status is None
    search = turn.state.status = turn.state.status or {}
    if not beginning and turn.form.answer is None:
        return Outcome(events=() if turn.form.requested else (TAKEN,))
    wanted = "contact" if "reference" in search else "reference"
    if (reference := find_reference(turn.text)) is not None:
        search["reference"] = reference
    if "reference" in search and turn.state.contact:
        return Outcome(events=(TAKEN, DONE))
    understood = wanted == "reference" and "reference" in search
    if beginning or understood:
        return Outcome(events=(TAKEN,))
    return Outcome((Message(kind="smalltalk", text=turn.say(f"suivi_{wanted}_illisible")),), (TAKEN,))


async def ask(turn: Turn) -> Outcome:
    """The reference, then the contact."""
    if "reference" in (turn.state.status or {}):
        return said(Message(kind="question", text=turn.say("suivi_contact"), asks="contact"))
    return said(Message(kind="question", text=turn.say("suivi_reference", exemple=EXAMPLE), asks="reference"))


async def show(turn: Turn) -> Outcome:
    """The ticket, or one and the same sentence whether the reference is unknown or the contact another."""
    search, turn.state.status = turn.state.status or {}, None
    ticket = await _find(turn, search.get("reference", ""))
    if ticket is None:
        return said(Message(kind="handoff", text=turn.say("suivi_introuvable", telephone=PHONE)))
    key = f"etat_{ticket.status}"
    text = turn.say(
        "suivi_trouve",
        reference=ticket.reference,
        sujet=ticket.subject,
        equipe=turn.team(ticket.service_type),
        etat=turn.say(key if key in turn.replies.variants else "etat_inconnu"),
    )
    return said(Message(kind="ticket", text=text, ticket=ticket_view(ticket)))


async def cancel(turn: Turn) -> Outcome:
    """The search is dropped."""
    turn.state.status = None
    return said(Message(kind="smalltalk", text=turn.say("suivi_abandonne")))


async def _find(turn: Turn, reference: str) -> Ticket | None:
    for contact in (turn.state.email, turn.state.phone):
        if contact and (ticket := await find_ticket(session=turn.session, reference=reference, contact=contact)):
            return ticket
    return None


ACTIONS = {
    "validate_status_form": take_answer,
    "action_ask_status_form_answer": ask,
    "action_show_status": show,
    "action_cancel_status": cancel,
}
