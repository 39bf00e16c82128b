"""What answering costs: precision and coverage of the answers given, and the risk–coverage curve with the chosen point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from knowledge.evaluation.intervals import share
from knowledge.evaluation.judging import Judged
from knowledge.evaluation.verdicts import is_foreign

POINTS = 120  # of the curve that is kept
FEWEST = 10  # answers, under which an error rate says nothing


def answers(judged: Sequence[Judged]) -> dict[str, Any]:
    """`precision`: the article answered is right and no person was needed; `coverage`: of the requests an article answers."""
    requests = [j for j in judged if j.example.is_request]
    answered = [j for j in requests if j.triage.decision == "answer"]
    offered = [j for j in requests if j.triage.decision == "choices"]
    foreign = [j for j in judged if is_foreign(j.example)]
    return {
        "precision": share([right(j) for j in answered]),
        "coverage": share([j.triage.decision == "answer" for j in requests if j.example.article]),
        "choices_precision": share([_among(j) for j in offered]),
        "choices_share": share([j.triage.decision == "choices" for j in requests]),
        "foreign_answered": share([j.triage.decision == "answer" for j in foreign]),
        "requests_refused": share([j.triage.decision == "out_of_scope" for j in requests]),
    }


def curve(judged: Sequence[Judged], scores: Sequence[float]) -> dict[str, Any]:
    """Share of wrong answers by share of requests answered, surest first, and the point that the product chose.

    `scores`: of each message, what the decision rule cuts (`answer_scores`).
    """
    pairs = [(s, j) for s, j in zip(scores, judged, strict=True) if j.example.is_request]
    if not pairs:
        return {"points": [], "chosen": None}
    pairs.sort(key=lambda pair: -pair[0])
    wrong = np.cumsum([not right(j) for _, j in pairs])
    counts = np.arange(1, len(pairs) + 1)
    kept = np.unique(np.linspace(min(FEWEST, len(pairs)), len(pairs), POINTS).astype(int)) - 1
    points = [{"coverage": _round(counts[i] / len(pairs)), "risk": _round(wrong[i] / counts[i])} for i in kept]
    return {"points": points, "chosen": _chosen([j for _, j in pairs])}


def right(j: Judged) -> bool:
    """The best article answers the message."""
    return j.example.article is not None and j.triage.article in j.example.accepted_articles


def _chosen(requests: Sequence[Judged]) -> dict[str, float] | None:
    answered = [right(j) for j in requests if j.triage.decision == "answer"]
    if not answered:
        return None
    return {"coverage": _round(len(answered) / len(requests)), "risk": _round(1 - float(np.mean(answered)))}


def _among(j: Judged) -> bool:
    return bool(j.example.accepted_articles & {a.id for a in j.triage.articles[:3]})


def _round(value: float) -> float:
    return round(float(value), 4)
