"""What the events of a ticket say of its delays: two clocks, first answer and resolution. Pure.

They run from the opening, stop while the learner is awaited, and end with the answer and the resolution. A ticket opened
again waits for an answer anew; its resolution goes on from what was worked, and the time it was over does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from api.tickets.clock import WorkingClock
from api.tickets.statuses import OVER

ClockName = Literal["answer", "resolution"]
REMINDER, ESCALATION = "reminder", "escalation"
COUNTED = frozenset(
    {"opened", "message", "status", "safety", REMINDER, ESCALATION}
)  # kinds of events that move due dates
NOTHING = timedelta(0)


class Happening(Protocol):
    """What is read of an event."""

    @property
    def kind(self) -> str: ...
    @property
    def actor(self) -> str: ...
    @property
    def data(self) -> dict[str, Any]: ...
    @property
    def at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Targets:
    """Worked time until the first answer and until the resolution; None: not fixed, no clock."""

    answer: timedelta | None
    resolution: timedelta | None


@dataclass(slots=True)
class Clock:
    """One clock. `worked`: before `since`, from which it runs (None: it does not). `told`: percentages already told.

    `overrun_at`: when the target passed, if that was before `since`.
    """

    name: ClockName
    target: timedelta | None
    working: WorkingClock
    worked: timedelta = NOTHING
    since: datetime | None = None
    ended: datetime | None = None
    overrun_at: datetime | None = None
    cycle: int = 0
    told: set[int] = field(default_factory=set)

    @property
    def running(self) -> bool:
        """It has a target, and time counts now."""
        return self.target is not None and self.since is not None

    @property
    def paused(self) -> bool:
        """It has a target that is still to be met, and time does not count now."""
        return self.target is not None and self.since is None and self.ended is None

    def due_at(self, percent: int = 100) -> datetime | None:
        """When `percent` of the target passes, or passed; None when the clock does not run."""
        if self.target is None or self.since is None:
            return None
        left = self.target * percent / 100 - self.worked
        if left < NOTHING:
            return self.overrun_at if percent == 100 and self.overrun_at else self.since
        return self.working.after(self.since, left)

    def left(self, now: datetime) -> timedelta | None:
        """Worked time left, below zero when it is late; None without a target."""
        if self.target is None:
            return None
        running = self.working.worked_between(self.since, now) if self.since else NOTHING
        return self.target - self.worked - running

    def next_reminder(self, percents: Sequence[int]) -> datetime | None:
        """When the next percentage that was not told passes, maybe already; None when there is none or it does not run."""
        untold = [p for p in percents if p > max(self.told, default=0)]
        return self.due_at(untold[0]) if untold and self.running else None

    def start(self, at: datetime) -> None:
        if self.since is None and self.ended is None:
            self.since = at

    def pause(self, at: datetime) -> None:
        if self.since is None:
            return
        due = self.due_at()
        if due is not None and due < at and self.overrun_at is None:
            self.overrun_at = due
        self.worked += self.working.worked_between(self.since, at)
        self.since = None

    def end(self, at: datetime) -> None:
        self.pause(at)
        self.ended = self.ended or at

    def resume_ended(self, at: datetime, *, anew: bool) -> None:
        self.ended, self.since = None, at
        if anew:
            self.worked, self.overrun_at, self.told, self.cycle = NOTHING, None, set(), self.cycle + 1


@dataclass(frozen=True, slots=True)
class Delays:
    """Both clocks of a ticket."""

    answer: Clock
    resolution: Clock

    @property
    def clocks(self) -> tuple[Clock, Clock]:
        """Both."""
        return self.answer, self.resolution

    @property
    def next(self) -> Clock | None:
        """The running clock that is due first."""
        running = [(due, clock) for clock in self.clocks if (due := clock.due_at()) is not None]
        return min(running, key=lambda pair: pair[0])[1] if running else None

    @property
    def waiting(self) -> Clock | None:
        """The paused clock with the least time left."""
        paused = [c for c in self.clocks if c.paused and c.target is not None]
        return min(paused, key=lambda c: (c.target or NOTHING) - c.worked) if paused else None


def delays_of(events: Iterable[Happening], targets: Targets, working: WorkingClock) -> Delays:
    """The clocks as these events (oldest first) leave them."""
    answer = Clock("answer", targets.answer, working)
    resolution = Clock("resolution", targets.resolution, working)
    delays = Delays(answer, resolution)
    for event in events:
        if event.kind == "opened":
            answer.start(event.at)
            resolution.start(event.at)
        elif event.kind == "message" and event.actor == "operator":
            answer.end(event.at)
        elif event.kind == "status":
            _moved(delays, str(event.data.get("from")), str(event.data.get("to")), event.at)
        elif event.kind in (REMINDER, ESCALATION):
            _told(delays, event.data)
    return delays


def _moved(delays: Delays, before: str, after: str, at: datetime) -> None:
    if after in OVER:
        for clock in delays.clocks:
            clock.end(at)
    elif after == "en_attente":
        for clock in delays.clocks:
            clock.pause(at)
    elif before in OVER:
        delays.answer.resume_ended(at, anew=True)
        delays.resolution.resume_ended(at, anew=False)
    else:
        for clock in delays.clocks:
            clock.start(at)


def _told(delays: Delays, data: dict[str, Any]) -> None:
    for clock in delays.clocks:
        if (clock.name, clock.cycle) == (data.get("clock"), data.get("cycle")):
            clock.told.add(int(data.get("percent", 0)))
