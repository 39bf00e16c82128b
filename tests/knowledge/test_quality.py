"""Floors of search and decision on people not seen."""

from __future__ import annotations

import pytest

from tests.quality import Judged, requests, share

pytestmark = [pytest.mark.models, pytest.mark.timeout(600)]


def test_articles(judged: list[Judged]) -> None:
    """Of the requests that an article answers; those that only a person can answer have none to find."""
    answerable = [j for j in requests(judged) if j.example.article]
    assert len(answerable) > 300
    accepted = [(j.example.accepted_articles, [a.id for a in j.triage.articles]) for j in answerable]
    assert share([ids[0] in right for right, ids in accepted]) >= 0.90
    assert share([bool(right & set(ids[:3])) for right, ids in accepted]) >= 0.95


def test_service_types(judged: list[Judged]) -> None:
    assert share([j.triage.service_type == j.example.service_type for j in requests(judged)]) >= 0.87


def test_an_answer_given_is_right(judged: list[Judged]) -> None:
    answered = [j for j in requests(judged) if j.triage.decision == "answer"]
    assert len(answered) > 150  # a rule that answers nothing is never wrong
    assert share([j.triage.article in j.example.accepted_articles for j in answered]) >= 0.93


def test_what_is_out_of_scope_is_rarely_answered(judged: list[Judged]) -> None:
    foreign = [j for j in judged if j.example.group == "hors_sujet"]
    assert share([j.triage.decision == "answer" for j in foreign]) <= 0.10


def test_requests_are_rarely_refused(judged: list[Judged]) -> None:
    assert share([j.triage.decision == "out_of_scope" for j in requests(judged)]) <= 0.04
