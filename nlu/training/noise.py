"""Spelling noise for training: typos, phonetic and SMS spellings, lost accents, apostrophes and spaces."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache

from nlu.normalisation import fold, sms_lexicon

_AZERTY = ("azertyuiop", "qsdfghjklm", "wxcvbn")
_PHONETIC = (
    ("eau", "o"), ("au", "o"), ("qu", "k"), ("ph", "f"), ("ss", "s"), ("tt", "t"), ("ll", "l"), ("nn", "n"), ("mm", "m"),
    ("aient", "ai"), ("ais", "é"), ("ait", "é"), ("er ", "é "), ("ez ", "é "), ("ent ", "e "), ("es ", "e "), ("ch", "sh"),
    ("c'est", "c"), ("je ", "j"), ("ne ", ""), ("oi", "wa"), ("ai", "é"),
)  # fmt: skip
_WORD = re.compile(r"\w+")
COPIES = 2
LONGEST = 300  # characters


@cache
def _neighbours() -> dict[str, str]:
    near: dict[str, str] = {}
    for row in _AZERTY:
        for i, letter in enumerate(row):
            near[letter] = row[max(0, i - 1) : i] + row[i + 1 : i + 2]
    return near


@cache
def _spoken_to_sms() -> dict[str, list[str]]:
    reverse: dict[str, list[str]] = {}
    for short, full in sms_lexicon().items():
        if full and " " not in full and "'" not in full:
            reverse.setdefault(fold(full), []).append(short)
    return reverse


def add_noise(text: str, rng: random.Random, strength: float = 1.0) -> str:
    """`text` as a hurried hand would have typed it. `strength` 1 is about one change in six words."""
    text = rng.choice((_typos, _phonetic, _sms, _careless))(text, rng, strength)
    if rng.random() < 0.3:
        text = rng.choice((_typos, _sms))(text, rng, strength * 0.5)
    return text


def noisy_copies(text: str, seed: int) -> list[str]:
    """`COPIES` noisy forms of a short text, always the same for a text and a seed; a mail has none."""
    if len(text) > LONGEST:
        return []
    rng = random.Random(f"{seed}:{text}")  # noqa: S311  (not for secrets)
    return [add_noise(text, rng) for _ in range(COPIES)]


def _words(text: str, change: Callable[[str], str], rng: random.Random, rate: float) -> str:
    return _WORD.sub(lambda m: change(m.group()) if rng.random() < rate else m.group(), text)


def _typos(text: str, rng: random.Random, strength: float) -> str:
    return _words(text, lambda w: _typo(w, rng), rng, 0.18 * strength)


def _typo(word: str, rng: random.Random) -> str:
    if len(word) < 4 or any(c.isdigit() for c in word) or word.isupper():
        return word
    i = rng.randrange(1, len(word) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return word[:i] + word[i + 1 :]
    if kind == 1:
        return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    if kind == 2:
        return word[:i] + word[i] + word[i:]
    near = _neighbours().get(word[i].lower())
    return word[:i] + rng.choice(near) + word[i + 1 :] if near else word


def _phonetic(text: str, rng: random.Random, strength: float) -> str:
    for spelling, sound in _PHONETIC:
        if rng.random() < 0.35 * strength:
            text = text.replace(spelling, sound)
    return text


def _sms(text: str, rng: random.Random, strength: float) -> str:
    def shorten(word: str) -> str:
        options = _spoken_to_sms().get(fold(word))
        return rng.choice(options) if options else word

    return _words(text, shorten, rng, 0.6 * strength)


def _careless(text: str, rng: random.Random, strength: float) -> str:
    text = fold(text)
    if rng.random() < 0.7:
        text = re.sub(r"[?.,;:!]", "", text)
    if rng.random() < 0.6:
        text = text.replace("'", rng.choice(("", " ")))
    pieces = text.split(" ")
    if len(pieces) > 3 and rng.random() < 0.4 * strength:
        i = rng.randrange(len(pieces) - 1)
        pieces[i : i + 2] = [pieces[i] + pieces[i + 1]]
    return " ".join(pieces)
