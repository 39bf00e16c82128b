"""The index of phrasings against a slow and obvious computation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge import index as module
from knowledge.index import VECTOR_SHARE, PhrasingIndex
from nlu.features import FeatureExtractor, Features
from tests.nlu.embedders import HashEmbedder

PHRASINGS = [
    ("colis", "mon colis est perdu"),
    ("facture", "je veux une facture"),
    ("colis", "ou est mon colis"),
    ("stage", "ma convention de stage"),
    ("colis", "colis jamais recu"),
    ("facture", "ou trouver la facture"),
    ("colis", "le colis de cours"),
    ("colis", "suivi du colis"),
]
QUERIES = ["mon colis est perdu", "facture", "convention de stage signee", "rien a voir"]


@pytest.fixture(scope="module")
def extractor() -> FeatureExtractor:
    return FeatureExtractor.fit([t for _, t in PHRASINGS], HashEmbedder())


@pytest.fixture
def index(extractor: FeatureExtractor) -> PhrasingIndex:
    return PhrasingIndex.build([o for o, _ in PHRASINGS], extractor.extract([t for _, t in PHRASINGS]))


def slow(extractor: FeatureExtractor, query: str, neighbours: int) -> dict[str, float]:
    """Mean of the similarities of each entry's nearest phrasings, all compared."""
    rows = extractor.extract([t for _, t in PHRASINGS])
    one = extractor.extract([query])
    by_vector = rows.vectors @ one.vectors[0]
    by_ngrams = (rows.ngrams @ one.ngrams.T).toarray().ravel()
    fused = VECTOR_SHARE * by_vector + (1 - VECTOR_SHARE) * by_ngrams
    entries: dict[str, list[float]] = {}
    for (owner, _), score in zip(PHRASINGS, fused, strict=True):
        entries.setdefault(owner, []).append(float(score))
    return {owner: float(np.mean(sorted(s, reverse=True)[:neighbours])) for owner, s in entries.items()}


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("neighbours", [1, 2, 3])
def test_scores_are_those_of_the_slow_computation(
    extractor: FeatureExtractor, index: PhrasingIndex, query: str, neighbours: int
) -> None:
    scores = index.scores(extractor.extract([query]), neighbours)
    expected = slow(extractor, query, neighbours)
    assert index.entries == ("colis", "facture", "stage")
    np.testing.assert_allclose(scores, [expected[e] for e in index.entries], atol=1e-5)


def test_a_phrasing_itself_is_the_best(extractor: FeatureExtractor, index: PhrasingIndex) -> None:
    for owner, text in PHRASINGS:
        scores = index.scores(extractor.extract([text]), neighbours=1)
        assert index.entries[int(scores.argmax())] == owner
        assert scores.max() == pytest.approx(1, abs=1e-5)


def test_an_entry_out_of_the_candidates_is_never_the_best(
    extractor: FeatureExtractor, index: PhrasingIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CANDIDATES", 3)
    scores = index.scores(extractor.extract(["mon colis est perdu"]), neighbours=1)
    assert index.entries[int(scores.argmax())] == "colis"
    assert np.isfinite(scores).all()


def test_sizes(index: PhrasingIndex) -> None:
    assert dict(zip(index.entries, index.sizes.tolist(), strict=True)) == {"colis": 5, "facture": 2, "stage": 1}


def test_saved_and_loaded_it_scores_the_same(extractor: FeatureExtractor, index: PhrasingIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    loaded = PhrasingIndex.load(tmp_path)
    assert loaded.entries == index.entries
    for query in QUERIES:
        one: Features = extractor.extract([query])
        np.testing.assert_allclose(loaded.scores(one), index.scores(one), atol=1e-3)
