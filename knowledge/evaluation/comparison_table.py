"""The table that sets the product beside the baselines, on one split."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.evaluation.headline import HEADLINES, Headline

Json = dict[str, Any]
COLUMNS = tuple(
    h for h in HEADLINES
    if h.name in ("article_1", "article_3", "type_accuracy", "type_macro_f1", "safety_recall", "false_alarms", "scope_auroc")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure as shown. `best`: none of the column is better."""

    shown: str
    best: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A system. `measured` is False when it could not run here."""

    label: str
    note: str
    cells: tuple[Cell, ...]
    p50: float | None
    measured: bool


def rows(product: Json, baselines: Sequence[Json], split: str, shown: Any) -> Iterator[Row]:
    """The product, then each baseline. `shown`: a headline and its figure, as text."""
    systems: list[tuple[str, str, Json | None]] = [("Aiguillage", "le produit", product)]
    systems += [(b["label"], b["note"], b["splits"].get(split)) for b in baselines]
    measured = [figures for _, _, figures in systems if figures is not None]
    best = {h.name: _best(h, measured) for h in COLUMNS}
    for label, note, figures in systems:
        if figures is None:
            yield Row(label, note, tuple(Cell("non mesuré", False) for _ in COLUMNS), None, False)
            continue
        found = [(h, h.of(figures)) for h in COLUMNS]
        cells = tuple(Cell(shown(h, f), f.value is not None and f.value == best[h.name]) for h, f in found)
        yield Row(label, note, cells, figures["latency"]["all"]["p50"], True)


def _best(headline: Headline, measured: Sequence[Json]) -> float | None:
    values = [v for figures in measured if (v := headline.of(figures).value) is not None]
    return (min if headline.lower_is_better else max)(values, default=None)
