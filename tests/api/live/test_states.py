"""The life of a hand-over: every event in every status, and nothing else."""

from __future__ import annotations

import itertools

import pytest

from api.live.states import EVENTS, RUNNING, STATUSES, STEPS, Event, Status, after

ALLOWED: dict[tuple[Status, Event], Status] = {
    ("bot", "join"): "waiting",
    ("ended", "join"): "waiting",
    ("bot", "reach_out"): "with_agent",
    ("ended", "reach_out"): "with_agent",
    ("waiting", "take"): "with_agent",
    ("waiting", "nobody_left"): "bot",
    ("waiting", "forget"): "bot",
    ("waiting", "leave"): "bot",
    ("with_agent", "leave"): "bot",
    ("with_agent", "agent_lost"): "waiting",
    ("with_agent", "transfer_to_agent"): "with_agent",
    ("with_agent", "transfer_to_team"): "waiting",
    ("with_agent", "hand_back"): "bot",
    ("with_agent", "to_ticket"): "ended",
    ("with_agent", "close"): "ended",
    ("ended", "speak"): "bot",
}


@pytest.mark.parametrize(("status", "event"), itertools.product(STATUSES, EVENTS))
def test_every_event_in_every_status(status: Status, event: Event) -> None:
    assert after(status, event) == ALLOWED.get((status, event))


def test_every_event_is_described_and_only_running_ones_can_be_lost() -> None:
    assert set(STEPS) == set(EVENTS)
    assert set(RUNNING) < set(STATUSES)


@pytest.mark.parametrize("status", RUNNING)
def test_nobody_is_stuck(status: Status) -> None:
    """From each running status the learner can leave, and something happens when the other side is gone."""
    assert after(status, "leave") == "bot"
    assert after(status, "nobody_left" if status == "waiting" else "agent_lost") is not None
