"""The decision rule: thresholds, their order, and monotony."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.policy import EVIDENCE, Evidence, Policy

SURE = Evidence(0.95, 0.9, 0.99, 0.9, 0.9, 0.99, 0.9, 0.9, 0.0)
ZEROS = (0.0,) * len(EVIDENCE)


def weights(name: str, weight: float = 1.0, bias: float = 0.0) -> tuple[float, ...]:
    return (*(weight if n == name else 0.0 for n in EVIDENCE), bias)


POLICY = Policy(
    answer_weights=weights("p1"),
    choices_weights=weights("p3"),
    scope_weights=weights("in_scope", -1.0),
    answer_threshold=0.8,
    choices_threshold=0.6,
    out_of_scope_threshold=0.5,
    aside_threshold=0.6,
    type_threshold=0.4,
)
SHARES = st.floats(0, 1)


def test_a_logistic_on_log_odds_of_one_evidence_is_that_evidence() -> None:
    assert POLICY.answer_precision(SURE) == pytest.approx(0.95, abs=1e-6)
    assert POLICY.choices_precision(SURE) == pytest.approx(0.99, abs=1e-6)
    assert POLICY.out_of_scope(SURE) == pytest.approx(0.01, abs=1e-6)


def test_the_vector_follows_the_names() -> None:
    for rank, name in enumerate(EVIDENCE[:-1]):
        changed = replace(SURE, **{name: 0.5})
        assert changed.vector()[rank] == pytest.approx(0.0)
    assert replace(SURE, length=1.5).vector()[-1] == 1.5
    assert len(SURE.vector()) == len(EVIDENCE)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_certain_evidence_stays_finite(value: float) -> None:
    evidence = Evidence(value, value, value, value, value, value, value, value, 0.0)
    assert 0 <= POLICY.answer_precision(evidence) <= 1
    assert abs(evidence.vector()).max() < 10


@pytest.mark.parametrize(
    ("changes", "type_probability", "decision"),
    [
        ({}, 0.9, "answer"),
        ({"in_scope": 0.49}, 0.9, "out_of_scope"),
        ({"p1": 0.79}, 0.9, "choices"),
        ({"p1": 0.79, "general": 0.4}, 0.9, "qualify"),
        ({"p1": 0.79, "p3": 0.5}, 0.9, "qualify"),
        ({"p1": 0.79, "p3": 0.5}, 0.39, "handoff"),
        ({"p1": 0.81, "p3": 0.0}, 0.0, "answer"),
    ],
)
def test_each_threshold(changes: dict[str, float], type_probability: float, decision: str) -> None:
    assert POLICY.decide(replace(SURE, **changes), type_probability, aside=0.1) == decision


def test_a_turn_that_asks_for_nothing_has_no_answer() -> None:
    assert POLICY.decide(SURE, 0.9, aside=0.6) == "handoff"
    assert POLICY.decide(SURE, 0.9, aside=0.59) == "answer"


@given(SHARES, SHARES)
def test_surer_evidence_never_lowers_the_precision(low: float, high: float) -> None:
    low, high = sorted((low, high))
    assert POLICY.answer_precision(replace(SURE, p1=low)) <= POLICY.answer_precision(replace(SURE, p1=high))
    assert POLICY.out_of_scope(replace(SURE, in_scope=high)) <= POLICY.out_of_scope(replace(SURE, in_scope=low))


@given(SHARES, SHARES, SHARES, SHARES)
def test_a_higher_threshold_only_takes_answers_away(p1: float, p3: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    evidence = replace(SURE, p1=p1, p3=p3)
    strict, open_ = replace(POLICY, answer_threshold=high), replace(POLICY, answer_threshold=low)
    if strict.decide(evidence, 0.9, aside=0.1) == "answer":
        assert open_.decide(evidence, 0.9, aside=0.1) == "answer"


@given(SHARES, SHARES, SHARES)
def test_a_surer_type_never_sends_to_handoff(p3: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    evidence = replace(SURE, p1=0.1, p3=p3)
    if POLICY.decide(evidence, low, aside=0.1) == "qualify":
        assert POLICY.decide(evidence, high, aside=0.1) == "qualify"


def test_thresholds_above_one_answer_nothing() -> None:
    closed = Policy((*ZEROS, 0.0), (*ZEROS, 0.0), (*ZEROS, 0.0), 1.01, 1.01, 1.01, 1.01, 1.01)
    assert closed.decide(SURE, 1.0, aside=0.0) == "handoff"


def test_saved_and_read_again(tmp_path: Path) -> None:
    POLICY.save(tmp_path)
    assert Policy.load(tmp_path) == POLICY
