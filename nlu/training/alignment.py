"""IBM model 1 between the subwords of two languages: which translates which, learnt from pairs of sentences alone.

Brown et al., "The Mathematics of Statistical Machine Translation", 1993. A subword counts once a sentence; each side has an
empty word that takes what has no translation.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ROUNDS = 6
CANDIDATES = (
    100  # English subwords kept for each French one: those that most often come with it (Dice); bounds the table
)
BLOCK = 4000  # pairs read together
SLICE = 2000  # French subwords counted together
SMALLEST = 1e-12


@dataclass(frozen=True, slots=True)
class Alignment:
    """Couples of subwords, four arrays of shape (n,): ids, p(english | french) and p(french | english)."""

    french: Ids
    english: Ids
    to_english: Floats
    to_french: Floats

    def save(self, path: Path) -> None:
        """Write as .npz; the file is there whole or not at all."""
        unfinished = path.with_suffix(".new.npz")
        np.savez(unfinished, **{name: getattr(self, name) for name in self.__slots__})
        unfinished.replace(path)

    @classmethod
    def load(cls, path: Path) -> Alignment:
        """Read what `save` wrote."""
        with np.load(path) as stored:
            return cls(**{name: stored[name] for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class _Block:
    """Links between the subwords of some pairs: file of shape (3, links), int32: place of the French subword among those of
    these pairs, place of the English one, row in the table; and where those places start in the whole.
    """

    links: Path
    rows: slice


def align(french: Any, english: Any, work: Path, rounds: int = ROUNDS) -> Alignment:
    """Learn both directions.

    `french`, `english`: sparse matrices (scipy CSR, sorted indices) of shape (pairs, subwords), 1 where the sentence has the
    subword; `work`: folder for temporary files (12 bytes a link). Memory: the matrices, the table and one block of links.
    """
    keys = _candidates(french, english)
    ids = keys // english.shape[1], keys % english.shape[1]
    with tempfile.TemporaryDirectory(dir=work, prefix="liens-") as folder:
        blocks = list(_write_links(french, english, keys, Path(folder)))
        print(f"alignement : {french.shape[0]} paires, {len(keys)} couples de sous-mots", flush=True)
        to_french = _learn(blocks, french, 0, ids, rounds)
        to_english = _learn(blocks, english, 1, ids, rounds)
    return Alignment(ids[0], ids[1], to_english, to_french)


def _candidates(french: Any, english: Any) -> Ids:
    """The rows of the table, sorted: French id × number of English subwords + English id."""
    columns = french.tocsc()
    often_french, often_english = (np.asarray(m.sum(axis=0)).ravel() for m in (french, english))
    kept = []
    for first in range(0, french.shape[1], SLICE):
        together = (columns[:, first : first + SLICE].T @ english).tocoo()
        rows = together.row.astype(np.int64) + first
        dice = together.data / (often_french[rows] + often_english[together.col])
        order = np.lexsort((-dice, rows))
        rank = np.arange(len(order)) - np.searchsorted(rows[order], rows[order])
        best = order[rank < CANDIDATES]
        kept.append(np.sort(rows[best] * english.shape[1] + together.col[best]))
    return np.concatenate(kept)


def _write_links(french: Any, english: Any, keys: Ids, folder: Path) -> Iterator[_Block]:
    for first in range(0, french.shape[0], BLOCK):
        f, e = french[first : first + BLOCK], english[first : first + BLOCK]
        each = np.repeat(np.diff(e.indptr), np.diff(f.indptr))  # links of each French subword of these sentences
        f_place = np.repeat(np.arange(f.nnz), each)
        within = np.arange(len(f_place)) - np.repeat(np.cumsum(each) - each, each)
        e_place = np.repeat(np.repeat(e.indptr[:-1], np.diff(f.indptr)), each) + within
        wanted = f.indices[f_place].astype(np.int64) * english.shape[1] + e.indices[e_place]
        row = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        there = keys[row] == wanted
        path = folder / f"{first}.npy"
        np.save(path, np.stack([f_place, e_place, row])[:, there].astype(np.int32))
        yield _Block(path, slice(first, first + BLOCK))


def _learn(blocks: list[_Block], target: Any, side: int, ids: tuple[Ids, Ids], rounds: int) -> Floats:
    """p(target | source) for each row of the table, by expectation–maximisation; `side`: 0 when the target is French."""
    source = ids[1 - side]
    table, empty = np.ones(len(source)), np.ones(target.shape[1])
    for done in range(rounds):
        counts, empty_counts = np.zeros_like(table), np.zeros_like(empty)
        for block in blocks:
            links = np.load(block.links)
            place, row = links[side], links[2]
            words = target[block.rows].indices
            weights = table[row]
            total = np.bincount(place, weights, minlength=len(words)) + empty[words] + SMALLEST
            counts += np.bincount(row, weights / total[place], minlength=len(table))
            empty_counts += np.bincount(words, empty[words] / total, minlength=len(empty))
        table = counts / np.maximum(np.bincount(source, counts), SMALLEST)[source]
        empty = empty_counts / max(float(empty_counts.sum()), SMALLEST)
        print(f"alignement vers {'le français' if side == 0 else 'l’anglais'} : {done + 1}/{rounds}", flush=True)
    return table
