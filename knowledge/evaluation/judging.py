"""The messages of a split with what the product decides on them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.decisions import Context, Triage
from knowledge.evaluation.verdicts import Verdict
from knowledge.triage import Engine, evidence, triage
from nlu.normalisation import clean
from nlu.training.data import DATA, Example, load_examples


@dataclass(frozen=True, slots=True)
class Judged:
    """A message of a split, what the product did with it and the milliseconds of processor that took."""

    example: Example
    triage: Triage
    milliseconds: float = 0.0

    @property
    def verdict(self) -> Verdict:
        """The same in the form that is compared with other systems."""
        found = self.triage
        articles = tuple(a.id for a in found.articles)
        return Verdict(
            self.example, articles, found.service_type, found.out_of_scope, found.safety.label, self.milliseconds
        )


def judge(engine: Engine, data: Path = DATA, split: str = "dev") -> list[Judged]:
    """Triage every message of a split, one by one."""
    return [_judged(example, engine) for example in load_examples(split, data)]


def answer_scores(engine: Engine, judged: Sequence[Judged]) -> list[float]:
    """For each message, the precision that the decision rule expects of an answer, in [0, 1]: what its threshold cuts."""
    scores = []
    for one in judged:
        understood = engine.understander.understand(clean(one.example.text))
        ranking = engine.ranker.rank(understood.features)
        types = engine.type_probabilities(understood.types, ranking)
        scores.append(engine.policy.answer_precision(evidence(understood, ranking, types, engine)))
    return scores


def _judged(example: Example, engine: Engine) -> Judged:
    began = time.process_time()
    result = triage(example.text, Context(), engine=engine)
    return Judged(example, result, (time.process_time() - began) * 1000)
