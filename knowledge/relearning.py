"""Articles that change while the service runs: the ranker learns the new ones in a tenth of a second each, without training.

The classifier is one hyperplane an article, each fitted against all the others: that of a changed article is fitted again
on the texts of the index, and the others stay. Measured in docs/decisions/0018.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import faiss
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, vstack

from knowledge.articles import Article
from knowledge.index import PhrasingIndex
from knowledge.search import ArticleRanker
from nlu.features import FeatureExtractor, Features, readable
from nlu.intents import IntentClassifier, fit

FEWEST = 2  # articles: a ranking has a first and a second
_OTHERS, _OWN = "0", "1"


@dataclass(frozen=True, slots=True)
class Head:
    """The hyperplane of one article: weights of the n-grams (vocabulary) and of the vector (dimension), bias."""

    ngrams: npt.NDArray[np.float32]
    vector: npt.NDArray[np.float32]
    bias: float

    def to_bytes(self) -> bytes:
        """A hundred kilobytes, to be kept and given to the other processes."""
        written = io.BytesIO()
        np.savez(written, ngrams=self.ngrams.astype(np.float16), vector=self.vector, bias=np.float32(self.bias))
        return written.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what `to_bytes` wrote."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return cls(arrays["ngrams"].astype(np.float32), arrays["vector"], float(arrays["bias"]))


def head_of(classifier: IntentClassifier, article: str) -> Head:
    """The hyperplane of an article."""
    column = classifier.labels.index(article)
    weights = (classifier.ngram_weights[:, column], classifier.vector_weights[:, column])
    return Head(*weights, float(classifier.bias[column]))


NO_HEADS: Mapping[str, Head] = {}


def relearnt(
    ranker: ArticleRanker,
    extractor: FeatureExtractor,
    before: Mapping[str, Article],
    after: Mapping[str, Article],
    heads: Mapping[str, Head] = NO_HEADS,
) -> ArticleRanker:
    """The ranker of the articles `after`, from that of the articles `before`; the same one when no text that is learnt changed.

    Of an article, the index has its `learnt` texts in order, then messages of training, which stay with it. `heads` are
    hyperplanes of changed articles that another process has already fitted.

    Raises:
        ValueError: fewer than two articles.
    """
    if len(after) < FEWEST:
        raise ValueError("a ranking needs at least two articles")
    changed = {id_ for id_, a in after.items() if id_ not in before or a.learnt != before[id_].learnt}
    if not changed and before.keys() == after.keys():
        return ranker
    index = _reindexed(ranker.index, extractor, before, after)
    return replace(ranker, index=index, classifier=_refitted(ranker.classifier, index, changed, heads))


def own_rows(index: PhrasingIndex, articles: Mapping[str, Article]) -> dict[str, npt.NDArray[np.int64]]:
    """The rows of the index that hold the `learnt` texts of each article, in their order."""
    starts = np.searchsorted(index.owner, np.arange(len(index.entries)))
    return {
        id_: np.arange(start, start + len(articles[id_].learnt))
        for id_, start in zip(index.entries, starts, strict=True)
        if id_ in articles
    }


def vectors_of(index: PhrasingIndex) -> npt.NDArray[np.float32]:
    """The vectors of an index, shape (n, d)."""
    return np.asarray(index.vectors.reconstruct_n(0, index.vectors.ntotal), dtype=np.float32)


def features_of(texts: Sequence[str], extractor: FeatureExtractor) -> Features:
    """Features of texts, one after the other: many at once would load PyTorch into the service (nlu/embedding.py)."""
    read = [extractor.extract([readable(t)]) for t in texts]
    return Features(csr_matrix(vstack([r.ngrams for r in read])), np.vstack([r.vectors for r in read]))


def _reindexed(
    index: PhrasingIndex, extractor: FeatureExtractor, before: Mapping[str, Article], after: Mapping[str, Article]
) -> PhrasingIndex:
    """Rows of texts that stay are taken over, only new texts are read."""
    known = own_rows(index, before)
    sizes = dict(zip(index.entries, index.sizes, strict=True))
    new: list[str] = []
    rows: list[int] = []
    entries = tuple(sorted(after))
    counts = []
    for id_ in entries:
        kept = known.get(id_, np.zeros(0, dtype=np.int64))
        row_of = dict(zip(before[id_].learnt, kept.tolist(), strict=True)) if id_ in before else {}
        count = len(rows)
        for text in after[id_].learnt:
            if text not in row_of:
                row_of[text] = index.vectors.ntotal + len(new)
                new.append(text)
            rows.append(row_of[text])
        if len(kept):
            end = int(kept[-1]) + 1
            rows += range(end, int(kept[0]) + int(sizes[id_]))
        counts.append(len(rows) - count)
    vectors, ngrams = vectors_of(index), index.ngrams
    if new:
        read = features_of(new, extractor)
        vectors, ngrams = np.vstack([vectors, read.vectors]), csr_matrix(vstack([ngrams, read.ngrams]))
    kept_vectors = faiss.IndexFlatIP(vectors.shape[1])
    kept_vectors.add(np.ascontiguousarray(vectors[rows]))
    return PhrasingIndex(entries, np.repeat(np.arange(len(entries)), counts), kept_vectors, csr_matrix(ngrams[rows]))


def _refitted(
    classifier: IntentClassifier, index: PhrasingIndex, changed: Collection[str], heads: Mapping[str, Head]
) -> IntentClassifier:
    """The hyperplanes of `changed` articles are new, those of the others as they were."""
    old = {label: i for i, label in enumerate(classifier.labels)}
    stays = [(i, old[id_]) for i, id_ in enumerate(index.entries) if id_ not in changed]
    to, of = [i for i, _ in stays], [o for _, o in stays]
    ngrams = np.empty((len(classifier.ngram_weights), len(index.entries)), dtype=np.float32)
    vectors = np.empty((len(classifier.vector_weights), len(index.entries)), dtype=np.float32)
    bias = np.empty(len(index.entries), dtype=np.float32)
    ngrams[:, to], vectors[:, to] = classifier.ngram_weights[:, of], classifier.vector_weights[:, of]
    bias[to] = classifier.bias[of]
    for row, id_ in enumerate(index.entries):
        if id_ in changed:
            head = heads.get(id_)
            if head is None or len(head.ngrams) != len(ngrams):
                head = _fitted(index, row)
            ngrams[:, row], vectors[:, row], bias[row] = head.ngrams, head.vector, head.bias
    return IntentClassifier(index.entries, ngrams, vectors, bias, classifier.temperature)


def _fitted(index: PhrasingIndex, row: int) -> Head:
    """The hyperplane between the texts of one entry and all the others."""
    features = Features(index.ngrams, vectors_of(index))
    return head_of(fit(features, [_OWN if o == row else _OTHERS for o in index.owner]), _OWN)
