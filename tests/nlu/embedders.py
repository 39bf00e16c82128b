"""A small deterministic embedder: words hashed into a vector, so that texts sharing words are near."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from nlu.embedding import Vectors


class HashEmbedder:
    """Each word adds one to a coordinate that its checksum chooses."""

    def __init__(self, dimension: int = 64, name: str = "hachage") -> None:
        self.name, self.dimension = name, dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dimension)."""
        vectors = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.split():
                vectors[row, zlib.crc32(word.encode()) % self.dimension] += 1
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def encode_parts(self, parts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """The whole and its parts, encoded apart."""
        return self.encode([" ".join(parts)]), self.encode(parts)
