"""Sentence vectors spread apart: they lie in a narrow cone, where everything is near everything."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Spread:
    """Directions that all texts share are shortened: half of a whitening (Su et al., 2021), fitted on the texts learnt from.

    `mean` (d,), `projection` (d × d).
    """

    mean: Floats
    projection: Floats

    @classmethod
    def fit(cls, vectors: Floats) -> Self:
        """From vectors of shape (n, d)."""
        mean = vectors.mean(axis=0)
        variance, directions = np.linalg.eigh((vectors - mean).T @ (vectors - mean) / len(vectors))
        variance = np.maximum(variance, 0)
        return cls(
            mean, np.ascontiguousarray(directions * (variance + variance.mean() + 1e-9) ** -0.25, dtype=np.float32)
        )

    def apply(self, vectors: Floats) -> Floats:
        """Vectors of length 1, shape kept."""
        spread = (vectors - self.mean) @ self.projection
        lengths = np.linalg.norm(spread, axis=1, keepdims=True)
        return np.ascontiguousarray(spread / np.maximum(lengths, 1e-9), dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write `spread.npz`."""
        np.savez(folder / "spread.npz", mean=self.mean, projection=self.projection)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        with np.load(folder / "spread.npz") as arrays:
            return cls(arrays["mean"], arrays["projection"])
