"""Durations summed up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds: median and 95th percentile of `n` operations; `per_second` is operations done over time elapsed."""

    n: int
    p50: float
    p95: float
    per_second: float

    def to_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)


def timings(milliseconds: Sequence[float], elapsed_s: float | None = None) -> Timings:
    """Sum up durations. Without `elapsed_s` the operations came one after the other and nothing else did."""
    if not milliseconds:
        return Timings(0, math.nan, math.nan, math.nan)
    ordered = sorted(milliseconds)
    elapsed = sum(ordered) / 1000 if elapsed_s is None else elapsed_s
    return Timings(len(ordered), _percentile(ordered, 50), _percentile(ordered, 95), len(ordered) / elapsed)


def _percentile(ordered: Sequence[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, math.ceil(len(ordered) * percent / 100) - 1)]
