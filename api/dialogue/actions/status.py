"""Where is my request: its reference and the contact given with it."""

from __future__ import annotations

from api.conversations.messages import Message
from api.db.models import Ticket
from api.dialogue.actions.buttons import yes_no
from api.dialogue.references import find_reference, find_shape
from api.dialogue.turn import DONE, PHONE, TAKEN, Outcome, Turn, said
from api.tickets.measured_delays import AWAITED, measured_delay
from api.tickets.service import find_ticket, ticket_view

EXAMPLE = "K7M4-2PQX"
REFUSALS = 2  # unreadable answers before the way out
LOST_REFERENCE = "Suivi d'une demande dont la référence est perdue"


async def take_answer(turn: Turn) -> Outcome:
    """The form's turn: the reference first, then the contact; what was already said is not asked."""
    beginning = turn.state.status is None
    search = turn.state.status = turn.state.status or {}
    if not beginning and turn.form.answer is None:
        return Outcome(events=() if turn.form.requested else (TAKEN,))
    wanted = "contact" if "reference" in search else "reference"
    reference = find_reference(turn.text) or (turn.state.ticket if beginning else None)
    if reference is not None:
        search["reference"] = reference
    if await _is_complete(turn, search):
        return Outcome(events=(TAKEN, DONE))
    if beginning and reference is None and find_shape(turn.text):
        return _unreadable(turn, search, wanted)
    if beginning or (reference is not None and wanted == "reference"):
        return Outcome(events=(TAKEN,))
    if wanted == "reference" and turn.gives_contact:
        return Outcome((Message(kind="smalltalk", text=turn.say("contact_note")),), (TAKEN,))
    return _unreadable(turn, search, wanted)


async def _is_complete(turn: Turn, search: dict[str, str]) -> bool:
    """A contact said before, for something else, may not be that of the ticket: then it is asked."""
    if "reference" not in search or turn.state.contact is None:
        return False
    return turn.gives_contact or await _find(turn, search["reference"]) is not None


def _unreadable(turn: Turn, search: dict[str, str], wanted: str) -> Outcome:
    search["refusals"] = str(int(search.get("refusals", "0")) + 1)
    if turn.triage.act in ("skip", "deny") or int(search["refusals"]) > REFUSALS:
        search["lost"] = wanted
        return Outcome(events=(TAKEN, DONE))
    key = f"suivi_{wanted}_illisible"
    if wanted == "reference" and find_shape(turn.text):
        key = "suivi_reference_fausse"
    elif wanted == "reference" and turn.triage.act == "ticket_status":
        key = "suivi_reference_a_donner"
    text = turn.replies.say(key, turn=int(search["refusals"]) - 1)
    return Outcome((Message(kind="smalltalk", text=text),), (TAKEN,))


async def ask(turn: Turn) -> Outcome:
    """The reference, then the contact."""
    if "reference" in (turn.state.status or {}):
        return said(Message(kind="question", text=turn.say("suivi_contact"), asks="contact"))
    return said(Message(kind="question", text=turn.say("suivi_reference", exemple=EXAMPLE), asks="reference"))


async def show(turn: Turn) -> Outcome:
    """The ticket, or one and the same sentence whether the reference is unknown or the contact another."""
    search, turn.state.status = turn.state.status or {}, None
    if "lost" in search:
        return said(_way_out(turn, search["lost"]))
    ticket = await _find(turn, search.get("reference", ""))
    if ticket is None:
        return said(Message(kind="handoff", text=_then_resume(turn, turn.say("suivi_introuvable", telephone=PHONE))))
    key = f"etat_{ticket.status}"
    text = turn.say(
        "suivi_trouve",
        reference=ticket.reference,
        sujet=ticket.subject,
        equipe=turn.team(ticket.service_type),
        etat=turn.say(key if key in turn.replies.variants else "etat_inconnu"),
    )
    delay = None
    if ticket.status in AWAITED:
        delay = await measured_delay(session=turn.session, replies=turn.replies, team=ticket.team)
    return said(Message(kind="ticket", text=_then_resume(turn, text), ticket=ticket_view(ticket), delay=delay))


async def cancel(turn: Turn) -> Outcome:
    """The search is dropped."""
    turn.state.status = None
    if turn.state.draft is not None:
        return said(Message(kind="smalltalk", text=turn.say("demande_reprise")))
    return said(Message(kind="smalltalk", text=turn.say("suivi_abandonne")))


def _way_out(turn: Turn, lost: str) -> Message:
    """Without a reference or a contact nothing can be shown: a person can look."""
    text = turn.say(f"suivi_sans_{lost}", telephone=PHONE)
    if turn.state.draft is not None:
        return Message(kind="handoff", text=_then_resume(turn, text))
    turn.state.expecting = "offer"
    turn.state.last = {"text": LOST_REFERENCE, "service_type": None}
    return Message(kind="handoff", text=f"{text} {turn.say('suivi_transmettre')}", options=yes_no(turn))


def _then_resume(turn: Turn, text: str) -> str:
    return text if turn.state.draft is None else f"{text} {turn.say('demande_reprise')}"


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
