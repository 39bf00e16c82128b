"""`python -m knowledge evaluate`: the report on the splits, the headline figures on standard output."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from typing import Any

from knowledge.evaluation.baselines.kept import KEPT, When
from knowledge.evaluation.baselines.nearest import Bm25, MiniLm
from knowledge.evaluation.baselines.reading import Baseline
from knowledge.evaluation.baselines.stock_rasa import EPOCHS, StockRasa
from knowledge.evaluation.headline import HEADLINES, write_record
from knowledge.evaluation.report import available_splits, report
from knowledge.evaluation.writing import part, score, write_report
from knowledge.triage import Engine
from nlu.artifacts import VECTORS


def run(arguments: argparse.Namespace, engine: Engine) -> int:
    """Measure, write the report, and the floors when asked; 2 when a split has no message."""
    available = available_splits(arguments.data)
    splits = arguments.split or available
    if not splits or set(splits) - set(available):
        print(f"Aucun message dans {', '.join(splits) or arguments.data}", file=sys.stderr)
        return 2
    others = _baselines(arguments)
    if others and arguments.baselines != "kept":
        print(
            "Mesure, et lecture par d'autres systèmes (la première fois, Rasa apprend : une heure ou plus)…", flush=True
        )
    when: When = "kept" if arguments.baselines == "none" else arguments.baselines
    found = report(engine, splits, others, data=arguments.data, when=when)
    write_report(found, arguments.out)
    if arguments.record:
        write_record(found["splits"], arguments.record)
    print("\n".join(table(found["splits"])))
    print(f"Rapport : {arguments.out / 'report.html'}")
    return 0


def table(splits: dict[str, Any]) -> Iterator[str]:
    """The headline figures, a line each, a column a split."""
    yield f"{'':<46}" + "".join(f"{split:<28}" for split in splits)
    for headline in HEADLINES:
        shown = part if headline.as_share else score
        yield f"{headline.label:<46}" + "".join(f"{shown(headline.of(f)):<28}" for f in splits.values())


def _baselines(arguments: argparse.Namespace) -> list[Baseline]:
    if arguments.baselines == "none":
        return []
    minilm = MiniLm(arguments.minilm, VECTORS, threads=os.cpu_count() or 1)
    return [StockRasa(KEPT, epochs=arguments.epochs or EPOCHS), Bm25(), minilm]
