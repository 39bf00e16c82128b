"""A typed word against a whole vocabulary at once: which words, or beginnings of words, are within one or two wrong letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

LONGEST = 24  # letters looked at
MOST = 12  # words given back
_FAR = 9


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`letters` (LONGEST × words): code points, 0 after the end; `lengths` of the words."""

    words: tuple[str, ...]
    letters: npt.NDArray[np.uint16]
    lengths: npt.NDArray[np.int16]

    @classmethod
    def of(cls, words: Sequence[str]) -> Self:
        """The vocabulary of these words, cut at LONGEST letters."""
        letters = np.zeros((LONGEST, len(words)), dtype=np.uint16)
        for column, word in enumerate(words):
            codes = [min(ord(c), 0xFFFF) for c in word[:LONGEST]]
            letters[: len(codes), column] = codes
        return cls(tuple(words), letters, np.array([min(len(w), LONGEST) for w in words], dtype=np.int16))

    def within(self, word: str, wrong: int, *, beginning: bool = False) -> tuple[str, ...]:
        """Words at most `wrong` letters away (one changed, missing, added, or two swapped), nearest first.

        With `beginning`, it is enough that a beginning of the word is that near.
        """
        word = word[:LONGEST]
        if not self.words or not word:
            return ()
        near = self.lengths >= len(word) - wrong
        if not beginning:
            near &= self.lengths <= len(word) + wrong
        columns = np.flatnonzero(near)
        table = _distances(word, self.letters[:, columns], wrong)
        if beginning:
            found = table.min(axis=0)
        else:
            offset = np.clip(self.lengths[columns] - len(word) + wrong, 0, 2 * wrong)
            found = table[offset, np.arange(len(columns))]
        kept = np.flatnonzero(found <= wrong)
        order = kept[np.argsort(found[kept], kind="stable")][:MOST]
        return tuple(self.words[columns[i]] for i in order)


def _distances(word: str, letters: npt.NDArray[np.uint16], wrong: int) -> npt.NDArray[np.int8]:
    """Distance of `word` to the beginnings of len(word) - wrong … len(word) + wrong letters, shape (2·wrong + 1, words).

    Only a band of `wrong` cells on each side of the diagonal is filled: beyond, the distance is larger anyway.
    """
    size, n = letters.shape[1], len(word)
    far = np.full(size, _FAR, dtype=np.int8)
    rows: list[dict[int, npt.NDArray[np.int8]]] = [
        {j: np.full(size, j, dtype=np.int8) for j in range(min(wrong, LONGEST) + 1)}
    ]
    for i in range(1, n + 1):
        before = rows[-1]
        row: dict[int, npt.NDArray[np.int8]] = {}
        for j in range(max(0, i - wrong), min(i + wrong, LONGEST) + 1):
            cell = before.get(j, far) + 1
            if j:
                same = letters[j - 1] == ord(word[i - 1])
                cell = np.minimum(cell, row.get(j - 1, far) + 1)
                cell = np.minimum(cell, before.get(j - 1, far) + ~same)
            if i > 1 and j > 1:
                swapped = (letters[j - 2] == ord(word[i - 1])) & (letters[j - 1] == ord(word[i - 2]))
                cell = np.where(swapped, np.minimum(cell, rows[-2].get(j - 2, far) + 1), cell)
            row[j] = cell.astype(np.int8)
        rows = [before, row]
    return np.stack([rows[-1].get(n + shift, far) for shift in range(-wrong, wrong + 1)])
