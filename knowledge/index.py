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
CANDIDATES = 256  # phrasings nearest by vector that are compared further
NEIGHBOURS = 3  # an entry's score is the mean of its best phrasings


@dataclass(frozen=True, slots=True)
class Spread:
    """Directions that all the phrasings share are shortened: sentence vectors lie in a narrow cone, where everything is near.

    Half of a whitening (Su et al., 2021), fitted on the indexed phrasings alone: `mean` (d,), `projection` (d × d).
    """

    mean: Floats
    projection: Floats

    @classmethod
    def fit(cls, vectors: Floats) -> Self:
        """From vectors of shape (n, d)."""
        mean = vectors.mean(axis=0)
        _, lengths, directions = np.linalg.svd(vectors - mean, full_matrices=False)
        variance = lengths**2 / len(vectors)
        return cls(mean, np.ascontiguousarray(directions.T * (variance + variance.mean() + 1e-9) ** -0.25))

    def apply(self, vectors: Floats) -> Floats:
        """Vectors of length 1, shape kept but for the dimension, which is that of the projection."""
        spread = (vectors - self.mean) @ self.projection
        lengths = np.linalg.norm(spread, axis=1, keepdims=True)
        return np.ascontiguousarray(spread / np.maximum(lengths, 1e-9), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class PhrasingIndex:
    """`entries` (k ids), `owner` (the row of each phrasing's entry), spread vectors in faiss, n-grams (n × vocabulary)."""

    entries: tuple[str, ...]
    owner: npt.NDArray[np.int64]
    spread: Spread
    vectors: faiss.Index
    ngrams: csr_matrix

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        """Number of phrasings of each entry, shape (k,)."""
        return np.bincount(self.owner, minlength=len(self.entries))

    @classmethod
    def build(cls, owners: Sequence[str], features: Features) -> Self:
        """Index phrasings; `owners[i]` is the entry that phrasing i leads to."""
        entries, owner = np.unique(np.asarray(owners), return_inverse=True)
        order = np.argsort(owner, kind="stable")
        spread = Spread.fit(features.vectors)
        vectors = faiss.IndexFlatIP(spread.projection.shape[1])
        vectors.add(spread.apply(features.vectors[order]))
        return cls(tuple(str(e) for e in entries), owner[order], spread, vectors, csr_matrix(features.ngrams[order]))

    def scores(self, query: Features, neighbours: int = NEIGHBOURS) -> Floats:
        """Similarity of one query (one row) with every entry, shape (k,): the mean over the entry's nearest phrasings.

        Only the phrasings nearest by vector are compared by n-grams; an entry with none among them gets the lowest score.
        """
        scores, rows = self.vectors.search(self.spread.apply(query.vectors[:1]), min(CANDIDATES, self.vectors.ntotal))
        asked = np.zeros(self.ngrams.shape[1], dtype=np.float32)
        columns = slice(*query.ngrams.indptr[:2])
        asked[query.ngrams.indices[columns]] = query.ngrams.data[columns]
        by_ngrams = self.ngrams[rows[0]] @ asked
        fused = VECTOR_SHARE * scores[0] + (1 - VECTOR_SHARE) * by_ngrams
        owners = self.owner[rows[0]]
        order = np.lexsort((-fused, owners))
        owners, fused = owners[order], fused[order]
        rank = np.arange(len(owners)) - np.searchsorted(owners, owners)  # 0 for the nearest phrasing of each entry
        floor = float(fused.min())
        nearest = rank < neighbours
        wanted = np.minimum(self.sizes, neighbours)
        total = np.bincount(owners[nearest], weights=fused[nearest], minlength=len(self.entries))
        found = np.bincount(owners[nearest], minlength=len(self.entries))
        return np.asarray((total + (wanted - found) * floor) / wanted, dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write `phrasings.faiss`, `phrasings.npz`, `phrasings.json` and `spread.npz`."""
        np.savez(folder / "spread.npz", mean=self.spread.mean, projection=self.spread.projection)
        faiss.write_index(self.vectors, str(folder / "phrasings.faiss"))
        save_npz(folder / "phrasings.npz", self.ngrams)
        (folder / "phrasings.json").write_bytes(orjson.dumps({"entries": self.entries, "owner": self.owner.tolist()}))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        head = orjson.loads((folder / "phrasings.json").read_bytes())
        vectors = faiss.read_index(str(folder / "phrasings.faiss"))
        ngrams = csr_matrix(load_npz(folder / "phrasings.npz"))
        with np.load(folder / "spread.npz") as arrays:
            spread = Spread(arrays["mean"], arrays["projection"])
        return cls(tuple(head["entries"]), np.asarray(head["owner"], dtype=np.int64), spread, vectors, ngrams)
