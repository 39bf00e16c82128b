"""The index of phrasings: sentence vectors in faiss beside character n-grams, each row pointing to an entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import faiss
import numpy as np
import numpy.typing as npt
import orjson
from scipy.sparse import csr_matrix, load_npz, save_npz

from nlu.features import Features

Floats = npt.NDArray[np.float32]
VECTOR_SHARE = 0.5  # of the vector similarity in the fused one: measured on cdtn and covidfaq
NEIGHBOURS = 3  # an entry's score is the mean of its best phrasings


@dataclass(frozen=True, slots=True)
class PhrasingIndex:
    """`entries` (k ids), `owner` (for each of the n phrasings, the row of its entry), vectors in faiss, n-grams (n × vocabulary)."""

    entries: tuple[str, ...]
    owner: npt.NDArray[np.int64]
    vectors: faiss.IndexFlatIP
    ngrams: csr_matrix

    @classmethod
    def build(cls, owners: Sequence[str], features: Features) -> Self:
        """Index phrasings; `owners[i]` is the entry that phrasing i leads to."""
        entries, owner = np.unique(np.asarray(owners), return_inverse=True)
        order = np.argsort(owner, kind="stable")
        vectors = faiss.IndexFlatIP(features.vectors.shape[1])
        vectors.add(np.ascontiguousarray(features.vectors[order]))
        return cls(tuple(str(e) for e in entries), owner[order], vectors, csr_matrix(features.ngrams[order]))

    def similarities(self, query: Features) -> Floats:
        """Fused similarity of one query (one row) with every phrasing, shape (n,), in index order."""
        n = self.vectors.ntotal
        by_vector = np.empty(n, dtype=np.float32)
        scores, rows = self.vectors.search(np.ascontiguousarray(query.vectors[:1]), n)
        by_vector[rows[0]] = scores[0]
        by_ngrams = np.asarray((self.ngrams @ query.ngrams[0].T).todense(), dtype=np.float32).ravel()
        return np.asarray(VECTOR_SHARE * by_vector + (1 - VECTOR_SHARE) * by_ngrams, dtype=np.float32)

    def scores(self, query: Features, neighbours: int = NEIGHBOURS) -> Floats:
        """Similarity of one query with every entry, shape (k,): the mean over the entry's nearest phrasings."""
        similarities = self.similarities(query)
        starts = np.searchsorted(self.owner, np.arange(len(self.entries)))
        ends = np.append(starts[1:], len(self.owner))
        total = np.zeros(len(self.entries), dtype=np.float32)
        left = similarities.copy()
        counts = np.minimum(ends - starts, neighbours)
        for _ in range(neighbours):
            best = np.maximum.reduceat(left, starts)
            total += np.where(best > -np.inf, best, 0)
            left[_first_at(left, best, self.owner)] = -np.inf
        return total / counts

    def save(self, folder: Path) -> None:
        """Write `phrasings.faiss`, `phrasings.npz` and `phrasings.json`."""
        faiss.write_index(self.vectors, str(folder / "phrasings.faiss"))
        save_npz(folder / "phrasings.npz", self.ngrams)
        (folder / "phrasings.json").write_bytes(orjson.dumps({"entries": self.entries, "owner": self.owner.tolist()}))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        head = orjson.loads((folder / "phrasings.json").read_bytes())
        vectors = faiss.read_index(str(folder / "phrasings.faiss"))
        ngrams = csr_matrix(load_npz(folder / "phrasings.npz"))
        return cls(tuple(head["entries"]), np.asarray(head["owner"], dtype=np.int64), vectors, ngrams)


def _first_at(values: Floats, best: Floats, owner: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """For each entry, the position of one phrasing that has the entry's best value."""
    positions = np.flatnonzero((values == best[owner]) & (values > -np.inf))
    _, first = np.unique(owner[positions], return_index=True)
    return np.asarray(positions[first])
