"""The decision rule: which of answer, choices, qualify, handoff and out-of-scope, with thresholds fitted on people not seen."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import orjson

from knowledge.decisions import DecisionKind

EVIDENCE = ("p1", "margin", "p3", "similarity", "general", "in_scope", "type_agreement", "sure_type", "length")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the decision rests on, each in [0, 1] but `length` (log of the number of words over 5)."""

    p1: float  # probability of the best article
    margin: float  # over the second
    p3: float  # sum of the three best
    similarity: float  # of the best article's nearest phrasings
    general: float  # probability that no personal file is needed
    in_scope: float
    type_agreement: float  # probability of the best article's service type
    sure_type: float  # probability of the best service type
    length: float

    def vector(self) -> npt.NDArray[np.float64]:
        """In the order of `EVIDENCE`, probabilities as log-odds."""
        values = np.array([getattr(self, name) for name in EVIDENCE])
        clipped = np.clip(values[:-1], 1e-4, 1 - 1e-4)
        return np.append(np.log(clipped / (1 - clipped)), values[-1])


@dataclass(frozen=True, slots=True)
class Policy:
    """Three logistic models (weights in the order of `EVIDENCE`, then the bias) and the thresholds of the decisions."""

    answer_weights: tuple[float, ...]
    choices_weights: tuple[float, ...]
    scope_weights: tuple[float, ...]
    answer_threshold: float
    choices_threshold: float
    out_of_scope_threshold: float
    aside_threshold: float
    type_threshold: float

    def answer_precision(self, evidence: Evidence) -> float:
        """Estimated probability that the best article is the right answer."""
        return _logistic(self.answer_weights, evidence)

    def choices_precision(self, evidence: Evidence) -> float:
        """Estimated probability that an article among the three best is the right answer."""
        return _logistic(self.choices_weights, evidence)

    def out_of_scope(self, evidence: Evidence) -> float:
        """Estimated probability that the message asks for none of the institution's services."""
        return _logistic(self.scope_weights, evidence)

    def decide(self, evidence: Evidence, type_probability: float, aside: float) -> DecisionKind:
        """The decision for a message. `aside`: probability that it asks for nothing by itself ("en 4e")."""
        if aside >= self.aside_threshold:
            return "handoff"
        if self.out_of_scope(evidence) >= self.out_of_scope_threshold:
            return "out_of_scope"
        if self.answer_precision(evidence) >= self.answer_threshold:
            return "answer"
        if self.choices_precision(evidence) >= self.choices_threshold and evidence.general >= 0.5:
            return "choices"
        if type_probability >= self.type_threshold:
            return "qualify"
        return "handoff"

    def save(self, folder: Path) -> None:
        """Write `policy.json`."""
        (folder / "policy.json").write_bytes(orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        values: dict[str, Any] = orjson.loads((folder / "policy.json").read_bytes())
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})  # type: ignore[arg-type]


def _logistic(weights: tuple[float, ...], evidence: Evidence) -> float:
    z = float(np.dot(weights[:-1], evidence.vector()) + weights[-1])
    return float(1 / (1 + np.exp(-np.clip(z, -30, 30))))
