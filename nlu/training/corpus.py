"""Training messages with their noisy copies, and their features."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from nlu.features import FeatureExtractor, Features, readable
from nlu.intents import IntentClassifier, fit, fit_temperature, held_out
from nlu.training.data import Example
from nlu.training.noise import noisy_copies


@dataclass(frozen=True, slots=True)
class Corpus:
    """Examples with their noisy copies, features row by row, and for each row the index of its original."""

    examples: list[Example]
    features: Features
    origins: list[int]

    def select(self, rows: Sequence[int]) -> Features:
        """Features of some rows."""
        return Features(self.features.ngrams[rows], self.features.vectors[rows])


def with_noise(examples: list[Example], extractor: FeatureExtractor, seed: int) -> Corpus:
    """The examples and, for the short ones, copies with spelling noise."""
    rows, origins = list(examples), list(range(len(examples)))
    for i, example in enumerate(examples):
        copies = noisy_copies(example.text, seed)
        rows += [replace(example, text=copy) for copy in copies]
        origins += [i] * len(copies)
    return Corpus(rows, extractor.extract([readable(e.text) for e in rows]), origins)


def fit_balanced(corpus: Corpus, rows: list[int], labels: list[str], *, strength: float = 1.0) -> IntentClassifier:
    """Rare classes weigh more, by the square root of their rarity; a text and its noisy copies are held out together.

    `strength`: how much the examples weigh beside simplicity (the C of the support vector machine).
    """
    counts = Counter(labels)
    weights = np.array([strength * (len(labels) / (len(counts) * counts[label])) ** 0.5 for label in labels])
    features = corpus.select(rows)
    unseen = held_out(features, labels, [str(corpus.origins[i]) for i in rows], weights=weights, folds=4)
    return fit(features, labels, temperature=fit_temperature(unseen.scores, unseen.targets), weights=weights)
