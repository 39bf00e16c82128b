"""An FAQ of twenty thousand articles: the words alone, which every key pays for, and the recipe that makes it."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import pytest

from knowledge.articles import load_articles
from knowledge.decisions import Scored
from knowledge.lookup import LARGE, Lookup
from knowledge.nearest import Nearest
from knowledge.service_types import load_catalogue
from tests.bench.corpus import large_faq
from tests.nlu.embedders import HashEmbedder

KEY_MS = 25
SIZE = 20_000


class Nothing:
    """No meaning: what is measured is the words."""

    def search(self, query: str, limit: int) -> list[Scored]:
        return []


@pytest.fixture(scope="module")
def large() -> Lookup:
    return Lookup.of(large_faq(load_articles(), SIZE), load_catalogue(), Nothing())


def test_the_recipe_is_fixed_and_keeps_the_real_articles_first() -> None:
    real = load_articles()
    made, again = large_faq(real, 400), large_faq(real, 400)
    assert made == again
    assert list(made)[: len(real)] == list(real)
    assert len(made) == 400
    assert len({a.question for a in made.values()}) > 350
    assert SIZE > LARGE


def test_each_key_is_cheap_on_twenty_thousand_articles(large: Lookup) -> None:
    """Processor time, so that the neighbours of the machine do not count."""
    spent: list[float] = []
    for text in ("certificat de scolarité", "mot de pase oublié", "bource au lycee", "rembousement inscription"):
        for end in range(2, len(text) + 1):
            began = time.process_time()
            large.search(text[:end], settled=False)
            spent.append((time.process_time() - began) * 1000)
    assert np.percentile(spent, 95) <= KEY_MS


def test_the_real_article_is_still_found_among_them(large: Lookup) -> None:
    def found(query: str) -> Sequence[str]:
        return [s.id for s in large.search(query, settled=False).found]

    assert any(id_.startswith("certificat_scolarite") for id_ in found("faire corriger un certificat de scol")[:3])


def test_nearest_finds_what_it_was_given() -> None:
    articles = dict(list(load_articles().items())[:40])
    nearest = Nearest.build(articles, HashEmbedder())
    right = [nearest.search(a.question, 3)[0].id == a.id for a in articles.values()]
    assert sum(right) >= 38
    scores = [s.score for s in nearest.search("certificat", 10)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1
    assert nearest.search("?!", 3) == []
