"""The product's own search on any FAQ: what generalises (sentence vectors, n-grams, their fusion), nothing fitted on it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from knowledge.index import PhrasingIndex
from nlu.embedding import Embedder
from nlu.features import FeatureExtractor, readable


def benchmark(
    docs: Sequence[dict[str, Any]], queries: Sequence[dict[str, Any]], fields: Sequence[str], embedder: Embedder
) -> dict[str, float | int]:
    """Rank the documents for each query: acc@1, acc@3, acc@5, mrr@10, p50 and p95 of a query in milliseconds, n.

    `docs`: {"doc_id","title","text"}; `fields`: which of title and text are indexed, one row each; a text longer than
    the encoder reads is cut into passages.

    Raises:
        ValueError: no document or no query.
    """
    if not docs or not queries:
        raise ValueError("a benchmark needs documents and queries")
    rows = [(readable(p), str(d["doc_id"])) for d in docs for f in fields for p in passages(str(d.get(f) or ""))]
    texts, owners = [t for t, _ in rows], [o for _, o in rows]
    extractor = FeatureExtractor.fit(texts, embedder, max_ngrams=None)
    index = PhrasingIndex.build(owners, extractor.extract(texts))
    ranks, seconds = [], []
    for query in queries:
        start = time.perf_counter()
        text = readable(str(query["query"]))
        scores = index.scores(extractor.extract([text]), neighbours=1)
        order = np.argsort(-scores, kind="stable")[:10]
        seconds.append(time.perf_counter() - start)
        ids = [index.entries[i] for i in order]
        wanted = str(query["doc_id"])
        ranks.append(ids.index(wanted) + 1 if wanted in ids else 0)
    found = np.array(ranks)
    return {
        "acc@1": _share(found, 1),
        "acc@3": _share(found, 3),
        "acc@5": _share(found, 5),
        "mrr@10": round(float(np.mean(np.where(found > 0, 1 / np.maximum(found, 1), 0))), 4),
        "query_p50_ms": round(float(np.percentile(seconds, 50)) * 1000, 3),
        "query_p95_ms": round(float(np.percentile(seconds, 95)) * 1000, 3),
        "n": len(ranks),
    }


def passages(text: str, words: int = 120) -> list[str]:
    """A text cut every `words` words; an empty text has none."""
    tokens = text.split()
    return [" ".join(tokens[i : i + words]) for i in range(0, len(tokens), words)]


def _share(ranks: Any, k: int) -> float:
    return round(float(np.mean((ranks > 0) & (ranks <= k))), 4)
