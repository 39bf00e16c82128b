"""Plots as values: data in, coordinates out. `templates/graphique.svg.html` draws them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 480, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 28, 16, 52
Json = dict[str, Any]
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Series:
    """`rank` chooses colour and mark. `line`: a line through the points, else marks. `chosen`: a point in evidence.

    `sizes`: half-width of each mark, in pixels.
    """

    name: str
    rank: int
    points: Points
    line: bool = False
    sizes: tuple[float, ...] = ()
    chosen: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Plot:
    """Axes are shares from 0 to `x_most` and `y_most`. `level`: a horizontal line to stay under. `diagonal`: y = x."""

    name: str
    title: str
    description: str
    x_label: str
    y_label: str
    series: tuple[Series, ...]
    x_most: float = 1.0
    y_most: float = 1.0
    level: float | None = None
    diagonal: bool = False

    def x(self, value: float) -> float:
        """Pixels from the left; beyond the axis, its end."""
        return round(LEFT + min(value / self.x_most, 1.0) * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        """Pixels from the top."""
        return round(HEIGHT - BOTTOM - min(value / self.y_most, 1.0) * (HEIGHT - TOP - BOTTOM), 1)

    def path(self, series: Series) -> str:
        """The line of a series, as SVG points."""
        return " ".join(f"{self.x(a)},{self.y(b)}" for a, b in series.points)

    @staticmethod
    def ticks(most: float) -> tuple[float, ...]:
        """Five steps from 0 to the end of an axis."""
        return tuple(round(most * i / 5, 4) for i in range(6))


def reliability(name: str, title: str, diagrams: Sequence[tuple[str, Json]]) -> Plot:
    """What was announced against what was right, one mark a bin; `diagrams`: split name and its diagram."""
    series = tuple(
        Series(
            split,
            rank,
            tuple((row["confidence"], row["accuracy"]) for row in found["reliability"]),
            sizes=tuple(_size(row["n"]) for row in found["reliability"]),
        )
        for rank, (split, found) in enumerate(diagrams)
    )
    description = (
        "Chaque marque réunit les messages d'une même probabilité annoncée, d'autant plus grande qu'ils sont nombreux. "
        "Sur la diagonale, la probabilité dit vrai."
    )
    return Plot(name, title, description, "Probabilité annoncée", "Part réellement juste", series, diagonal=True)


def risk_coverage(curves: Sequence[tuple[str, Json]], level: float) -> Plot:
    """Share of wrong answers by share of requests answered; the chosen point of each split is in evidence."""
    series = tuple(
        Series(split, rank, _points(found), True, chosen=_point(found["chosen"]))
        for rank, (split, found) in enumerate(curves)
    )
    worst = max([level * 2, *(risk for s in series for _, risk in (*s.points, *([s.chosen] if s.chosen else [])))])
    description = (
        "Plus on répond souvent, plus on se trompe. Grand rond : le réglage retenu. Tirets : la limite voulue."
    )
    return Plot(
        "risque", "Erreurs selon la part de demandes répondues", description, "Part des demandes qui reçoivent une réponse",
        "Part de réponses fausses", series, y_most=min(1.0, math.ceil(worst * 20) / 20), level=level,
    )  # fmt: skip


def _size(messages: int) -> float:
    return round(min(11.0, 3 + math.sqrt(messages) / 3), 1)


def _points(found: Json) -> Points:
    return tuple((p["coverage"], p["risk"]) for p in found["points"])


def _point(chosen: Json | None) -> tuple[float, float] | None:
    return (chosen["coverage"], chosen["risk"]) if chosen else None
