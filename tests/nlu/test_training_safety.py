"""Thresholds of the safety detector: as many alarms heard as the limits on innocent messages allow."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.training.safety import INNOCENT_ALARMS, ORDINARY_ALARMS, Readings, thresholds

LIMITS = {"ordinary": ORDINARY_ALARMS, "innocent": INNOCENT_ALARMS}
KINDS = np.array(["alarm"] * 100 + ["ordinary"] * 400 + ["innocent"] * 100)


def readings(seed: int, alarms: float) -> Readings:
    random = np.random.default_rng(seed)
    grave = KINDS == "alarm"
    whole = np.clip(random.beta(2, 8, len(KINDS)) + grave * alarms * random.random(len(KINDS)), 0, 1)
    part = np.where(random.random(len(KINDS)) < 0.5, np.clip(whole + random.normal(0, 0.1, len(KINDS)), 0, 1), 0.0)
    return Readings(whole, part, KINDS)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 50), st.floats(0.1, 0.9))
def test_no_limit_is_passed(seed: int, alarms: float) -> None:
    read = readings(seed, alarms)
    whole, part = thresholds(read)
    raised = (read.whole >= whole) | (read.part >= part)
    for kind, limit in LIMITS.items():
        assert raised[read.kinds == kind].mean() <= limit


def test_alarms_that_stand_apart_are_all_heard() -> None:
    read = Readings(np.where(KINDS == "alarm", 0.9, 0.1), np.zeros(len(KINDS)), KINDS)
    assert (read.whole >= thresholds(read)[0])[KINDS == "alarm"].all()


def test_a_grave_part_counts_where_the_whole_is_quiet() -> None:
    read = Readings(np.full(len(KINDS), 0.2), np.where(KINDS == "alarm", 0.9, 0.0), KINDS)
    whole, part = thresholds(read)
    assert part <= 0.9
    assert whole > 0.2


def test_of_equal_pairs_the_calmest_is_chosen() -> None:
    read = Readings(np.where(KINDS == "alarm", 0.9, 0.1), np.where(KINDS == "alarm", 0.9, 0.1), KINDS)
    assert thresholds(read)[0] > 1
