"""Messages that hold several requests, and those that hold one and must not be split."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowledge.evaluation.intervals import share
from knowledge.evaluation.judging import Judged


def several(judged: Sequence[Judged]) -> dict[str, Any]:
    """`all_found`: every request of the message; `false_splits`: a long message of one request taken for several."""
    told = [(set(j.example.metadata["request_types"]), j) for j in judged if "request_types" in j.example.metadata]
    many = [(wanted, j) for wanted, j in told if len(wanted) > 1]
    return {
        "all_found": share([wanted <= set(j.triage.all_request_types) for wanted, j in many]),
        "exactly": share([wanted == set(j.triage.all_request_types) for wanted, j in many]),
        "false_splits": share([_split(j) for wanted, j in told if len(wanted) == 1]),
        "false_splits_requests": share([_split(j) for j in judged if j.example.is_request]),
    }


def _split(j: Judged) -> bool:
    return len(j.triage.all_request_types) > 1
