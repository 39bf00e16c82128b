"""What makes a ticket urgent: a date that the person depends on. Read when it opens and at each of their messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache

from api.db.models import Ticket
from api.tickets.due import DelayDesk, delay_desk
from knowledge.deadlines import Deadline, DeadlineWords, day_of_field, find_deadline, load_deadline_words
from knowledge.opening_hours import say_day, say_time

URGENT, NORMAL = 1, 2
DATED_FIELDS = ("echeance", "date_souhaitee")  # what the form asks for, whose date is one that the person depends on
FAR_DAYS = 30


@dataclass(frozen=True, slots=True)
class Urgency:
    """`needed_by`: the last moment of work before it is too late. `said`: the words of the person."""

    needed_by: datetime
    priority: int
    said: str


@cache
def deadline_words() -> DeadlineWords:
    """The project's content."""
    return load_deadline_words()


def urgency_of(ticket: Ticket, now: datetime | None = None) -> Urgency | None:
    """What the subject, the fields and the exchange before the opening say; None when they say no date."""
    lines = [str(line.get("text", "")) for line in ticket.transcript if line.get("author") == "learner"]
    return _nearest([ticket.subject, *lines, *_values(ticket)], ticket, now or datetime.now(UTC), fields=True)


def urgency_in(text: str, ticket: Ticket, now: datetime | None = None) -> Urgency | None:
    """What a message adds."""
    return _nearest([text], ticket, now or datetime.now(UTC), fields=False)


def preview_urgency(text: str, team: str, now: datetime | None = None) -> str | None:
    """What these words would change, in a sentence; None when they say no date."""
    found = urgency_in(text, Ticket(team=team, fields={}), now)
    if found is None:
        return None
    local = found.needed_by.astimezone(delay_desk().hours.zone)
    urgent = " : demande urgente" if found.priority == URGENT else ""
    return f"« {found.said} », à répondre avant le {say_day(local)}, {say_time(local)}{urgent}"


def _nearest(texts: Iterable[str], ticket: Ticket, now: datetime, *, fields: bool) -> Urgency | None:
    desk, words = delay_desk(), deadline_words()
    today = now.astimezone(desk.hours.zone).date()
    found = [d for text in texts if text and (d := find_deadline(text, today, words)) is not None]
    if fields:
        for name in DATED_FIELDS:
            value, field = (ticket.fields.get(name) or {}).get("value"), desk.catalogue.fields.get(name)
            if value and field and (deadline := day_of_field(str(value), today, field.label)):
                found.append(deadline)
    if not found:
        return None
    return _urgency(min(found, key=lambda d: (d.day, d.included)), ticket, now, desk, words)


def _urgency(deadline: Deadline, ticket: Ticket, now: datetime, desk: DelayDesk, words: DeadlineWords) -> Urgency:
    needed_by = _last_moment(deadline, now, desk)
    near = desk.working(ticket.team).worked_between(now, needed_by) <= desk.rules.worked(words.urgent_hours)
    return Urgency(needed_by, URGENT if near else NORMAL, deadline.said)


def _last_moment(deadline: Deadline, now: datetime, desk: DelayDesk) -> datetime:
    """The last closing before it is too late; the end of the day itself when that has passed."""
    today = now.astimezone(desk.hours.zone).date()
    day = deadline.day if deadline.included or deadline.day == today else deadline.day - timedelta(days=1)
    for back in range(FAR_DAYS):
        openings = desk.hours.openings_of(day - timedelta(days=back))
        if openings and openings[-1][1] > now:
            return openings[-1][1].astimezone(UTC)
        if openings:
            break
    end = day + timedelta(days=1) if day >= today else deadline.day
    return max(now, datetime.combine(end, time(), desk.hours.zone)).astimezone(UTC)


def _values(ticket: Ticket) -> Iterator[str]:
    for name, kept in ticket.fields.items():
        if name not in DATED_FIELDS and kept.get("value"):
            yield str(kept["value"])
