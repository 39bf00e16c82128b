"""The words of the articles, in memory: whole words by stem, the word being typed by its beginning, typos, acronyms exactly.

Scores are BM25 over stems (Robertson and Zaragoza, 2009), the question counting more than the answer. A word that nobody
wrote is compared with the whole vocabulary at once (edit distance, a swap of two letters counting one). No library of the
service ranks prefixes and typos by rarity: tantivy gives every such match the same score.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Self

import numpy as np
import numpy.typing as npt
import Stemmer

from knowledge.typos import Vocabulary
from nlu.normalisation import clean, expand, fold

Floats = npt.NDArray[np.float32]
Weighted = tuple[tuple[int, float], ...]  # (stem, how much it counts)
K1, B = 1.2, 0.6
BEGINNING = 0.8  # of a whole word's score, for a word that is being typed
TYPO = {1: 0.7, 2: 0.45}  # by number of wrong letters
TYPO_FROM = {1: 4, 2: 8}  # letters of the typed word
MOST_ENDINGS = 48  # words that a beginning stands for, the most frequent first
_WORD = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_ACRONYM = re.compile(r"\b[A-Z]{2,6}\b")
_LOWER = re.compile(r"[a-zà-ÿ]{2}")


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of an article and how much its words count."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Matches:
    """`scores`: BM25 of each document, shape (n,). `coverage`: share of the query's weight that it has, in [0, 1]."""

    scores: Floats
    coverage: Floats


@dataclass(frozen=True)
class WordIndex:
    """Postings by stem: `documents[s]` (rows) and `impacts[s]` (BM25 parts). `words` is sorted, `stems` in the same order."""

    size: int
    acronyms: frozenset[str]
    words: tuple[str, ...]
    stems: npt.NDArray[np.int64]
    frequencies: npt.NDArray[np.int64]
    stem_ids: dict[str, int]
    idf: Floats
    documents: tuple[npt.NDArray[np.int64], ...]
    impacts: tuple[Floats, ...]
    vocabulary: Vocabulary
    _known: dict[tuple[str, bool], Weighted] = field(default_factory=dict)

    @classmethod
    def build(cls, documents: Sequence[Sequence[Passage]]) -> Self:
        """Index documents, each made of passages."""
        acronyms = _acronyms(p.text for passages in documents for p in passages)
        counts: list[dict[str, float]] = []
        words: Counter[str] = Counter()
        stem_of: dict[str, str] = {}
        for passages in documents:
            count: dict[str, float] = defaultdict(float)
            for passage in passages:
                for word in words_of(passage.text):
                    stem = stem_of.get(word) or stem_of.setdefault(word, word if word in acronyms else _stem(word))
                    count[stem] += passage.weight
                    words[word] += 1
            counts.append(count)
        stem_ids = {stem: i for i, stem in enumerate(sorted(set(stem_of.values())))}
        idf, rows, impacts = _postings(counts, stem_ids)
        ordered = tuple(sorted(words))
        return cls(
            size=len(documents),
            acronyms=acronyms,
            words=ordered,
            stems=np.array([stem_ids[stem_of[w]] for w in ordered], dtype=np.int64),
            frequencies=np.array([words[w] for w in ordered], dtype=np.int64),
            stem_ids=stem_ids,
            idf=idf,
            documents=rows,
            impacts=impacts,
            vocabulary=Vocabulary.of([w for w in ordered if w not in acronyms]),
        )

    def match(self, query: str, *, typing: bool) -> Matches:
        """How the documents match a query; with `typing`, its last word may be unfinished."""
        scores, covered = np.zeros(self.size, dtype=np.float32), np.zeros(self.size, dtype=np.float32)
        whole, last = split_typed(query) if typing else (query, "")
        asked = [self._meant(w, typed=False) for w in dict.fromkeys(words_of(expand(undotted(clean(whole)))))]
        if last:
            asked.append(self._meant(last, typed=True))
        asked_weight = 0.0
        for meant in asked:
            weight = max((self.idf[stem] * share for stem, share in meant), default=float(self.idf.max(initial=1.0)))
            asked_weight += float(weight)
            best = np.zeros(self.size, dtype=np.float32)
            for stem, share in sorted(meant, key=lambda pair: pair[1]):
                rows = self.documents[stem]
                best[rows] = np.maximum(best[rows], share * self.impacts[stem])
            scores += best
            covered += (best > 0) * np.float32(weight)
        return Matches(scores, covered / asked_weight if asked_weight else covered)

    def _meant(self, word: str, *, typed: bool) -> Weighted:
        """The stems that a typed word stands for. Remembered: the same words come back at each key."""
        key = (word, typed)
        if key not in self._known:
            if len(self._known) > 20_000:
                self._known.clear()
            self._known[key] = tuple(self._search(word, typed=typed).items())
        return self._known[key]

    def _search(self, word: str, *, typed: bool) -> dict[int, float]:
        if word in self.acronyms:  # exactly: neither its beginning nor a typo leads elsewhere
            return {self.stem_ids[word]: 1.0} if word in self.stem_ids else {}
        meant: dict[int, float] = {}
        stem = self.stem_ids.get(_stem(word))
        if stem is not None:
            meant[stem] = 1.0
        if typed:
            for row in self._beginning_with(word):
                meant.setdefault(int(self.stems[row]), BEGINNING)
        if not meant and not any(c.isdigit() for c in word):
            for wrong, longest in TYPO.items():
                if len(word) >= TYPO_FROM[wrong] and not meant:
                    for close in self.vocabulary.within(word, wrong, beginning=typed):
                        meant.setdefault(int(self.stems[bisect_left(self.words, close)]), longest)
        return meant

    def _beginning_with(self, beginning: str) -> npt.NDArray[np.int64]:
        start, end = bisect_left(self.words, beginning), bisect_left(self.words, beginning + "\uffff")
        rows = np.arange(start, end)
        return rows[np.argsort(-self.frequencies[start:end], kind="stable")[:MOST_ENDINGS]]


