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
class PhrasingIndex:
    """`entries` (k ids), `owner` (the row of each phrasing's entry), vectors in faiss, n-grams (n × vocabulary)."""

    entries: tuple[str, ...]
    owner: npt.NDArray[np.int64]
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
        vectors = faiss.IndexFlatIP(features.vectors.shape[1])
        vectors.add(np.ascontiguousarray(features.vectors[order]))
        return cls(tuple(str(e) for e in entries), owner[order], vectors, csr_matrix(features.ngrams[order]))

    def scores(self, query: Features, neighbours: int = NEIGHBOURS) -> Floats:
        """Similarity of one query (one row) with every entry, shape (k,): the mean over the entry's nearest phrasings.

        Only the phrasings nearest by vector are compared by n-grams; an entry with none among them gets the lowest score.
        """
        scores, rows = self.vectors.search(
            np.ascontiguousarray(query.vectors[:1]), min(CANDIDATES, self.vectors.ntotal)
        )
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
