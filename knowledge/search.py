"""Ranking of FAQ articles for a text: a classifier of the subjects and the nearest phrasings, together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import orjson

from knowledge.index import PhrasingIndex
from nlu.features import Features
from nlu.intents import IntentClassifier, softmax

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Articles best first: their ids, probabilities (of all articles, sum 1), and the similarity of the nearest phrasings."""

    ids: tuple[str, ...]
    probabilities: Floats
    similarities: Floats


@dataclass(frozen=True, slots=True)
class ArticleRanker:
    """`similarity_weight` adds the index's similarity to the classifier's scores; `temperature` calibrates the sum."""

    classifier: IntentClassifier
    index: PhrasingIndex
    similarity_weight: float
    temperature: float

    def rank(self, features: Features) -> Ranking:
        """Rank every article for one text (features of one row)."""
        similarities = self.index.scores(features)
        scores = self.classifier.scores(features)[0] + self.similarity_weight * similarities
        probabilities = softmax(scores[None] / self.temperature)[0]
        order = np.argsort(-probabilities)
        ids = tuple(self.index.entries[i] for i in order)
        return Ranking(ids, probabilities[order], similarities[order])

    def save(self, folder: Path) -> None:
        """Write the classifier, the index and the two numbers."""
        self.classifier.save(folder, "articles")
        self.index.save(folder)
        numbers = {"similarity_weight": self.similarity_weight, "temperature": self.temperature}
        (folder / "ranker.json").write_bytes(orjson.dumps(numbers))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        numbers = orjson.loads((folder / "ranker.json").read_bytes())
        classifier, index = IntentClassifier.load(folder, "articles"), PhrasingIndex.load(folder)
        return cls(classifier, index, float(numbers["similarity_weight"]), float(numbers["temperature"]))
