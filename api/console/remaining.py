"""How much time is left, in plain words: what is due first, the date, and the worked time to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from api.db.models import Ticket
from api.tickets.due import DelayDesk, delay_desk
from api.tickets.statuses import OVER
from knowledge.opening_hours import say_day, say_time

WHAT = {"answer": "première réponse", "resolution": "résolution", "needed_by": "date de la personne"}
NOT_FIXED = "à fixer"
SOON = timedelta(hours=4)
LONG_AGO = timedelta(days=30)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Remaining:
    """`label` says it all alone; `detail` adds the date. `tone`: late, soon, or nothing."""

    label: str
    detail: str | None = None
    tone: str = ""


def remaining(ticket: Ticket, now: datetime, desk: DelayDesk | None = None) -> Remaining:
    """The time left of a ticket, in hours of work."""
    desk = desk or delay_desk()
    if ticket.status in OVER:
        return Remaining("terminé")
    if ticket.due_at is not None:
        return _running(ticket, ticket.due_at, now, desk)
    if ticket.clock == "paused" and ticket.left_s is not None:
        left = timedelta(seconds=ticket.left_s)
        rest = f"il restera {worked_words(left)}" if left > timedelta(0) else "le délai était dépassé"
        return Remaining("en pause", f"la personne doit répondre ; {rest}")
    if ticket.clock == "met":
        return Remaining("réponse donnée")
    return Remaining(NOT_FIXED, "pas de délai pour ce service")


def _running(ticket: Ticket, due: datetime, now: datetime, desk: DelayDesk) -> Remaining:
    working = desk.working(ticket.team)
    what = WHAT.get(ticket.due_kind or "", "délai")
    local = due.astimezone(desk.hours.zone)
    day = f"{say_day(local)}, {say_time(local)}"
    if now - due > LONG_AGO:  # counting the hours of months tells nobody more
        return Remaining(f"en retard depuis le {say_day(local)} {local.year}", what, "late")
    if due <= now:
        late = working.worked_between(due, now)
        return Remaining(
            f"en retard de {worked_words(late)}" if late >= MINUTE else "en retard", f"{what} : {day}", "late"
        )
    left = working.worked_between(now, due)
    return Remaining(f"il reste {worked_words(left)}", f"{what} avant le {day}", "soon" if left <= SOON else "")


def worked_words(span: timedelta) -> str:
    """Worked time: "45 min", "3 h 20", "26 h". Hours of work, not days: a day of work has not 24."""
    minutes = max(1, round(span / MINUTE))
    if minutes < 60:
        return f"{minutes} min de travail"
    hours, left = divmod(minutes, 60)
    if hours >= 10 or not left:
        return f"{round(minutes / 60)} h de travail"
    return f"{hours} h {left:02d} de travail"
