"""What the classifiers read: a sentence vector beside character n-grams of the same text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import orjson
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu.embedding import Embedder, Vectors
from nlu.normalisation import body, clean, expand

MAX_NGRAMS = 60_000
MAX_CHARACTERS = 1_500  # of a mail, after its quoted parts are removed


@dataclass(frozen=True, slots=True)
class Features:
    """Of n texts: TF-IDF of character n-grams (n × vocabulary) and unit sentence vectors (n × dimension)."""

    ngrams: csr_matrix
    vectors: Vectors


def readable(text: str) -> str:
    """The form of a message that features are taken from: its own words, folded, SMS spellings written in full."""
    return expand(body(clean(text))[:MAX_CHARACTERS])


class FeatureExtractor:
    """Texts to `Features`. Fitted once; the vocabulary is kept, the texts are not."""

    def __init__(self, vectorizer: TfidfVectorizer, embedder: Embedder) -> None:
        self._vectorizer = vectorizer
        self.embedder = embedder

    @classmethod
    def fit(cls, texts: Sequence[str], embedder: Embedder, *, max_ngrams: int | None = MAX_NGRAMS) -> Self:
        """Learn the n-gram vocabulary of `texts`, already readable."""
        vectorizer = _vectorizer(max_ngrams)
        vectorizer.fit(texts)
        return cls(vectorizer, embedder)

    def extract(self, texts: Sequence[str]) -> Features:
        """Features of texts already `readable`."""
        return Features(self.ngrams(texts), self.embedder.encode(texts))

    def ngrams(self, texts: Sequence[str]) -> csr_matrix:
        """The character n-grams alone, for texts whose vectors are already known."""
        return csr_matrix(self._vectorizer.transform(texts), dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write the vocabulary (`ngrams.json`) and the weights (`idf.npy`)."""
        words = sorted(self._vectorizer.vocabulary_, key=self._vectorizer.vocabulary_.__getitem__)
        (folder / "ngrams.json").write_bytes(orjson.dumps(words))
        np.save(folder / "idf.npy", self._vectorizer.idf_.astype(np.float32))

    @classmethod
    def load(cls, folder: Path, embedder: Embedder) -> Self:
        """Read what `save` wrote."""
        vectorizer = _vectorizer(None)
        words: list[str] = orjson.loads((folder / "ngrams.json").read_bytes())
        vectorizer.vocabulary = {word: i for i, word in enumerate(words)}
        vectorizer._validate_vocabulary()
        vectorizer.idf_ = np.load(folder / "idf.npy")
        return cls(vectorizer, embedder)


def _vectorizer(max_ngrams: int | None) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, max_features=max_ngrams, dtype=np.float32
    )
