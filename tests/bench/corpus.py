"""A large FAQ for the measures, made from the real articles by a fixed recipe. Never shown to anybody.

Article n copies real article n modulo 149: its question and its answer, in which two content words out of five are replaced
by other words of the FAQ, the same way all through the article, so that it speaks of something of its own. It has no
phrasing, like an article imported from elsewhere. The real articles come first, untouched.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from knowledge.articles import Article

SEED = 2026
REPLACED = 0.4  # of the content words
_WORD = re.compile(r"[^\W\d_]{5,}")


def large_faq(articles: Mapping[str, Article], size: int) -> dict[str, Article]:
    """`size` articles: the real ones, then the made ones."""
    real = list(articles.values())
    words = _words(real)
    made: dict[str, Article] = dict(articles)
    for number in range(len(real), size):
        model = real[number % len(real)]
        made[f"{model.id}__{number}"] = _other(model, number, words)
    return made


def _words(articles: list[Article]) -> list[str]:
    counted = Counter(w.lower() for a in articles for w in _WORD.findall(f"{a.question} {a.answer}"))
    return sorted(w for w, n in counted.items() if n <= 40)


def _other(model: Article, number: int, words: list[str]) -> Article:
    draw = random.Random(SEED * 1_000_003 + number)
    swapped: dict[str, str] = {}

    def swap(match: re.Match[str]) -> str:
        word = match.group().lower()
        if word not in swapped:
            swapped[word] = draw.choice(words) if draw.random() < REPLACED else match.group()
        return swapped[word]

    return replace(
        model,
        id=f"{model.id}__{number}",
        question=_WORD.sub(swap, model.question),
        answer=_WORD.sub(swap, model.answer),
        phrasings=(),
    )
