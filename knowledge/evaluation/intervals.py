"""A figure with its 95 % bootstrap interval: how much it would move with other messages of the same people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

SAMPLES = 1000
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure on `n` messages, with the bounds of its 95 % interval; all None where there was nothing to measure."""

    value: float | None
    low: float | None
    high: float | None
    n: int

    @property
    def half_width(self) -> float:
        """Half of the interval: the noise of the split. 0 where there was nothing to measure."""
        return 0.0 if self.low is None or self.high is None else (self.high - self.low) / 2


NOTHING = Figure(None, None, None, 0)


def share(values: Sequence[bool] | Sequence[float] | npt.NDArray[Any]) -> Figure:
    """The mean of `values`, one a message."""
    numbers = np.asarray(values, dtype=float)
    return resampled(lambda rows: float(numbers[rows].mean()), len(numbers))


def resampled(statistic: Callable[[Indices], float], n: int, *, samples: int = SAMPLES, seed: int = 0) -> Figure:
    """`statistic` of the n messages, and the percentiles of what it is on messages drawn again with replacement.

    `statistic` takes row numbers, repeated ones included; a draw on which it is not a number is left out.
    """
    if n == 0:
        return NOTHING
    generator = np.random.default_rng(seed)
    drawn = np.array([statistic(generator.integers(0, n, n)) for _ in range(samples)])
    drawn = drawn[~np.isnan(drawn)]
    value = statistic(np.arange(n))
    if np.isnan(value) or not drawn.size:
        return Figure(None, None, None, n)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Figure(round(value, 4), round(float(low), 4), round(float(high), 4), n)
