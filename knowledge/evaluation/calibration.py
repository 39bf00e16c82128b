"""Whether a probability means what it says: reliability diagram and expected calibration error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.evaluation.intervals import resampled
from knowledge.evaluation.judging import Judged

BINS = 10
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def calibration(judged: Sequence[Judged]) -> dict[str, Any]:
    """Of the service type's probability on requests, and of the best article's on those that an article answers."""
    requests = [j for j in judged if j.example.is_request and j.triage.request_types]
    answerable = [j for j in requests if j.example.article and j.triage.articles]
    return {
        "service_types": diagram(
            [j.triage.request_types[0].score for j in requests],
            [j.triage.service_type == j.example.service_type for j in requests],
        ),
        "articles": diagram(
            [j.triage.articles[0].score for j in answerable],
            [j.triage.article in j.example.accepted_articles for j in answerable],
        ),
    }


def diagram(scores: Sequence[float], right: Sequence[bool]) -> dict[str, Any]:
    """The expected calibration error on ten bins of equal width, and each bin that holds messages."""
    confidence, hits = np.asarray(scores, dtype=float), np.asarray(right, dtype=bool)
    bucket = np.minimum((confidence * BINS).astype(int), BINS - 1)
    rows = [
        {
            "confidence": round(float(confidence[bucket == b].mean()), 4),
            "accuracy": round(float(hits[bucket == b].mean()), 4),
            "n": int((bucket == b).sum()),
        }
        for b in range(BINS)
        if (bucket == b).any()
    ]
    error = resampled(lambda chosen: _error(confidence[chosen], hits[chosen], bucket[chosen]), len(hits))
    return {"expected_calibration_error": error, "reliability": rows}


def _error(confidence: Floats, hits: Bools, bucket: npt.NDArray[np.int_]) -> float:
    gaps = np.bincount(bucket, weights=confidence - hits, minlength=BINS)
    return float(np.abs(gaps).sum() / len(hits))
