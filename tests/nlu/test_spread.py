"""Vectors spread apart: of length 1, further from each other than before, the same after being kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlu.spread import Spread

RANDOM = np.random.default_rng(0)
CONE = RANDOM.normal(size=(200, 16)).astype(np.float32) * 0.2 + 1
CONE /= np.linalg.norm(CONE, axis=1, keepdims=True)


def test_a_cone_opens() -> None:
    apart = Spread.fit(CONE).apply(CONE)
    np.testing.assert_allclose(np.linalg.norm(apart, axis=1), 1, atol=1e-5)
    assert (CONE @ CONE.T).mean() > 0.9
    assert abs((apart @ apart.T).mean()) < 0.1


def test_neighbours_stay_neighbours() -> None:
    spread = Spread.fit(CONE)
    near = CONE + RANDOM.normal(size=CONE.shape).astype(np.float32) * 0.005
    nearest = (spread.apply(near) @ spread.apply(CONE).T).argmax(axis=1)
    assert (nearest == np.arange(len(CONE))).mean() > 0.95


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_texts_are_enough(count: int) -> None:
    assert np.isfinite(Spread.fit(CONE[:count]).apply(CONE)).all()


def test_kept_and_read_again(tmp_path: Path) -> None:
    spread = Spread.fit(CONE)
    spread.save(tmp_path)
    np.testing.assert_allclose(Spread.load(tmp_path).apply(CONE), spread.apply(CONE), atol=1e-6)
