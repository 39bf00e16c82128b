"""What an advisor sees of the exchange of a ticket: messages, notes, events, e-mails; and the forms to answer."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from api.db.models import Mail, Rating, Ticket, TicketEvent, TicketMessage
from api.tickets.delays import ESCALATION, REMINDER
from api.tickets.life import QUIET, version_in
from api.tickets.statuses import LABELS, PRIORITIES, next_statuses

WHO = {"learner": "L'usager", "operator": "Un membre du personnel", "system": "Le service"}
MAIL_KINDS = {"confirmation": "Confirmation", "reply": "Réponse", "reminder": "Rappel", "resolved": "Demande résolue"}
MAIL_STATES = {
    "queued": "en file", "planned": "prévu", "sent": "envoyé", "dropped": "annulé", "refused": "refusé",
    "failed": "abandonné",
}  # fmt: skip
REASONS = {
    "injoignable": "le serveur d'envoi ne répond pas",
    "certificat": "le certificat du serveur d'envoi n'est pas reconnu",
    "non_pris_en_charge": "le serveur d'envoi ne sait pas faire ce qui est demandé",
    "adresse_illisible": "l'adresse ne peut pas recevoir de courriel",
    "sans_adresse": "plus d'adresse connue",
    "arret_demande": "la personne ne veut plus de courriels",
    "plus_en_attente": "la demande n'attend plus de réponse",
    "adresse": "l'adresse est refusée par le serveur",
    "contenu": "le message est refusé par le serveur",
    "compte": "le compte d'envoi est refusé par le serveur",
    "serveur": "le serveur d'envoi refuse",
}
EVENTS = {"opened": "a ouvert la demande", "safety": "a relevé un signal de sécurité", "rating": "a donné son avis"}
CLOCKS = {"answer": "première réponse", "resolution": "résolution"}
Then = Literal["", "resolu", "en_attente"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the history. `text` is None for an event; `new`: it came while the advisor was writing."""

    id: str
    at: datetime
    who: str
    what: str
    text: str | None = None
    note: bool = False
    new: bool = False


@dataclass(frozen=True, slots=True)
class MailLine:
    """An e-mail of the ticket. `again`: it can be sent again."""

    id: str
    kind: str
    state: str
    reason: str | None
    at: datetime
    again: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Writing:
    """What was typed and not kept: it stays in its box."""

    answer: str = ""
    note: str = ""
    answer_error: str | None = None
    note_error: str | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """The exchange and its forms. `version` is what was seen; `answer_id` and `note_id` make each form sent once."""

    entries: tuple[Entry, ...]
    version: int
    answer_id: str
    note_id: str
    can_answer: bool
    can_resolve: bool
    can_wait: bool
    mails: tuple[MailLine, ...]
    mails_stopped: bool
    mails_configured: bool
    rating: str | None
    writing: Writing = Writing()


def exchange_of(
    ticket: Ticket,
    *,
    events: Sequence[TicketEvent],
    messages: Sequence[TicketMessage],
    names: Mapping[uuid.UUID, str],
    mails: Sequence[Mail],
    mails_stopped: bool,
    mails_configured: bool,
    rating: Rating | None,
    seen: int | None = None,
    writing: Writing | None = None,
) -> Exchange:
    """The exchange; what came after the event `seen` is marked new."""
    texts = {m.id: m for m in messages}
    version = version_in(events)
    after = seen if seen is not None else (events[-1].id if events else 0)
    return Exchange(
        entries=tuple(_entry(e, texts, names, new=e.id > after and e.kind not in QUIET) for e in events),
        version=version,
        answer_id=str(uuid.uuid4()),
        note_id=str(uuid.uuid4()),
        can_answer=ticket.status != "clos",
        can_resolve="resolu" in next_statuses(ticket.status),
        can_wait="en_attente" in (*next_statuses(ticket.status), ticket.status),
        mails=tuple(mail_line(m) for m in mails),
        mails_stopped=mails_stopped,
        mails_configured=mails_configured,
        rating=f"{rating.rating} sur 5{f' : « {rating.word} »' if rating.word else ''}" if rating else None,
        writing=writing or Writing(),
    )


def mail_line(mail: Mail, reference: str = "") -> MailLine:
    """An e-mail in words."""
    planned = mail.state == "queued" and mail.due_at > datetime.now(mail.due_at.tzinfo)
    again = mail.state in ("refused", "failed")
    state = MAIL_STATES["planned" if planned else mail.state]
    at = mail.sent_at or mail.due_at
    return MailLine(str(mail.id), MAIL_KINDS[mail.kind], state, reason_words(mail.reason), at, again, reference)


def reason_words(reason: str | None) -> str | None:
    """Why an e-mail did not leave: `adresse_550` is its words and the code of the server."""
    if reason is None:
        return None
    if reason in REASONS:
        return REASONS[reason]
    name, _, code = reason.rpartition("_")
    return f"{REASONS.get(name, reason)} ({code})"


def delay_words(data: Mapping[str, Any]) -> str:
    """What a reminder says."""
    if "clock" not in data:
        return "vous est confiée : la personne qui s'en occupait est absente"
    what = CLOCKS.get(str(data.get("clock")), "délai")
    percent = int(data.get("percent", 0))
    if percent >= 100:
        return f"le délai de {what} est dépassé"
    return f"{percent} % du délai de {what} est passé"


def _assigned_words(event: TicketEvent, names: Mapping[uuid.UUID, str]) -> str:
    """Who has it now, and why."""
    to = event.data.get("to")
    why = f" ({event.why})" if event.why else ""
    if to is None:
        return f"a rendu la demande à l'équipe{why}"
    if event.operator_id is not None and str(event.operator_id) == to:
        return f"s'en occupe{why}"
    return f"a confié la demande à {names.get(uuid.UUID(str(to)), WHO['operator'].lower())}{why}"


def _priority_words(data: Mapping[str, Any]) -> str:
    """« avant vendredi » : Urgent."""
    after = PRIORITIES.get(int(data.get("to", -1)), "?")
    changed = f" : priorité {after}" if data.get("from") != data.get("to") else ""
    return f"a relevé « {data.get('said', '')} »{changed}"


def _entry(
    event: TicketEvent, texts: Mapping[int, TicketMessage], names: Mapping[uuid.UUID, str], *, new: bool
) -> Entry:
    who = names.get(event.operator_id, WHO["operator"]) if event.operator_id else WHO.get(event.actor, event.actor)
    anchor = f"e{event.id}"
    if event.kind in ("message", "note"):
        said = texts.get(int(event.data.get("message_id", 0)))
        note = event.kind == "note"
        what = "note interne" if note else "message"
        return Entry(anchor, event.at, who, what, said.text if said else "", note=note, new=new)
    if event.kind in (REMINDER, ESCALATION):
        return Entry(anchor, event.at, who, f"rappel : {delay_words(event.data)}", new=new)
    if event.kind == "priority":
        return Entry(anchor, event.at, who, _priority_words(event.data), new=new)
    if event.kind == "assigned":
        return Entry(anchor, event.at, who, _assigned_words(event, names), new=new)
    if event.kind == "status":
        before, after = (LABELS.get(str(event.data.get(k)), "?") for k in ("from", "to"))
        what = f"{before} → {after}{f' ({event.why})' if event.why else ''}"
    else:
        what = EVENTS.get(event.kind, event.kind)
    return Entry(anchor, event.at, who, what, new=new)
