"""Looking an answer up while it is typed: by words at each key, by meaning once there is something to understand.

Words come first because they cost a fraction of a millisecond and follow the word being typed; the meaning of the finished
words (`Engine.search`) is remembered, so that it is read once a word and not once a key.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt

from knowledge.articles import Article
from knowledge.audience import Caller, fits
from knowledge.decisions import Scored
from knowledge.nearest import Nearest
from knowledge.service_types import Catalogue
from knowledge.triage import Engine
from knowledge.word_index import Passage, WordIndex, split_typed, words_of

LARGE = 2_000  # articles; beyond, the meaning is read on the nearest texts instead of a classifier of every article
LONGEST = 300  # characters of a query that are read
SHORTEST = 2  # characters from which there are results
CANDIDATES = 50
REMEMBERED = 4_096
QUESTION, PHRASING, ANSWER, LABEL = 3.0, 1.0, 0.6, 1.0  # what a word of each counts
WORDS = 0.5  # of the words in the fused score of one word, less of more words; quality is flat from 0.2 to 1 on the dev split
NEAREST_WORDS = (
    0.85  # of the words when the meaning is that of the nearest texts, which knows much less than a classifier
)


class Meaning(Protocol):
    """What ranks articles by what a text means: an `Engine`, or `Nearest`."""

    def search(self, query: str, limit: int) -> list[Scored]:
        """Articles best first, relevances in [0, 1]."""
        ...


@dataclass(frozen=True, slots=True)
class Results:
    """`found`: article ids with a relevance in [0, 1], best first. `set_aside`: how many others are not for this caller.

    `complete` is False when only the words were looked at: the same query, settled, may give more.
    """

    found: tuple[Scored, ...]
    set_aside: int = 0
    complete: bool = True


@dataclass(frozen=True, eq=False)
class Lookup:
    """Articles, their words, and what reads meaning. Each is its own: two are never equal."""

    articles: Mapping[str, Article]
    ids: tuple[str, ...]
    words: WordIndex
    meaning: Meaning
    rows: Mapping[str, int]
    words_share: float | None = None  # None: less as the query gets longer
    _meant: OrderedDict[str, tuple[Scored, ...]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    @classmethod
    def of(cls, articles: Mapping[str, Article], catalogue: Catalogue, meaning: Meaning) -> Self:
        """The look-up of these articles."""
        share = NEAREST_WORDS if isinstance(meaning, Nearest) else None
        words = WordIndex.build([list(_passages(a, catalogue)) for a in articles.values()])
        return cls(articles, tuple(articles), words, meaning, {id_: row for row, id_ in enumerate(articles)}, share)

    def search(self, query: str, *, settled: bool = True, caller: Caller | None = None, limit: int = 8) -> Results:
        """The articles nearest to what was typed.

        `settled` is False while somebody types: the last word may be unfinished, and a single word is looked up by its
        letters only.
        """
        query = " ".join(query[:LONGEST].split())
        if sum(c.isalnum() for c in query) < SHORTEST:
            return Results(())
        scores, complete = self._scores(query, settled)
        order = np.argsort(-scores, kind="stable")[:CANDIDATES]
        ranked = [Scored(self.ids[i], float(min(1.0, scores[i]))) for i in order if scores[i] > 0]
        kept = [s for s in ranked if caller is None or fits(self.articles[s.id], caller)]
        return Results(tuple(_worth_showing(kept)[:limit]), len(ranked) - len(kept), complete)

    def _scores(self, query: str, settled: bool) -> tuple[npt.NDArray[np.float32], bool]:
        matches = self.words.match(query, typing=not settled)
        best = float(matches.scores.max(initial=0.0))
        by_words = matches.scores * matches.coverage / best if best else matches.scores
        finished = query if settled else split_typed(query)[0]
        if not settled and not any(c.isalnum() for c in finished):
            return by_words, False
        share = self.words_share or WORDS / max(1, len(words_of(query))) ** 0.5
        scores = share * by_words
        for scored in self._by_meaning(finished.strip()):
            scores[self.rows[scored.id]] += (1 - share) * scored.score
        return scores, settled or finished == query

    def _by_meaning(self, text: str) -> tuple[Scored, ...]:
        with self._lock:
            if text in self._meant:
                self._meant.move_to_end(text)
                return self._meant[text]
        found = tuple(s for s in self.meaning.search(text, CANDIDATES) if s.id in self.rows)
        with self._lock:
            self._meant[text] = found
            if len(self._meant) > REMEMBERED:
                self._meant.popitem(last=False)
        return found


def lookup_of(engine: Engine) -> Lookup:
    """The look-up of the articles that an engine has now. Milliseconds for hundreds of articles, longer beyond LARGE."""
    articles = dict(engine.articles)
    meaning: Meaning = engine
    if len(articles) > LARGE:
        meaning = Nearest.build(articles, engine.understander.extractor.embedder)
    return Lookup.of(articles, engine.catalogue, meaning)


def _worth_showing(ranked: list[Scored]) -> list[Scored]:
    """Without the tail: what is far below the first has nothing to do with the query."""
    floor = ranked[0].score * 0.02 if ranked else 0.0
    return [s for s in ranked if s.score >= floor]


def _passages(article: Article, catalogue: Catalogue) -> Iterable[Passage]:
    yield Passage(article.question, QUESTION)
    for phrasing in article.phrasings:
        yield Passage(phrasing.text, PHRASING)
    yield Passage(article.answer, ANSWER)
    if article.service_type in catalogue.types:
        yield Passage(catalogue.types[article.service_type].label, LABEL)
