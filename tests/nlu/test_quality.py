"""Floors of understanding on people not seen: well under what is measured, above what a regression would leave."""

from __future__ import annotations

import pytest
from sklearn.metrics import roc_auc_score

from nlu.training.data import OUT_OF_SCOPE, SAFETY
from tests.quality import Judged, requests, share

pytestmark = [pytest.mark.models, pytest.mark.timeout(600)]


def test_out_of_scope(judged: list[Judged]) -> None:
    seen = [j for j in judged if j.example.is_request or j.example.group == OUT_OF_SCOPE]
    foreign = [j.example.group == OUT_OF_SCOPE for j in seen]
    assert sum(foreign) > 100
    assert roc_auc_score(foreign, [j.triage.out_of_scope for j in seen]) >= 0.95


def test_entities(judged: list[Judged]) -> None:
    right = given = wanted = 0
    for j in judged:
        if "entities" in j.example.metadata:
            expected = {(k, str(v).lower()) for k, v in j.example.metadata["entities"].items()}
            found = {(k, v.lower()) for k, v in j.triage.entities.items()}
            right, given, wanted = right + len(expected & found), given + len(found), wanted + len(expected)
    assert wanted > 100
    assert 2 * right / (given + wanted) >= 0.88


def test_units(judged: list[Judged]) -> None:
    """Those that tell a unit and those that don't."""
    told = [j.triage.unite == j.example.metadata["unite"] for j in judged if "unite" in j.example.metadata]
    assert len(told) > 100
    assert share(told) >= 0.90


def test_alarms(judged: list[Judged]) -> None:
    alarms = [j.triage.decision == "safety" for j in judged if j.example.group == SAFETY and j.example.name != "none"]
    assert len(alarms) > 60
    assert share(alarms) >= 0.80


def test_ordinary_requests_give_no_alarm(judged: list[Judged]) -> None:
    ordinary = [j for j in requests(judged) if j.example.group != "souffrance_harcelement"]
    assert share([j.triage.decision == "safety" for j in ordinary]) <= 0.03


def test_requests_are_read_as_french(judged: list[Judged]) -> None:
    assert share([j.triage.language == "fr" for j in requests(judged)]) >= 0.99


def test_requests_are_no_small_talk(judged: list[Judged]) -> None:
    assert share([j.triage.decision == "smalltalk" for j in requests(judged)]) <= 0.01
