"""The messages measured: those of nlu/data/dev, written by people the models never saw."""

from __future__ import annotations

import random
from dataclasses import dataclass

from nlu.training.data import load_examples

SHORT_WORDS = range(12, 19)  # about fifteen
LONG_WORDS = range(80, 126)  # about a hundred
SEED = 17


@dataclass(frozen=True, slots=True)
class Texts:
    """`short`: chat messages of about 15 words; `mails`: of about 100; `questions`: short ones that the FAQ answers."""

    short: tuple[str, ...]
    mails: tuple[str, ...]
    questions: tuple[str, ...]


def load_texts() -> Texts:
    """Every text once, always in the same order."""
    examples = load_examples("dev")
    shuffled = list(dict.fromkeys(e.text for e in examples))
    random.Random(SEED).shuffle(shuffled)
    asked = {e.text for e in examples if e.article is not None}
    short = tuple(t for t in shuffled if len(t.split()) in SHORT_WORDS)
    mails = tuple(t for t in shuffled if len(t.split()) in LONG_WORDS)
    return Texts(short, mails, tuple(t for t in short if t in asked))
