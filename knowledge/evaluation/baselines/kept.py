"""Readings of the baselines, kept in a folder as long as neither the messages nor the baseline change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Literal

import orjson

from knowledge.evaluation.baselines.reading import Baseline, NotMeasured, Reading
from nlu.artifacts import digest
from nlu.training.data import Example

KEPT = Path("var/evaluation")
When = Literal["needed", "again", "kept"]


def readings(
    baseline: Baseline, training: Sequence[Example], texts: Sequence[str], *, folder: Path = KEPT, when: When = "needed"
) -> list[Reading]:
    """The texts as the baseline reads them, learnt or found in `folder`.

    `when`: "needed" computes what is not kept, "again" computes in any case, "kept" never computes.

    Raises:
        NotMeasured: the baseline can't run here, or nothing is kept and nothing may be computed.
    """
    path = folder / f"{baseline.name}-{_digest(baseline, training, texts)}.json"
    if path.exists() and when != "again":
        return [_reading(row) for row in orjson.loads(path.read_bytes())]
    if when == "kept":
        raise NotMeasured("pas encore mesuré sur ces messages (make evaluate)")
    found = baseline.read(training, texts)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps([asdict(r) for r in found]))
    return found


def _reading(row: dict[str, object]) -> Reading:
    return Reading(**{**row, "articles": tuple(row["articles"])})  # type: ignore[arg-type]


def _digest(baseline: Baseline, training: Sequence[Example], texts: Sequence[str]) -> str:
    learnt = [f"{e.group}/{e.name}\n{e.text}" for e in training]
    return digest([baseline.version, str(len(learnt)), *learnt, *texts])[:16]
