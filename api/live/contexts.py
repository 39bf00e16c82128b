"""What the agents' page shows, as values."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.console.contexts import AUTHORS, SAFETY, Option, Who
from api.db.models import AgentPresence, Handover, Message, SafetyAlarm
from api.live.desk import LiveDesk
from api.live.learners import is_typing
from knowledge.articles import Article
from knowledge.service_types import Catalogue

SUGGESTIONS = 3
END_REASONS = {
    "hand_back": "rendue à l'assistant",
    "to_ticket": "transformée en demande",
    "close": "terminée",
    "leave": "quittée par la personne",
    "forget": "quittée par la personne",
    "nobody_left": "sans conseiller disponible",
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """A safety alarm."""

    id: int
    label: str
    excerpt: str
    reference: str
    at: datetime
    reachable: bool


@dataclass(frozen=True, slots=True)
class Presence:
    """What this agent said of themselves."""

    online: bool
    name: str
    teams: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class InQueue:
    """Somebody who waits."""

    id: int
    minutes: int
    subject: str
    team: str
    back: bool
    here: bool


@dataclass(frozen=True, slots=True)
class Mine:
    """A conversation of this agent."""

    id: int
    subject: str
    here: bool
    typing: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A message of the transcript."""

    id: int
    author: str
    kind: str  # learner | assistant | operator | notice
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An article that may answer."""

    id: str
    question: str
    answer: str
    year: int | None


@dataclass(frozen=True, slots=True)
class Talk:
    """The conversation that is open on the page. `mine` is what may be written to."""

    id: int
    mine: bool
    waiting: bool
    status: str
    learner: str
    lines: tuple[Line, ...]
    email: str | None
    phone: str | None
    kinds: tuple[tuple[str, int], ...]  # (service type, percentage)
    facts: tuple[tuple[str, str], ...]
    suggestions: tuple[Suggestion, ...]
    colleagues: tuple[Option, ...]
    teams: tuple[Option, ...]
    service_types: tuple[Option, ...]
    draft: str
    message_id: str


@dataclass(frozen=True, slots=True)
class LivePage:
    """The agents' page. `talk` is None when no conversation is open."""

    who: Who
    alarms: tuple[Alarm, ...]
    presence: Presence
    open_now: bool
    hours: str
    queue: tuple[InQueue, ...]
    mine: tuple[Mine, ...]
    talk: Talk | None
    heartbeat_ms: int
    notice: str | None = None
    error: str | None = None


def alarm_of(kept: SafetyAlarm) -> Alarm:
    """An alarm as the page shows it."""
    label = SAFETY.get(kept.label, kept.label)
    return Alarm(kept.id, label, kept.excerpt, kept.reference, kept.raised_at, kept.conversation_id is not None)


def presence_of(kept: AgentPresence | None, name: str, catalogue: Catalogue, online: bool) -> Presence:
    """The form of the presence; a first name is proposed."""
    team = kept.team if kept else "crc"
    teams = tuple(Option(t.id, t.label, t.id == team) for t in catalogue.teams.values())
    return Presence(online, kept.name if kept else name.split(" ")[0], teams)


def in_queue(waiting: Handover, live: LiveDesk, catalogue: Catalogue) -> InQueue:
    """A line of the queue."""
    minutes = max(0, int((live.now - waiting.queued_at).total_seconds() // 60))
    team = catalogue.teams.get(waiting.team)
    label = team.label if team else waiting.team
    return InQueue(
        waiting.id, minutes, subject_of(waiting, catalogue), label, waiting.priority == 0, is_here(waiting, live)
    )


def mine_of(taken: Handover, live: LiveDesk, catalogue: Catalogue, opened: int | None) -> Mine:
    """A line of the agent's conversations."""
    writing = is_typing(taken.learner_typing_at, live.now)
    return Mine(taken.id, subject_of(taken, catalogue), is_here(taken, live), writing, taken.id == opened)


def subject_of(handover: Handover, catalogue: Catalogue) -> str:
    """What it seems to be about."""
    scored = (handover.triage or {}).get("request_types") or ()
    kind = catalogue.types.get(str(scored[0]["id"])) if scored else None
    return kind.label if kind else "Sujet à préciser"


def is_here(handover: Handover, live: LiveDesk) -> bool:
    """True when the learner's page was heard of lately."""
    return live.now - handover.learner_seen_at < live.learner_gone_after


def learner_line(handover: Handover, live: LiveDesk) -> str:
    """What the agent is told of the learner, or of the end."""
    if handover.status in ("bot", "ended"):
        return f"Cette discussion est {END_REASONS.get(handover.end_reason or '', 'terminée')}."
    if not is_here(handover, live):
        return "La personne n'est plus sur la page. Vos messages l'attendent si elle revient."
    return "La personne écrit…" if is_typing(handover.learner_typing_at, live.now) else "La personne est là."


def line_of(message: Message) -> Line:
    """A message of the transcript."""
    kind, author = message.author, AUTHORS.get(message.author, message.author)
    if message.payload.get("live") and message.author == "assistant":
        kind, author = "notice", "Information donnée à la personne"
    elif message.author == "operator":
        author = str(message.payload.get("name") or author)
    return Line(message.id, author, kind, message.text, message.created_at)


def kinds_of(triage: dict[str, Any], catalogue: Catalogue) -> tuple[tuple[str, int], ...]:
    """The service types that were understood, with their probabilities."""
    scored = (triage.get("request_types") or ())[:SUGGESTIONS]
    types = catalogue.types
    return tuple((types[s["id"]].label, round(100 * float(s["score"]))) for s in scored if s["id"] in types)


def facts_of(triage: dict[str, Any], catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    """What was spotted in the text."""
    entities: dict[str, Any] = triage.get("entities") or {}
    fields = catalogue.fields
    return tuple((fields[n].label if n in fields else n, str(v)) for n, v in entities.items())


def suggestions_of(triage: dict[str, Any], articles: dict[str, Article]) -> tuple[Suggestion, ...]:
    """The articles nearest to what the learner says."""
    ids = [str(s["id"]) for s in triage.get("articles") or ()]
    return tuple(suggestion(articles[i]) for i in ids if i in articles)[:SUGGESTIONS]


def suggestion(article: Article) -> Suggestion:
    """An article, with the year of its latest source."""
    year = max((s.year for s in article.sources), default=None)
    return Suggestion(article.id, article.question, article.answer, year)


def colleagues_of(there: list[AgentPresence], me: uuid.UUID) -> tuple[Option, ...]:
    """The other agents who are online."""
    return tuple(Option(str(p.operator_id), p.name, False) for p in there if p.operator_id != me)
