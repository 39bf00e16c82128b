"""Questions as tests: each article has questions that must lead to it, and a change shows which ones it would mislead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, vstack

from knowledge.articles import Article
from knowledge.relearning import features_of, own_rows, vectors_of
from knowledge.search import ArticleRanker
from nlu.features import FeatureExtractor, Features

MOST_READ = 20_000  # questions remembered


@dataclass(frozen=True, slots=True)
class Misled:
    """A question of `article` that leads to `found`; `before` is where it led (None: it is a new question)."""

    article: str
    text: str
    found: str
    before: str | None


class Finder(Protocol):
    """What has articles and says which one a text leads to: an `Engine`."""

    @property
    def articles(self) -> Mapping[str, Article]:
        """By id."""
        ...

    def best_articles(self, texts: Sequence[str]) -> list[str]:
        """The first article of each text."""
        ...


def questions_of(articles: Mapping[str, Article]) -> list[tuple[str, str]]:
    """(article, text) of every question that must lead to its article: those written as tests, its own, its phrasings."""
    return [(a.id, text) for a in articles.values() for text in (*a.tests, *a.learnt)]


def newly_misled(before: Finder, after: Finder) -> list[Misled]:
    """The questions of the articles `after` that do not lead to their article, though they did, or are new.

    What was already wrong is not of this change. Two seconds for 150 articles.
    """
    asked = questions_of(after.articles)
    led = dict(zip(asked, before.best_articles([t for _, t in asked]), strict=True))
    known = set(questions_of(before.articles))
    found = after.best_articles([text for _, text in asked])
    return [
        Misled(article, text, best, led[article, text] if (article, text) in known else None)
        for (article, text), best in zip(asked, found, strict=True)
        if best != article and ((article, text) not in known or led[article, text] == article)
    ]


def best_articles(
    texts: Sequence[str],
    ranker: ArticleRanker,
    articles: Mapping[str, Article],
    extractor: FeatureExtractor,
    read: dict[str, Features],
) -> list[str]:
    """The first article of each text. What the index holds is not read again, nor what is in `read`, where the rest is kept."""
    if not texts:
        return []
    features = _features(texts, ranker, articles, extractor, read)
    scores = ranker.classifier.scores(features)
    for row in range(len(texts)):
        one = Features(features.ngrams[row], features.vectors[row : row + 1])
        scores[row] += ranker.similarity_weight * ranker.index.scores(one)
    return [ranker.index.entries[i] for i in scores.argmax(axis=1)]


def _features(
    texts: Sequence[str],
    ranker: ArticleRanker,
    articles: Mapping[str, Article],
    extractor: FeatureExtractor,
    read: dict[str, Features],
) -> Features:
    rows = {
        text: int(row)
        for id_, found in own_rows(ranker.index, articles).items()
        for text, row in zip(articles[id_].learnt, found, strict=True)
    }
    new = list(dict.fromkeys(t for t in texts if t not in rows and t not in read))
    if len(read) + len(new) > MOST_READ:
        read.clear()
        new = list(dict.fromkeys(t for t in texts if t not in rows))
    if new:
        extracted = features_of(new, extractor)
        for i, text in enumerate(new):
            read[text] = Features(extracted.ngrams[i], extracted.vectors[i : i + 1])
    others = list(dict.fromkeys(t for t in texts if t not in rows))
    at = rows | {text: ranker.index.vectors.ntotal + i for i, text in enumerate(others)}
    vectors: npt.NDArray[np.float32] = np.vstack([vectors_of(ranker.index), *(read[t].vectors for t in others)])
    ngrams = csr_matrix(vstack([ranker.index.ngrams, *(read[t].ngrams for t in others)]))
    wanted = [at[t] for t in texts]
    return Features(csr_matrix(ngrams[wanted]), vectors[wanted])
