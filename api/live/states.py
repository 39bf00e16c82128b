"""The life of a hand-over, whole: which event leads from which status to which.

`bot` and `ended` are both ends of a hand-over, and the next wish for a person opens another one. They differ for the
learner: after `bot` the assistant answers, as it does when there never was a hand-over; `ended` says that the exchange with a
person is over, until the learner writes again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Status = Literal["bot", "waiting", "with_agent", "ended"]
Event = Literal[
    "join",  # the learner wants a person and one is there
    "take",  # an agent takes the learner from the queue
    "reach_out",  # an agent goes to a learner whose message raised an alarm
    "agent_lost",  # the agent's page is not heard of any more
    "transfer_to_agent",
    "transfer_to_team",
    "hand_back",  # the agent gives the conversation back to the assistant
    "to_ticket",  # the agent turns the conversation into a request
    "close",  # the agent ends the exchange
    "nobody_left",  # no agent of the team is there any more
    "leave",  # the learner stops waiting, or leaves the agent
    "forget",  # the learner's page is not heard of any more
    "speak",  # the learner writes after the end
]
STATUSES: tuple[Status, ...] = get_args(Status)
EVENTS: tuple[Event, ...] = get_args(Event)
RUNNING: tuple[Status, ...] = ("waiting", "with_agent")


@dataclass(frozen=True, slots=True)
class Step:
    """Where an event may come, and where it leads."""

    sources: tuple[Status, ...]
    target: Status


STEPS: dict[Event, Step] = {
    "join": Step(("bot", "ended"), "waiting"),
    "take": Step(("waiting",), "with_agent"),
    "reach_out": Step(("bot", "ended"), "with_agent"),
    "agent_lost": Step(("with_agent",), "waiting"),
    "transfer_to_agent": Step(("with_agent",), "with_agent"),
    "transfer_to_team": Step(("with_agent",), "waiting"),
    "hand_back": Step(("with_agent",), "bot"),
    "to_ticket": Step(("with_agent",), "ended"),
    "close": Step(("with_agent",), "ended"),
    "nobody_left": Step(("waiting",), "bot"),
    "leave": Step(("waiting", "with_agent"), "bot"),
    "forget": Step(("waiting",), "bot"),
    "speak": Step(("ended",), "bot"),
}


def after(status: Status, event: Event) -> Status | None:
    """The status that follows; None when the event can't happen there."""
    step = STEPS[event]
    return step.target if status in step.sources else None
