"""The search on somebody else's FAQ."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.benchmark import benchmark, passages
from tests.nlu.embedders import HashEmbedder

DOCS: list[dict[str, Any]] = [
    {"doc_id": "a", "title": "colis perdu", "text": "le transporteur est responsable du paquet égaré"},
    {"doc_id": "b", "title": "facture", "text": "le document de paiement est dans votre espace"},
    {"doc_id": "c", "title": "stage", "text": "la convention est signée par trois personnes"},
    {"doc_id": 4, "title": "examen", "text": "inscription auprès de l'académie"},
]


def test_figures_of_a_tiny_set() -> None:
    queries = [
        {"query": "colis perdu", "doc_id": "a"},
        {"query": "stage", "doc_id": "c"},
        {"query": "examen", "doc_id": "4"},
    ]
    figures = benchmark(DOCS, queries, ["title"], HashEmbedder())
    assert set(figures) == {"acc@1", "acc@3", "acc@5", "mrr@10", "query_p50_ms", "query_p95_ms", "n"}
    assert (figures["acc@1"], figures["acc@3"], figures["acc@5"], figures["mrr@10"], figures["n"]) == (1, 1, 1, 1, 3)


def test_a_wrong_answer_counts() -> None:
    figures = benchmark(
        DOCS,
        [{"query": "colis perdu", "doc_id": "b"}, {"query": "facture", "doc_id": "absent"}],
        ["title"],
        HashEmbedder(),
    )
    assert figures["acc@1"] == 0
    assert figures["acc@5"] == 0.5
    assert 0 < figures["mrr@10"] <= 0.25


def test_the_fields_choose_what_is_read() -> None:
    query = [{"query": "convention signée par trois personnes", "doc_id": "c"}]
    by_text = benchmark(DOCS, query, ["text"], HashEmbedder())
    both = benchmark(DOCS, query, ["title", "text"], HashEmbedder())
    assert by_text["acc@1"] == both["acc@1"] == 1
    title = [{"query": "facture", "doc_id": "b"}]
    assert benchmark(DOCS, title, ["title"], HashEmbedder())["acc@1"] == 1


def test_a_long_text_is_found_by_its_end() -> None:
    docs = [*DOCS, {"doc_id": "long", "title": "divers", "text": "mot " * 500 + "zythologie appliquée"}]
    assert (
        benchmark(docs, [{"query": "zythologie appliquée", "doc_id": "long"}], ["text"], HashEmbedder())["acc@1"] == 1
    )


@pytest.mark.parametrize(("docs", "queries"), [([], [{"query": "x", "doc_id": "a"}]), (DOCS, [])])
def test_nothing_to_measure_is_refused(docs: list[dict[str, str]], queries: list[dict[str, str]]) -> None:
    with pytest.raises(ValueError, match="documents and queries"):
        benchmark(docs, queries, ["title"], HashEmbedder())


def test_passages() -> None:
    assert passages("") == []
    assert passages("a b c d e", words=2) == ["a b", "c d", "e"]
