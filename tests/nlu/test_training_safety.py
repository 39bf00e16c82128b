"""Thresholds of the safety detector: as many alarms heard as the limits on innocent messages allow."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.training.safety import (
    CONVERSATION_ALARMS,
    INNOCENT_ALARMS,
    ORDINARY_ALARMS,
    Readings,
    rarity,
    thresholds,
)

LIMITS = {"ordinary": ORDINARY_ALARMS, "innocent": INNOCENT_ALARMS, "conversation": CONVERSATION_ALARMS}


def readings(seed: int, alarms: float) -> Readings:
    random = np.random.default_rng(seed)
    kinds = np.array(["alarm"] * 200 + ["ordinary"] * 400 + ["innocent"] * 200 + ["conversation"] * 200)
    grave = kinds == "alarm"
    whole = np.clip(random.beta(2, 8, len(kinds)) + grave * alarms * random.random(len(kinds)), 0, 1)
    sentence = np.where(random.random(len(kinds)) < 0.5, np.clip(whole + random.normal(0, 0.1, len(kinds)), 0, 1), 0.0)
    return Readings(whole, sentence, kinds)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 50), st.floats(0.1, 0.9))
def test_no_limit_is_passed(seed: int, alarms: float) -> None:
    read = readings(seed, alarms)
    whole, sentence = thresholds(read)
    raised = (read.whole >= whole) | (read.sentence >= sentence)
    for kind, limit in LIMITS.items():
        assert raised[read.kinds == kind].mean() <= limit


def test_alarms_that_stand_apart_are_all_heard() -> None:
    kinds = np.array(["alarm"] * 50 + ["ordinary"] * 500 + ["innocent"] * 100 + ["conversation"] * 100)
    whole = np.where(kinds == "alarm", 0.9, 0.1)
    read = Readings(whole, np.zeros(len(kinds)), kinds)
    assert ((read.whole >= thresholds(read)[0])[kinds == "alarm"]).all()


def test_a_grave_sentence_counts_where_the_whole_is_quiet() -> None:
    kinds = np.array(["alarm"] * 50 + ["ordinary"] * 500 + ["innocent"] * 100 + ["conversation"] * 100)
    sentence = np.where(kinds == "alarm", 0.9, 0.0)
    whole, limit = thresholds(Readings(np.full(len(kinds), 0.2), sentence, kinds))
    assert limit <= 0.9
    assert whole > 0.2


def test_rare_labels_weigh_more() -> None:
    weights = rarity(["none"] * 9 + ["danger"])
    assert weights[-1] == weights[0] * 3
