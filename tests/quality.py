"""The messages of the splits with what the real engine makes of them, once for the whole session."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest

from knowledge.evaluation import Judged, judge
from knowledge.triage import Engine, load_engine
from nlu.artifacts import MODELS

__all__ = ["Judged", "judged_once", "real_engine", "requests", "share"]


@cache
def real_engine() -> Engine:
    """The trained engine; the test is skipped where nothing is trained, and fails on models of other content."""
    if not all((MODELS / room / "manifest.json").exists() for room in ("nlu", "knowledge")):
        pytest.skip(f"no trained model in {MODELS}: run `make train`")
    return load_engine()


@cache
def judged_once(split: str = "dev") -> list[Judged]:
    """Every message of a split triaged."""
    return judge(real_engine(), split=split)


def requests(judged: Sequence[Judged]) -> list[Judged]:
    """Those that ask for a service."""
    return [j for j in judged if j.example.is_request]


def share(values: Sequence[bool]) -> float:
    """How many are true, in [0, 1]."""
    assert values
    return sum(values) / len(values)
