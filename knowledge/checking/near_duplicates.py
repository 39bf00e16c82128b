"""Messages that are nearly the same: under two subjects they teach a contradiction, on two sides of the split they flatter.

Two texts are compared by the cosine of their 4-letter sequences (inside words, after folding; square roots of counts, so that
a word said five times does not weigh five times). The threshold was read on the project's messages: at 0.75 and above, all
pairs are one sentence with a word or two changed ("ce devoir me tue", "ce devoir de physique me tue"); between 0.65 and 0.70
most are two people who ask the same thing with the words of the subject, which is what the measure is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from knowledge.articles import Article
from knowledge.checking.comparing import comparable
from knowledge.checking.messages import Message
from knowledge.content_file import Fault
from knowledge.splits import TRAIN
from nlu.training.data import CONVERSATION, SAFETY

THRESHOLD = 0.75
FEWEST_WORDS = 4  # of both texts: "je veux mourir" or "ça va" is nobody's phrase
_LETTERS = 4
_IGNORED = 0.6  # length of the part of a text that is left out when candidates are looked for; under the threshold
_AT_ONCE = 20_000  # pairs compared together

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A text that is compared: `where` is a message, or the file and line of an article's phrasing."""

    text: str
    subject: str
    split: str
    where: Message | tuple[Path, int]

    @property
    def place(self) -> tuple[Path, int]:
        return (self.where.path, self.where.line) if isinstance(self.where, Message) else self.where


def near_duplicate_faults(messages: Sequence[Message], articles: Sequence[Article]) -> Iterator[Fault]:
    """Pairs across the splits, and pairs of training under two subjects, told where the later one stands."""
    entries = [_Entry(m.example.text, m.subject, m.split, m) for m in messages if m.split == TRAIN]
    entries += [
        _Entry(p.text, f"{a.service_type}/{a.id}", TRAIN, (a.path, p.line)) for a in articles for p in a.phrasings
    ]
    entries += [_Entry(m.example.text, m.subject, m.split, m) for m in messages if m.split != TRAIN]
    for first, second, cosine in near_pairs([e.text for e in entries]):
        one, other = entries[first], entries[second]
        across = one.split != other.split
        if across or _contradict(one, other):
            path, line = other.place
            known = str(Fault(*one.place, "")).removesuffix(": ")
            what = (
                "de l'autre côté de la séparation"
                if across
                else f"sous un autre sujet ({one.subject}, {other.subject})"
            )
            near = f"{cosine:.2f}".replace(".", ",")
            yield Fault(path, line, f"presque le même message que {known} {what}, à {near} : {other.text[:60]}")


def _contradict(one: _Entry, other: _Entry) -> bool:
    """Two subjects of training for nearly one message. Alarms and innocent messages are alike on purpose, and turns of
    conversation are bits of requests: neither counts.
    """
    groups = [e.subject.partition("/")[0] for e in (one, other)]
    meant = CONVERSATION in groups or groups == [SAFETY, SAFETY]
    return one.split == other.split == TRAIN and one.subject != other.subject and not meant


def near_pairs(texts: Sequence[str], threshold: float = THRESHOLD) -> list[tuple[int, int, float]]:
    """Pairs (i < j) of texts at `threshold` or more with their cosine, the same text included; short texts left out.

    Exact, in a sparse product. Sequences have one order, rare ones first; the end of each row, of length under `_IGNORED`, is
    cut. A pair that shares nothing of what is left has a cosine under `_IGNORED`, and the product of what is left falls
    short of the cosine by `_IGNORED` at most: only pairs over the difference are compared in full.
    """
    from sklearn.feature_extraction.text import CountVectorizer  # not for serving: 60 MB, a second and a half
    from sklearn.preprocessing import normalize

    forms = [comparable(t) for t in texts]
    rows = np.array([i for i, f in enumerate(forms) if len(f.split()) >= FEWEST_WORDS], dtype=np.int64)
    if len(rows) < 2:
        return []
    vectorizer = CountVectorizer(analyzer="char_wb", ngram_range=(_LETTERS, _LETTERS), dtype=np.float32)
    matrix = csr_matrix(vectorizer.fit_transform([forms[i] for i in rows]))
    matrix.data = np.sqrt(matrix.data)
    matrix = csr_matrix(normalize(matrix))
    rare = _rare_part(matrix)
    product = (rare @ rare.T).tocoo()
    candidate = (product.row < product.col) & (product.data >= threshold - _IGNORED - 1e-5)
    first, second = product.row[candidate], product.col[candidate]
    cosines = _cosines(matrix, first, second)
    found = np.flatnonzero(cosines >= threshold - 1e-6)
    return sorted((int(rows[first[k]]), int(rows[second[k]]), float(cosines[k])) for k in found)


def _rare_part(matrix: csr_matrix) -> csr_matrix:
    """Each row without its most frequent sequences, as many as fit in a length of `_IGNORED`."""
    frequency = np.bincount(matrix.indices, minlength=matrix.shape[1])
    rank = np.empty(matrix.shape[1], dtype=np.int64)
    rank[np.argsort(-frequency, kind="stable")] = np.arange(matrix.shape[1])
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    order = np.lexsort((rank[matrix.indices], row))
    squares = np.cumsum(matrix.data[order].astype(np.float64) ** 2)
    before = np.concatenate([[0.0], squares])[matrix.indptr[:-1]]
    kept = order[squares - np.repeat(before, np.diff(matrix.indptr)) >= _IGNORED**2]
    return csr_matrix((matrix.data[kept], (row[kept], matrix.indices[kept])), shape=matrix.shape)


def _cosines(matrix: csr_matrix, first: Rows, second: Rows) -> npt.NDArray[np.float64]:
    parts = [
        np.asarray(matrix[first[i : i + _AT_ONCE]].multiply(matrix[second[i : i + _AT_ONCE]]).sum(axis=1)).ravel()
        for i in range(0, len(first), _AT_ONCE)
    ]
    return np.concatenate(parts) if parts else np.empty(0)
