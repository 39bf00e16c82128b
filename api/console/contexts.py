"""What each page of the console shows, as values: built from rows and the catalogue, rendered by a template."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from api.console.exchange import Exchange
from api.console.holding import Holding, Notices
from api.console.remaining import Remaining, remaining
from api.db.models import Ticket
from api.tickets.statuses import LABELS, OPEN, PRIORITIES, STATUSES, next_statuses
from knowledge.articles import Article
from knowledge.service_types import Catalogue

ORIGINS = {"said": "dit", "deduced": "déduit", "skipped": "non fourni"}
AUTHORS = {"learner": "Apprenant", "assistant": "Assistant", "operator": "Conseiller"}
CHANNELS = {"chat": "Conversation", "mail": "Courriel", "web_form": "Formulaire", "phone": "Téléphone"}
SAFETY = {"danger": "danger", "harcelement": "harcèlement", "detresse": "détresse"}
DECISIONS = {
    "answer": "un article répondait",
    "choices": "plusieurs articles étaient possibles",
    "qualify": "la demande porte sur une situation personnelle",
    "handoff": "une personne a été demandée ou nécessaire",
    "safety": "le message fait craindre pour la sécurité de quelqu'un",
    "smalltalk": "échange courant",
    "out_of_scope": "hors des sujets connus",
}
OPEN_ONLY = "ouvertes"


@dataclass(frozen=True, slots=True)
class Who:
    """The person signed in, and the value their forms carry."""

    name: str
    role: str
    form_token: str


@dataclass(frozen=True, slots=True)
class SignInPage:
    """`then` is the page of the console to go to afterwards."""

    form_token: str
    then: str
    login: str = ""
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a list."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket in the list."""

    reference: str
    subject: str
    service_type: str
    team: str
    unit: str | None
    priority: int
    priority_label: str
    status: str
    since: datetime
    remaining: Remaining


@dataclass(frozen=True, slots=True)
class ListPage:
    """The list of tickets. `counts` is (status label, number) for the filters other than the status."""

    who: Who
    rows: tuple[Row, ...]
    counts: tuple[tuple[str, int], ...]
    statuses: tuple[Option, ...]
    teams: tuple[Option, ...]
    units: tuple[Option, ...]
    service_types: tuple[Option, ...]
    q: str
    next_page: str | None
    first_page: str | None
    notices: Notices


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field of a ticket: its label, its value and where it comes from."""

    label: str
    value: str | None
    origin: str


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the exchange."""

    author: str
    text: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Why:
    """Why the ticket went there. Each pair is (label, percentage); `facts` is (label, value)."""

    decision: str
    service_types: tuple[tuple[str, int], ...]
    articles: tuple[tuple[str, int], ...]
    safety: str | None
    facts: tuple[tuple[str, str], ...]
    routing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketPage:
    """One ticket."""

    who: Who
    row: Row
    channel: str
    updated_at: datetime
    email: str | None
    phone: str | None
    fields: tuple[FieldLine, ...]
    transcript: tuple[Said, ...]
    why: Why
    statuses: tuple[Option, ...]
    exchange: Exchange
    holding: Holding
    notice: str | None
    warning: str | None


def row_of(ticket: Ticket, catalogue: Catalogue, now: datetime | None = None) -> Row:
    """A ticket with its labels; an id that left the catalogue is shown as it is."""
    service_type = catalogue.types.get(ticket.service_type)
    team = catalogue.teams.get(ticket.team)
    return Row(
        reference=ticket.reference,
        subject=ticket.subject or "(sans objet)",
        service_type=service_type.label if service_type else ticket.service_type,
        team=team.label if team else ticket.team,
        unit=catalogue.units.get(ticket.unit, ticket.unit) if ticket.unit else None,
        priority=ticket.priority,
        priority_label=PRIORITIES.get(ticket.priority, str(ticket.priority)),
        status=LABELS.get(ticket.status, ticket.status),
        since=ticket.created_at,
        remaining=remaining(ticket, now or datetime.now(UTC)),
    )


def status_filter(chosen: str) -> tuple[str, ...]:
    """The statuses that a choice of the status list stands for; all of them for "toutes"."""
    if chosen == OPEN_ONLY:
        return OPEN
    return (chosen,) if chosen in STATUSES else ()


def status_options(chosen: str) -> tuple[Option, ...]:
    """The status list: open ones first."""
    labels = {OPEN_ONLY: "Ouvertes", "toutes": "Toutes"} | LABELS
    return tuple(Option(value, label, value == chosen) for value, label in labels.items())


def options(labels: dict[str, str], chosen: str, every: str) -> tuple[Option, ...]:
    """A list with a first choice that narrows nothing, then labels in order."""
    listed = sorted(labels.items(), key=lambda pair: pair[1].casefold())
    return (Option("", every, not chosen), *(Option(value, label, value == chosen) for value, label in listed))


def ticket_page(
    ticket: Ticket,
    *,
    who: Who,
    catalogue: Catalogue,
    articles: dict[str, Article],
    exchange: Exchange,
    holding: Holding,
    notice: str | None = None,
    warning: str | None = None,
) -> TicketPage:
    """The page of a ticket."""
    return TicketPage(
        who=who,
        row=row_of(ticket, catalogue),
        channel=CHANNELS.get(ticket.channel, ticket.channel),
        updated_at=ticket.updated_at,
        email=ticket.contact_email,
        phone=ticket.contact_phone,
        fields=tuple(_field(name, kept, catalogue) for name, kept in ticket.fields.items()),
        transcript=tuple(_said(line) for line in ticket.transcript),
        why=replace(_why(ticket.triage, catalogue, articles), routing=tuple((ticket.routing or {}).get("reasons", ()))),
        statuses=tuple(Option(s, LABELS[s], False) for s in next_statuses(ticket.status)),
        exchange=exchange,
        holding=holding,
        notice=notice,
        warning=warning,
    )


def _field(name: str, kept: dict[str, Any], catalogue: Catalogue) -> FieldLine:
    field = catalogue.fields.get(name)
    value = kept.get("value")
    shown = dict(field.choices).get(str(value), str(value)) if field else str(value)
    origin = str(kept.get("origin", ""))
    absent = value in (None, "") or origin == "skipped"
    return FieldLine(field.label if field else name, None if absent else shown, ORIGINS.get(origin, origin))


def _said(line: dict[str, Any]) -> Said:
    try:
        at = datetime.fromisoformat(str(line.get("at")))
    except ValueError:
        at = None
    author = str(line.get("author", ""))
    return Said(AUTHORS.get(author, author), str(line.get("text", "")), at)


def _why(triage: dict[str, Any], catalogue: Catalogue, articles: dict[str, Article]) -> Why:
    types = {name: kind.label for name, kind in catalogue.types.items()}
    questions = {name: article.question for name, article in articles.items()}
    safety = triage.get("safety") or {}
    label = str(safety.get("label", "none"))
    fields = {name: field.label for name, field in catalogue.fields.items()}
    entities: dict[str, Any] = triage.get("entities") or {}
    decision = str(triage.get("decision", ""))
    return Why(
        decision=DECISIONS.get(decision, decision),
        service_types=_scores(triage.get("request_types"), types),
        articles=_scores(triage.get("articles"), questions),
        safety=None if label == "none" else SAFETY.get(label, label),
        facts=tuple((fields.get(name, name), str(value)) for name, value in entities.items()),
    )


def _scores(scored: Any, labels: dict[str, str]) -> tuple[tuple[str, int], ...]:
    return tuple((labels.get(str(s["id"]), str(s["id"])), round(100 * float(s["score"]))) for s in (scored or ())[:3])
