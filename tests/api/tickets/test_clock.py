"""The clock of working hours against a slow, obvious one that walks minute by minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from api.tickets.clock import NeverOpen, WorkingClock
from knowledge.opening_hours import OpeningHours, Period, load_hours, school_holidays

PARIS = ZoneInfo("Europe/Paris")
MINUTE = timedelta(minutes=1)
CLOCK = WorkingClock(load_hours())


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@cache
def public_holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))


def is_worked(clock: WorkingClock, minute: datetime) -> bool:
    """What a person would say, looking at the wall: nothing of the clock is used but its content."""
    local = minute.astimezone(clock.hours.zone)
    day, wall = local.date(), local.time()
    if day in clock.hours.closed_on or day in public_holidays(clock.hours.country, day.year):
        return False
    if clock.school_zone and day in school_holidays(clock.school_zone, day.year):
        return False
    return any(
        day.month in p.months and day.weekday() in p.days and p.opens <= wall < p.closes for p in clock.hours.periods
    )


def slow_worked(clock: WorkingClock, a: datetime, b: datetime) -> timedelta:
    minutes = int((b - a) / MINUTE)
    return sum(is_worked(clock, a + n * MINUTE) for n in range(minutes)) * MINUTE


def slow_due(clock: WorkingClock, start: datetime, minutes: int, *, within: int) -> datetime | None:
    now, left = start, minutes
    for _ in range(within):
        if left == 0:
            return now
        left -= is_worked(clock, now)
        now += MINUTE
    return now if left == 0 else None


# Around the two changes of hour of 2026, the turn of the year, and any moment: whole minutes, in UTC.
MOMENTS = st.one_of(
    st.sampled_from([datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 10, 23, tzinfo=UTC), datetime(2026, 12, 30, tzinfo=UTC)]),
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 1)).map(lambda d: d.replace(tzinfo=UTC)),  # noqa: DTZ001
).flatmap(lambda d: st.integers(0, 3 * 24 * 60).map(lambda m: d.replace(second=0, microsecond=0) + m * MINUTE))  # fmt: skip
# Walls that exist once on every day: none between two and three in the morning. Spans over that hour are drawn.
WALLS = st.integers(0, 23).filter(lambda hour: hour != 2).flatmap(
    lambda hour: st.sampled_from([0, 30]).map(lambda minute: time(hour, minute))
)  # fmt: skip


@st.composite
def clocks(draw: st.DrawFn) -> WorkingClock:
    """A week drawn at random: one or two openings a day, nights and Sundays included, holidays, a zone of schools or none."""
    walls = sorted(draw(st.lists(WALLS, min_size=2, max_size=4, unique=True)))
    pairs = list(zip(walls[::2], walls[1::2], strict=False))
    days = draw(st.frozensets(st.integers(0, 6), min_size=1))
    periods = tuple(Period(frozenset(range(1, 13)), days, opens, closes) for opens, closes in pairs)
    closed = draw(st.frozensets(st.dates(date(2026, 3, 1), date(2026, 11, 30)), max_size=5))
    hours = replace(load_hours(), periods=periods, closed_on=closed, country=draw(st.sampled_from(["FR", "DE"])))
    return WorkingClock(hours, draw(st.sampled_from([None, "A", "C"])))


@settings(max_examples=60, deadline=None)
@given(clocks(), MOMENTS, st.integers(0, 6 * 24 * 60))
@example(CLOCK, datetime(2026, 3, 27, 12, tzinfo=UTC), 4 * 24 * 60)
@example(CLOCK, datetime(2026, 10, 23, 12, tzinfo=UTC), 4 * 24 * 60)
def test_worked_between_is_what_the_wall_says(clock: WorkingClock, a: datetime, minutes: int) -> None:
    b = a + minutes * MINUTE
    assert clock.worked_between(a, b) == slow_worked(clock, a, b)


@settings(max_examples=60, deadline=None)
@given(clocks(), MOMENTS, st.integers(0, 30 * 60))
@example(CLOCK, datetime(2026, 3, 27, 16, tzinfo=UTC), 19 * 60)
def test_due_is_the_first_instant_when_enough_was_worked(clock: WorkingClock, start: datetime, minutes: int) -> None:
    expected = slow_due(clock, start, minutes, within=6 * 24 * 60)
    assume(expected is not None)
    assert clock.due(start, minutes / 60) == expected


@settings(max_examples=80, deadline=None)
@given(clocks(), MOMENTS, st.timedeltas(timedelta(microseconds=1), timedelta(hours=20)))
def test_due_and_worked_between_undo_each_other(clock: WorkingClock, start: datetime, worked: timedelta) -> None:
    due = clock.after(start, worked)
    assert clock.worked_between(start, due) == worked
    assert clock.worked_between(start, due - timedelta(microseconds=1)) < worked


@settings(max_examples=100, deadline=None)
@given(clocks(), MOMENTS, st.integers(0, 20_000), st.integers(0, 20_000))
def test_time_adds_up(clock: WorkingClock, a: datetime, one: int, two: int) -> None:
    b, c = a + one * MINUTE, a + (one + two) * MINUTE
    assert clock.worked_between(a, b) + clock.worked_between(b, c) == clock.worked_between(a, c)
    assert clock.worked_between(b, a) == timedelta(0)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-23T08:30", 1, "2026-11-23T09:30"),
        ("2026-11-23T08:00", 1, "2026-11-23T09:30"),  # before the opening
        ("2026-11-23T17:30", 1, "2026-11-24T09:00"),
        ("2026-11-20T18:00", 1, "2026-11-23T09:30"),  # the closing minute is closed; a week-end follows
        ("2026-11-20T17:00", 1, "2026-11-20T18:00"),  # at the very closing, not the day after
        ("2026-11-23T10:00", 19, "2026-11-25T10:00"),  # two days
        ("2026-11-10T10:00", 9.5, "2026-11-12T10:00"),  # 11 November
        ("2026-03-27T17:00", 2, "2026-03-30T09:30"),  # summer time began on Sunday
        ("2026-10-23T17:30", 2, "2026-10-26T09:30"),  # and ended; 18 h 30 until October
        ("2026-12-24T17:00", 2, "2026-12-28T09:30"),
        ("2026-11-23T10:00", 0, "2026-11-23T10:00"),
        ("2026-11-21T10:00", 0, "2026-11-21T10:00"),
    ],
)
def test_due_dates_that_a_person_checks(start: str, hours: float, due: str) -> None:
    assert CLOCK.due(paris(start), hours) == paris(due).astimezone(UTC)


def test_the_zone_in_which_an_instant_is_written_changes_nothing() -> None:
    start = paris("2026-11-23T17:30")
    assert {CLOCK.due(start.astimezone(z), 1) for z in (UTC, ZoneInfo("Indian/Reunion"))} == {CLOCK.due(start, 1)}


def test_a_night_that_changes_its_hour() -> None:
    """Open all Sunday, 0 h to 23 h: 22 hours in March, 24 in October."""
    period = Period(frozenset(range(1, 13)), frozenset({6}), time(0), time(23))
    clock = WorkingClock(replace(load_hours(), periods=(period,)))
    assert clock.worked_between(paris("2026-03-29T00:00"), paris("2026-03-30T00:00")) == timedelta(hours=22)
    assert clock.worked_between(paris("2026-10-25T00:00"), paris("2026-10-26T00:00")) == timedelta(hours=24)


def test_school_holidays_stop_it_in_their_zone_only() -> None:
    start = paris("2027-02-12T17:00")  # zone A is on holiday from the 13th to the 28th
    assert WorkingClock(CLOCK.hours, "A").due(start, 2) == paris("2027-03-01T09:30").astimezone(UTC)
    assert WorkingClock(CLOCK.hours, "B").due(start, 2) == paris("2027-02-15T09:30").astimezone(UTC)
    with pytest.raises(ValueError, match="zone inconnue"):
        WorkingClock(CLOCK.hours, "D").due(start, 2)


def test_regional_holidays() -> None:
    alsace = WorkingClock(replace(CLOCK.hours, country="FR-57"))
    assert alsace.due(paris("2025-12-25T10:00"), 1) == paris("2025-12-29T09:30").astimezone(UTC)  # the 26th too
    assert CLOCK.due(paris("2025-12-25T10:00"), 1) == paris("2025-12-26T09:30").astimezone(UTC)


def test_what_never_opens_is_said() -> None:
    holiday = replace(CLOCK.hours, periods=())
    with pytest.raises(NeverOpen):
        WorkingClock(holiday).due(paris("2026-11-23T10:00"), 1)
    assert WorkingClock(holiday).worked_between(paris("2026-11-23T10:00"), paris("2026-11-24T10:00")) == timedelta(0)
    assert isinstance(holiday, OpeningHours)
