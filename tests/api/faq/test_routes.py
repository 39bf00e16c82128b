"""Looking an answer up."""

from __future__ import annotations

import httpx
import pytest


async def test_search(client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/faq/search", params={"q": "une bourse ?", "limit": 3})
    results = response.json()["results"]
    assert [r["id"] for r in results] == ["bourse_college_lycee", "bourse_etudiant_bts", "horaires_telephone"]
    assert results[0]["score"] == pytest.approx(0.9)
    assert set(results[0]) == {
        "id", "question", "answer", "score", "sources", "certitude", "review_by", "service_type", "team", "delay",
    }  # fmt: skip
    assert results[2]["team"] == "crc"


async def test_read(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/faq/horaires_telephone")).json()["question"] == "Quand puis-je vous appeler ?"
    missing = await client.get("/v1/faq/inconnu")
    assert missing.status_code == 404
    assert missing.json()["detail"] == "Aucun article ne porte cet identifiant."


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 422),
        ("q=", 422),
        ("q=%20%00", 422),
        ("q=a&limit=0", 422),
        ("q=a&limit=21", 422),
        ("q=a&limit=x", 422),
        (f"q={'a' * 10_001}", 413),
        ("q=%ff", 200),
        (f"q={'a ' * 400}", 200),
    ],
)
async def test_queries(client: httpx.AsyncClient, query: str, status: int) -> None:
    assert (await client.get(f"/v1/faq/search?{query}")).status_code == status
