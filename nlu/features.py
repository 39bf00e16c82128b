"""What the classifiers read: a sentence vector beside character n-grams of the same text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import orjson
from scipy.sparse import csr_matrix

from nlu.embedding import Embedder, Vectors
from nlu.ngrams import SIZES, NgramWeights
from nlu.normalisation import expand
from nlu.segmentation import segments
from nlu.spread import Spread

MAX_NGRAMS = 60_000


@dataclass(frozen=True, slots=True)
class Features:
    """Of n texts: TF-IDF of character n-grams (n × vocabulary) and spread unit sentence vectors (n × dimension)."""

    ngrams: csr_matrix
    vectors: Vectors


def readable(text: str) -> str:
    """The form of a message that features are taken from: its own words, folded, SMS spellings written in full."""
    return " ".join(readable_parts(text))


def readable_parts(text: str) -> list[str]:
    """The same, cut where another request may begin (see `segments`)."""
    return [expand(piece) for piece in segments(text)]


class FeatureExtractor:
    """Texts to `Features`. Fitted once; the vocabulary is kept, the texts are not."""

    def __init__(self, weights: NgramWeights, spread: Spread, embedder: Embedder) -> None:
        self._weights, self._spread = weights, spread
        self.embedder = embedder

    @classmethod
    def fit(cls, texts: Sequence[str], embedder: Embedder, *, max_ngrams: int | None = MAX_NGRAMS) -> Self:
        """Learn the n-gram vocabulary of `texts`, already readable."""
        from sklearn.feature_extraction.text import TfidfVectorizer  # for training alone: 60 MB, a second and a half

        vectorizer = TfidfVectorizer(
            analyzer="char_wb", ngram_range=SIZES, sublinear_tf=True, max_features=max_ngrams, dtype=np.float32
        )
        vectorizer.fit(texts)
        vocabulary = {str(ngram): int(column) for ngram, column in vectorizer.vocabulary_.items()}
        weights = NgramWeights(vocabulary, vectorizer.idf_.astype(np.float32))
        return cls(weights, Spread.fit(embedder.encode(texts)), embedder)

    def extract(self, texts: Sequence[str]) -> Features:
        """Features of texts already `readable`."""
        return Features(self.ngrams(texts), self._spread.apply(self.embedder.encode(texts)))

    def extract_parts(self, parts: Sequence[str]) -> tuple[Features, Features]:
        """Features of a message (one row) and of each of its `readable_parts`, read in its context."""
        whole, vectors = self.embedder.encode_parts(parts)
        return (
            Features(self.ngrams([" ".join(parts)]), self._spread.apply(whole)),
            Features(self.ngrams(parts), self._spread.apply(vectors)),
        )

    def ngrams(self, texts: Sequence[str]) -> csr_matrix:
        """The character n-grams alone, for texts whose vectors are already known."""
        return self._weights.transform(texts)

    def save(self, folder: Path) -> None:
        """Write the vocabulary (`ngrams.json`), the weights (`idf.npy`) and the spread (`spread.npz`)."""
        vocabulary = self._weights.vocabulary
        (folder / "ngrams.json").write_bytes(orjson.dumps(sorted(vocabulary, key=vocabulary.__getitem__)))
        np.save(folder / "idf.npy", self._weights.idf)
        self._spread.save(folder)

    @classmethod
    def load(cls, folder: Path, embedder: Embedder) -> Self:
        """Read what `save` wrote."""
        ngrams: list[str] = orjson.loads((folder / "ngrams.json").read_bytes())
        vocabulary = {ngram: column for column, ngram in enumerate(ngrams)}
        return cls(NgramWeights(vocabulary, np.load(folder / "idf.npy")), Spread.load(folder), embedder)
