"""The two clocks of a ticket, from its events: pauses, changes of hour, reopening, reminders."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.tickets.clock import WorkingClock
from api.tickets.delays import Delays, Targets, delays_of
from api.tickets.statuses import OPEN, OVER, next_statuses
from knowledge.opening_hours import load_hours
from tests.api.tickets.test_clock import paris

WORKING = WorkingClock(load_hours())
TWO_DAYS = timedelta(hours=19)
MONDAY = "2026-11-23T10:00"


@dataclass
class Event:
    kind: str
    at: datetime
    actor: str = "operator"
    data: dict[str, Any] = field(default_factory=dict)


def moved(at: str, before: str, after: str) -> Event:
    return Event("status", paris(at), data={"from": before, "to": after})


def delays(*events: Event, answer: timedelta | None = TWO_DAYS, resolution: timedelta | None = None) -> Delays:
    opened = Event("opened", paris(MONDAY), "learner")
    return delays_of([opened, *events], Targets(answer, resolution), WORKING)


def test_without_a_target_there_is_no_clock() -> None:
    found = delays(answer=None)
    assert found.next is None
    assert found.waiting is None
    assert found.answer.left(paris("2026-11-24T10:00")) is None


def test_it_runs_from_the_opening() -> None:
    found = delays()
    assert found.next is found.answer
    assert found.answer.due_at() == paris("2026-11-25T10:00")
    assert found.answer.left(paris("2026-11-23T11:30")) == timedelta(hours=17.5)
    assert found.answer.left(paris("2026-11-25T12:00")) == timedelta(hours=-2)


def test_the_wait_for_the_learner_does_not_count() -> None:
    """Five hours worked, then a wait over the week-end: fourteen are left."""
    wait = moved("2026-11-23T15:00", "nouveau", "en_attente")
    found = delays(wait)
    assert found.next is None
    assert found.waiting is found.answer
    assert found.answer.left(paris("2026-12-24T10:00")) == timedelta(hours=14)
    back = delays(wait, moved("2026-11-30T09:00", "en_attente", "assigne"))
    assert back.answer.due_at() == paris("2026-12-01T13:30")


def test_an_answer_ends_the_first_clock_and_not_the_second() -> None:
    found = delays(Event("message", paris("2026-11-23T12:00")), resolution=TWO_DAYS)
    assert found.answer.ended == paris("2026-11-23T12:00")
    assert found.next is found.resolution
    over = delays(Event("message", paris("2026-11-23T12:00")), moved("2026-11-24T09:00", "assigne", "resolu"))
    assert over.next is None
    assert over.waiting is None


@pytest.mark.parametrize("kind", ["note", "rating", "reminder"])
def test_notes_and_others_answer_nothing(kind: str) -> None:
    assert delays(Event(kind, paris("2026-11-23T12:00"))).answer.running


def test_what_the_learner_writes_is_not_an_answer() -> None:
    assert delays(Event("message", paris("2026-11-23T12:00"), "learner")).answer.running


def test_opened_again_the_answer_is_awaited_anew_and_the_resolution_goes_on() -> None:
    """Resolved after four hours, opened again a week later: an answer in two days, a resolution in fifteen hours."""
    found = delays(
        Event("message", paris("2026-11-23T12:00")),
        moved("2026-11-23T14:00", "assigne", "resolu"),
        moved("2026-11-30T10:00", "resolu", "rouvert"),
        resolution=TWO_DAYS,
    )
    assert found.answer.due_at() == paris("2026-12-02T10:00")
    assert found.resolution.due_at() == paris("2026-12-01T15:30")
    assert found.next is found.resolution


def test_late_before_a_wait_is_late_since_then() -> None:
    found = delays(
        moved("2026-11-25T12:00", "assigne", "en_attente"), moved("2026-11-27T09:00", "en_attente", "assigne")
    )
    assert found.answer.due_at() == paris("2026-11-25T10:00")
    assert found.answer.left(paris("2026-11-27T10:00")) == timedelta(hours=-3)


def test_reminders_come_once_each_and_again_when_the_answer_is_awaited_anew() -> None:
    percents = (75, 100)
    assert delays().answer.next_reminder(percents) == paris("2026-11-24T14:45")
    told = Event("reminder", paris("2026-11-24T14:46"), "system", {"clock": "answer", "percent": 75, "cycle": 0})
    assert delays(told).answer.next_reminder(percents) == paris("2026-11-25T10:00")
    last = Event("escalation", paris("2026-11-25T10:01"), "system", {"clock": "answer", "percent": 100, "cycle": 0})
    assert delays(told, last).answer.next_reminder(percents) is None
    again = (moved("2026-11-25T11:00", "assigne", "resolu"), moved("2026-11-26T10:00", "resolu", "rouvert"))
    assert delays(told, last, *again).answer.next_reminder(percents) == paris("2026-11-27T14:45")


def test_told_late_only_the_last_counts() -> None:
    """The worker was away: at 100 % nobody wants to be told of 75 %."""
    told = Event("escalation", paris("2026-11-26T10:00"), "system", {"clock": "answer", "percent": 100, "cycle": 0})
    assert delays(told).answer.next_reminder((75, 100)) is None


@st.composite
def lives(draw: st.DrawFn) -> list[tuple[datetime, str, str]]:
    """Moves that the table of statuses allows, minutes or days apart."""
    at, status, moves = datetime(2026, 3, 25, 9, tzinfo=UTC), "nouveau", []
    for _ in range(draw(st.integers(0, 8))):
        at += timedelta(minutes=draw(st.integers(1, 5 * 24 * 60)))
        after = draw(st.sampled_from(next_statuses(status)))
        moves.append((at, status, after))
        status = after
    return moves


@settings(max_examples=150, deadline=None)
@given(lives(), st.integers(0, 5 * 24 * 60))
def test_the_resolution_counts_exactly_the_worked_time_that_was_theirs(
    moves: list[tuple[datetime, str, str]], minutes: int
) -> None:
    """Against the plain sum of the spans that were open and not awaited."""
    opened = datetime(2026, 3, 25, 9, tzinfo=UTC)
    events = [Event("opened", opened), *(Event("status", at, data={"from": b, "to": a}) for at, b, a in moves)]
    now = (moves[-1][0] if moves else opened) + timedelta(minutes=minutes)
    target = timedelta(hours=1000)
    found = delays_of(events, Targets(None, target), WORKING).resolution
    expected, status, since = timedelta(0), "nouveau", opened
    for at, _, after in [*moves, (now, "", "")]:
        if status in OPEN and status != "en_attente":
            expected += WORKING.worked_between(since, at)
        status, since = after, at
    assert found.left(now) == target - expected
    final = moves[-1][2] if moves else "nouveau"
    assert found.running == (final in OPEN and final != "en_attente")
    assert (found.ended is not None) == (final in OVER)
