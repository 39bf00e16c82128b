"""Probes and counters."""

from __future__ import annotations

import re

import httpx

from api.settings import Settings


async def test_alive(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}


async def test_without_rasa_it_is_degraded_and_ready(client: httpx.AsyncClient) -> None:
    ready = await client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {"status": "degraded", "database": "ok", "models": "ok", "rasa": "down"}


async def test_without_its_database_it_is_not_ready(client_without_database: httpx.AsyncClient) -> None:
    ready = await client_without_database.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["status"] == "unavailable"
    assert (await client_without_database.get("/healthz")).status_code == 200


async def test_counters_hold_nothing_personal(client: httpx.AsyncClient, settings: Settings) -> None:
    mail = {"channel": "mail", "text": "Mon colis, anne.durand@exemple.fr", "sender": "anne.durand@exemple.fr"}
    reference = (await client.post("/v1/requests", json=mail)).json()["ticket"]["reference"]
    await client.get(f"/v1/tickets/{reference}")
    await client.get("/v1/faq/search", params={"q": "anne.durand@exemple.fr"})
    await client.get("/nulle-part/anne.durand")
    text = (await client.get("/metrics")).text
    assert "durand" not in text
    assert reference not in text
    assert 'aiguillage_http_requests_total{method="GET",route="/v1/tickets/{reference}",status="401"}' in text
    assert 'route="none",status="404"' in text
    assert re.search(r'aiguillage_triage_decisions_total\{channel="mail",decision="qualify"\} \d', text)
    assert re.search(r'aiguillage_tickets_opened_total\{channel="mail",team="production"\} \d', text)
    assert "aiguillage_rasa_failures" in text
