"""The whole report: the product on each split, and the baselines on the same messages."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from knowledge.evaluation.baselines.kept import KEPT, When, readings
from knowledge.evaluation.baselines.reading import Baseline, NotMeasured
from knowledge.evaluation.compared import compared
from knowledge.evaluation.judging import Judged, answer_scores, judge
from knowledge.evaluation.split_figures import split_figures
from knowledge.evaluation.training_messages import training_messages
from knowledge.splits import SPLITS
from knowledge.triage import Engine
from nlu.training.data import DATA

Json = dict[str, Any]


def available_splits(data: Path = DATA) -> list[str]:
    """The evaluation splits that hold messages."""
    return [split for split in SPLITS if any((data / split).glob("*.yml"))]


def measure(engine: Engine, splits: Sequence[str], data: Path = DATA) -> dict[str, list[Judged]]:
    """Every message of the splits, triaged."""
    return {split: judge(engine, data, split) for split in splits}


def product_figures(engine: Engine, judged: dict[str, list[Judged]]) -> dict[str, Json]:
    """The figures of the product, by split."""
    return {split: split_figures(some, answer_scores(engine, some), split) for split, some in judged.items()}


def report(
    engine: Engine,
    splits: Sequence[str],
    baselines: Sequence[Baseline],
    *,
    data: Path = DATA,
    kept: Path = KEPT,
    when: When = "needed",
) -> Json:
    """All that is written: `splits` (figures by split), `baselines` (by name: label, note, figures by split), labels."""
    judged = measure(engine, splits, data)
    training = training_messages(engine.articles, data)
    return {
        "cores": os.cpu_count() or 1,
        "load": round(os.getloadavg()[0], 2),
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "encoder": engine.understander.extractor.embedder.name,
        "training_messages": len(training),
        "splits": product_figures(engine, judged),
        "baselines": [_baseline(b, training, judged, kept, when) for b in baselines],
        "labels": {
            **{article.id: article.question for article in engine.articles.values()},
            **{t.id: t.label for t in engine.catalogue.types.values()},
        },
    }


def _baseline(baseline: Baseline, training: Any, judged: dict[str, list[Judged]], kept: Path, when: When) -> Json:
    splits: Json = {}
    note = baseline.note
    for split, some in judged.items():
        examples = [j.example for j in some]
        try:
            found = readings(baseline, training, [e.text for e in examples], folder=kept, when=when)
        except NotMeasured as reason:
            splits[split], note = None, f"{baseline.note} ; non mesuré : {reason}"
        else:
            verdicts = [r.verdict(e) for r, e in zip(found, examples, strict=True)]
            splits[split] = compared(verdicts, split)
    return {"name": baseline.name, "label": baseline.label, "note": note, "splits": splits}
