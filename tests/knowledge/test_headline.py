"""The headline figures of the trained models hold: none fell by more than the noise of its split.

Recorded by `make headline`, to be run when data or models change for good.
"""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from knowledge.evaluation import split_figures
from knowledge.evaluation.headline import falls
from knowledge.evaluation.report import available_splits
from knowledge.splits import SPLITS
from tests.quality import judged_once

pytestmark = [pytest.mark.models, pytest.mark.timeout(600)]
FLOORS = Path(__file__).parents[1] / "headline.json"


@pytest.mark.parametrize("split", SPLITS)
def test_no_headline_figure_fell(split: str) -> None:
    if split not in available_splits():
        pytest.skip(f"no message in nlu/data/{split}")
    judged = judged_once(split)
    recorded = orjson.loads(FLOORS.read_bytes())
    assert split in recorded, f"no floor for {split}: run `make headline`"
    fallen = list(falls(split_figures(judged, [0.0] * len(judged), split), recorded[split]))
    assert not fallen, "\n".join(fallen)
