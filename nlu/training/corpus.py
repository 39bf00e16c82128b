"""Training messages with their noisy copies, and their features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlu.features import FeatureExtractor, Features, readable
from nlu.training.data import Example
from nlu.training.noise import noisy_copies


@dataclass(frozen=True, slots=True)
class Corpus:
    """Examples with their noisy copies, features row by row, and for each row the index of its original."""

    examples: list[Example]
    features: Features
    origins: list[int]
    originals: int  # the first rows

    def select(self, rows: Sequence[int]) -> Features:
        """Features of some rows."""
        return Features(self.features.ngrams[rows], self.features.vectors[rows])

    def is_original(self, row: int) -> bool:
        """False for a noisy copy."""
        return row < self.originals


def with_noise(examples: list[Example], extractor: FeatureExtractor, seed: int) -> Corpus:
    """The examples and, for the short ones, copies with spelling noise."""
    rows, origins = list(examples), list(range(len(examples)))
    for i, example in enumerate(examples):
        copies = noisy_copies(example.text, seed)
        rows += [replace(example, text=copy) for copy in copies]
        origins += [i] * len(copies)
    return Corpus(rows, extractor.extract([readable(e.text) for e in rows]), origins, len(examples))
