"""All the figures of the product on one split."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowledge.evaluation.calibration import calibration
from knowledge.evaluation.compared import compared, milliseconds
from knowledge.evaluation.confusions import near_subjects, near_types
from knowledge.evaluation.entities import entities
from knowledge.evaluation.judging import Judged
from knowledge.evaluation.risk import answers, curve
from knowledge.evaluation.several import several

SHORT = range(12, 19)  # words: a message of about fifteen
MAIL = range(80, 126)  # words: a mail of about a hundred


def split_figures(judged: Sequence[Judged], scores: Sequence[float], split: str) -> dict[str, Any]:
    """By theme; shares are in [0, 1], times in milliseconds. `scores`: of each message (`answer_scores`)."""
    verdicts = [j.verdict for j in judged]
    sizes = {"short": SHORT, "mail": MAIL}
    times = {name: milliseconds([v for v in verdicts if len(v.example.text.split()) in r]) for name, r in sizes.items()}
    common = compared(verdicts, split)
    return {
        "n": len(judged),
        **common,
        "latency": {**common["latency"], **times},
        "answer": answers(judged),
        "risk_coverage": curve(judged, scores),
        "calibration": calibration(judged),
        "confusions": {"articles": near_subjects(verdicts), "service_types": near_types(verdicts)},
        "entities": entities(judged),
        "several_requests": several(judged),
    }
