"""Entities and unit, on the messages whose metadata say them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from knowledge.evaluation.intervals import Figure, resampled, share
from knowledge.evaluation.judging import Judged

_PARTS_COUNT = ("date", "formation")  # one form may hold the other: "lundi" and "lundi 3 mars"


def entities(judged: Sequence[Judged]) -> dict[str, Any]:
    """F1 over all entities and by label; accuracy of the unit where it can be told, and where it can't."""
    told = [j for j in judged if "entities" in j.example.metadata]
    labels = sorted({label for j in told for label in (*j.example.metadata["entities"], *j.triage.entities)})
    units = [j for j in judged if "unite" in j.example.metadata]
    return {
        "f1": _measured(told, labels),
        "f1_by_label": {label: _measured(told, [label]) for label in labels},
        "unit_accuracy": share([_same_unit(j) for j in units if j.example.metadata["unite"]]),
        "no_unit_accuracy": share([_same_unit(j) for j in units if not j.example.metadata["unite"]]),
    }


def _measured(told: Sequence[Judged], labels: Sequence[str]) -> Figure:
    """F1 over these labels; `n` counts the messages that have one, wanted or given."""
    counts = np.array([row for j in told if any(row := _counts(j, labels))], dtype=float).reshape(-1, 3)
    return resampled(lambda rows: _f1(*counts[rows].sum(axis=0)), len(counts))


def _counts(j: Judged, labels: Sequence[str]) -> tuple[int, int, int]:
    """Right, given and wanted entities of a message."""
    wanted = {k: str(v).lower() for k, v in j.example.metadata["entities"].items() if k in labels}
    given = {k: v.lower() for k, v in j.triage.entities.items() if k in labels}
    return sum(_same(k, wanted[k], given[k]) for k in wanted.keys() & given.keys()), len(given), len(wanted)


def _f1(right: float, given: float, wanted: float) -> float:
    return float(2 * right / (given + wanted)) if given + wanted else float("nan")


def _same(label: str, wanted: str, given: str) -> bool:
    return wanted == given or (label in _PARTS_COUNT and (wanted in given or given in wanted))


def _same_unit(j: Judged) -> bool:
    return bool(j.triage.unite == j.example.metadata["unite"])
