"""Articles by meaning alone, for an FAQ too large for the classifier: the nearest questions and phrasings, one byte a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import faiss
import numpy as np
import numpy.typing as npt

from knowledge.articles import Article
from knowledge.decisions import Scored
from nlu.embedding import Embedder
from nlu.features import readable

PHRASINGS = 8  # of an article, besides its question
ROWS = 200  # nearest texts that are looked at
TEMPERATURE = (
    0.15  # of a cosine, to make relevances of them: measured with NEAREST_WORDS on 20,000 articles and the dev split
)


@dataclass(frozen=True, slots=True)
class Nearest:
    """`owners[i]` is the row in `ids` of the article that text i belongs to."""

    ids: tuple[str, ...]
    owners: npt.NDArray[np.int64]
    vectors: Any
    embedder: Embedder

    @classmethod
    def build(cls, articles: Mapping[str, Article], embedder: Embedder) -> Self:
        """Encode every article: two milliseconds a text."""
        ids = tuple(articles)
        texts: list[str] = []
        owners: list[int] = []
        for row, article in enumerate(articles.values()):
            own = [article.question, *(p.text for p in article.phrasings[:PHRASINGS])]
            texts += [readable(t) for t in own]
            owners += [row] * len(own)
        encoded = np.ascontiguousarray(embedder.encode(texts))
        kept = faiss.IndexScalarQuantizer(embedder.dimension, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
        kept.train(encoded)
        kept.add(encoded)
        return cls(ids, np.array(owners, dtype=np.int64), kept, embedder)

    def search(self, query: str, limit: int) -> list[Scored]:
        """The articles of the nearest texts, best first; scores in [0, 1], that of the first is 1."""
        if not self.ids or not any(c.isalnum() for c in query):
            return []
        vector = np.ascontiguousarray(self.embedder.encode([readable(query)])[:1])
        cosines, rows = self.vectors.search(vector, min(ROWS, len(self.owners)))
        owners, first = np.unique(self.owners[rows[0]], return_index=True)  # rows come best first
        best = cosines[0][first]
        order = np.argsort(-best)
        shares = np.exp((best[order] - best[order[0]]) / TEMPERATURE)
        return [Scored(self.ids[owners[i]], float(s)) for i, s in zip(order[:limit], shares[:limit], strict=True)]