def words_of(text: str) -> list[str]:
    """The words of a text, folded; a single letter is not one."""
    return [w for w in _WORD.findall(fold(text)) if len(w) > 1 or w.isdigit()]


def undotted(text: str) -> str:
    """ "B.T.S." as "BTS"."""
    return _DOTTED.sub(lambda m: m.group().replace(".", ""), text)


def split_typed(query: str) -> tuple[str, str]:
    """The finished words, and the one being typed (folded; empty after a space or a sign)."""
    text = undotted(query)
    found = list(_WORD.finditer(text))
    if not found or found[-1].end() < len(text):
        return query, ""
    return text[: found[-1].start()], fold(found[-1].group())


def _acronyms(texts: Iterable[str]) -> frozenset[str]:
    """What is written in capitals, in texts that are not all so."""
    found: set[str] = set()
    for text in texts:
        if _LOWER.search(text):
            found.update(a.lower() for a in _ACRONYM.findall(text))
    return frozenset(found)


def _postings(
    counts: Sequence[dict[str, float]], stem_ids: dict[str, int]
) -> tuple[Floats, tuple[npt.NDArray[np.int64], ...], tuple[Floats, ...]]:
    lengths = np.array([sum(c.values()) for c in counts], dtype=np.float32)
    norms = K1 * (1 - B + B * lengths / max(float(lengths.mean()) if len(lengths) else 1.0, 1e-9))
    by_stem: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for row, count in enumerate(counts):
        for stem, number in count.items():
            by_stem[stem_ids[stem]].append((row, number))
    idf = np.zeros(len(stem_ids), dtype=np.float32)
    documents, impacts = [], []
    for id_ in range(len(stem_ids)):
        rows = np.array([r for r, _ in by_stem[id_]], dtype=np.int64)
        numbers = np.array([n for _, n in by_stem[id_]], dtype=np.float32)
        idf[id_] = np.log1p((len(counts) - len(rows) + 0.5) / (len(rows) + 0.5))
        documents.append(rows)
        impacts.append((idf[id_] * numbers * (K1 + 1) / (numbers + norms[rows])).astype(np.float32))
    return idf, tuple(documents), tuple(impacts)


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("french")


def _stem(word: str) -> str:
    """The French stem of a folded word (Snowball)."""
    return str(_stemmer().stemWord(word))
