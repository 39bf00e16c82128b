"""Every request of a message: the main one, and those that its parts or its whole speak of surely enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import orjson

from nlu.understanding import Understander, Understanding

Floats = npt.NDArray[np.float64]
BEST = 4  # service types that the whole message speaks of most, whatever its parts say
EVIDENCE = (
    "of_whole", "main_of_whole", "of_part", "best_of_part", "of_words", "best_of_words", "asked", "part_words", "parts",
    "words", "main_of_part", "same_part", "wanted", "main_wanted", "wanted_before", "one_part", "wanted_of_part",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RequestFinder:
    """A logistic model of "this service type is asked for too" on `EVIDENCE` (weights, then the constant), and a threshold."""

    weights: tuple[float, ...]
    threshold: float

    def find(self, understood: Understanding, main: str, understander: Understander) -> tuple[str, ...]:
        """Ids of the service types asked for, `main` first."""
        others = candidates(understood, main, understander)
        scores = self.scores(np.array(list(others.values()))) if others else np.zeros(0)
        sure = [(score, name) for name, score in zip(others, scores, strict=True) if score >= self.threshold]
        return (main, *(name for _, name in sorted(sure, reverse=True)))

    def scores(self, evidence: Floats) -> Floats:
        """Probabilities, shape (n,), for rows of evidence."""
        weights = np.array(self.weights)
        return np.asarray(1 / (1 + np.exp(-(evidence @ weights[:-1] + weights[-1]))))

    def save(self, folder: Path) -> None:
        """Write `requests.json`."""
        body = {"evidence": EVIDENCE, "weights": self.weights, "threshold": self.threshold}
        (folder / "requests.json").write_bytes(orjson.dumps(body))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        body = orjson.loads((folder / "requests.json").read_bytes())
        return cls(tuple(body["weights"]), float(body["threshold"]))


def candidates(understood: Understanding, main: str, understander: Understander) -> Mapping[str, Floats]:
    """The evidence for each service type, other than `main`, that the message may ask for too."""
    names = understander.types
    first = names.index(main)
    parts, words = understood.part_features, understander.service_types
    of_parts, of_words = words.probabilities(parts), words.word_probabilities(parts)
    wanted = understander.several.scores(understood.features)[0]
    wanted_of_parts = understander.several.scores(parts).max(axis=0)
    chosen = {*np.argsort(-wanted)[:BEST], *of_parts.argmax(axis=1), *of_words.argmax(axis=1)} - {first}
    lengths = [len(part.split()) for part in understood.parts]
    total = max(1, len(understood.text.split()))
    rows: dict[str, Floats] = {}
    for other in sorted(int(c) for c in chosen):
        part = int(of_parts[:, other].argmax())
        rows[names[other]] = np.array([
            understood.types[other],
            understood.types[first],
            of_parts[part, other],
            of_parts[part].argmax() == other,
            of_words[:, other].max(),
            (of_words.argmax(axis=1) == other).any(),
            understood.parts[part].endswith("?"),
            np.log(max(1, lengths[part])),
            np.log(len(understood.parts)),
            np.log(total),
            of_parts[part, first],
            part == int(of_parts[:, first].argmax()),
            wanted[other],
            wanted[first],
            (wanted > wanted[other]).sum(),
            len(understood.parts) == 1,
            wanted_of_parts[other],
        ], dtype=np.float64)  # fmt: skip
    return rows
