"""Every refusal is a problem document for programs and a clear page for browsers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from api.middleware import CONTENT_SECURITY_POLICY
from tests.conftest import Counts

BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
JSON = {"Content-Type": "application/json"}


def check_problem(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert body["type"] == "about:blank"
    assert body["title"]
    assert body["detail"].endswith(".")
    return body


@pytest.mark.parametrize("path", ["/v1/triage", "/v1/requests", "/v1/sessions"])
@pytest.mark.parametrize(
    "content", [b'{"text": "\xff\xfe\xe9"}', b"\xff\xff", b'{"text": ', b"", b'{"text": "\\ud800", "channel": "mail"}']
)
async def test_what_can_t_be_read_is_400(client: httpx.AsyncClient, counts: Counts, path: str, content: bytes) -> None:
    response = await client.post(path, content=content, headers=JSON)
    if content == b"" or (b"ud800" in content and path == "/v1/sessions"):
        check_problem(response, 422)  # readable, and something is missing
    else:
        check_problem(response, 400)
    assert set((await counts()).values()) == {0}


async def test_the_refused_fields_are_named_in_french(client: httpx.AsyncClient) -> None:
    body = check_problem(await client.post("/v1/requests", json={"channel": "fax", "text": "a", "x": 1}), 422)
    assert body["errors"] == [
        {
            "field": "channel",
            "message": "Cette valeur ne fait pas partie des valeurs possibles. "
            "Valeurs possibles : 'mail', 'web_form', 'phone' ou 'chat'.",
        },
        {"field": "x", "message": "Ce champ est inconnu."},
    ]


async def test_a_long_body_is_413_announced_or_not(client: httpx.AsyncClient, counts: Counts) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"a" * 10_000

    check_problem(await client.post("/v1/triage", content=chunks(), headers=JSON), 413)
    check_problem(await client.post("/v1/triage", content=b"a" * 400_000, headers=JSON), 413)
    check_problem(await client.post("/v1/triage", json={"text": "a" * 20_000}), 413)
    page = await client.post("/console/connexion", content=b"a" * 400_000, headers=BROWSER)
    assert page.status_code == 413
    assert page.headers["content-type"].startswith("text/html")
    assert set((await counts()).values()) == {0}


async def test_addresses_and_methods(client: httpx.AsyncClient) -> None:
    check_problem(await client.get("/v1/rien"), 404)
    check_problem(await client.delete("/v1/triage"), 405)
    check_problem(await client.get("/v1/rien", headers=BROWSER), 404)  # the interface is for programs
    page = await client.get("/rien", headers=BROWSER)
    assert page.status_code == 404
    assert "<h1>Introuvable</h1>" in page.text


async def test_without_a_database_it_says_so(client_without_database: httpx.AsyncClient) -> None:
    client = client_without_database
    mail = {"channel": "mail", "text": "Mon colis est perdu"}
    refused = await client.post("/v1/requests", json=mail)
    check_problem(refused, 503)
    assert refused.headers["retry-after"] == "30"
    check_problem(await client.get("/v1/tickets", headers={"Authorization": "Bearer x"}), 503)
    page = await client.get("/console/demandes", headers=BROWSER | {"Cookie": "aiguillage_session=x"})
    assert page.status_code == 503
    assert "<h1>Service momentanément indisponible</h1>" in page.text
    # What needs no database goes on.
    assert (await client.post("/v1/triage", json={"text": "Bonjour"})).status_code == 200
    assert (await client.get("/v1/faq/search", params={"q": "horaires"})).status_code == 200
    assert (await client.get("/console/static/console.css")).status_code == 200


async def test_a_fault_of_the_program_tells_nothing(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    said = "anne@exemple.fr"

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError(said)

    monkeypatch.setattr("api.triage.service.triage", fail)
    response = await client.post("/v1/triage", json={"text": "Bonjour"})
    check_problem(response, 500)
    assert "anne" not in response.text + caplog.text
    assert "RuntimeError" in caplog.text
    assert response.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/healthz", "/docs", "/console/connexion", "/v1/rien", "/console/static/console.css"])
async def test_protective_headers(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert ("cache-control" not in headers) == ("/static/" in path)


async def test_the_documentation_needs_no_script(client: httpx.AsyncClient) -> None:
    page = (await client.get("/docs")).text
    assert "<script" not in page
    assert "style=" not in page
    for operation in ("POST /v1/triage", "GET /v1/faq/search", "POST /v1/requests", "PATCH /v1/tickets/{reference}"):
        assert operation in page
    assert "ProblemDocument" in page
    assert "HTTPValidationError" not in (await client.get("/openapi.json")).text
