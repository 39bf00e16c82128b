"""The token of a link is nowhere but in the address: not in the access log, not in the measures."""

from __future__ import annotations

import logging

import httpx
import pytest
from fastapi import FastAPI

from api.serve import WithoutQuery

TOKEN = "S3cret_" + "x" * 36


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        (f"/suivi/{TOKEN}", "/suivi/…"),
        (f"/suivi/{TOKEN}/message?fait=1", "/suivi/…"),
        (f"/suivi/{TOKEN}/", "/suivi/…"),
        (f"//suivi/{TOKEN}", "//suivi/…"),
        (f"/SUIVI/{TOKEN}", "/SUIVI/…"),
        ("/assistant?x=1", "/assistant"),
    ],
)
def test_the_access_log_keeps_no_token(path: str, logged: str) -> None:
    record = logging.LogRecord("uvicorn.access", 20, "", 0, '%s "%s %s" %s %d', ("c", "GET", path, "1.1", 200), None)
    assert WithoutQuery().filter(record)
    assert logged in record.getMessage()
    assert TOKEN not in record.getMessage()


async def test_the_measures_know_the_pattern_only(client: httpx.AsyncClient, app: FastAPI) -> None:
    app.state.followup_limits = None
    for path in (f"/suivi/{TOKEN}", f"/suivi/{TOKEN}/x/y", f"/suivi/{TOKEN}/courriels"):
        await client.get(path)
        await client.post(path)
    measures = (await client.get("/metrics")).text
    assert TOKEN not in measures
    assert "/suivi/{token}" in measures
    assert TOKEN not in (await client.get("/openapi.json")).text


async def test_nothing_unexpected_writes_the_address(
    client: httpx.AsyncClient, app: FastAPI, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(**_: object) -> None:
        raise RuntimeError(TOKEN)

    monkeypatch.setattr("api.followup.service.ticket_of", broken)
    app.state.followup_limits = None
    with caplog.at_level(logging.INFO):
        failed = await client.get(f"/suivi/{TOKEN}", headers={"Accept": "text/html"})
    assert failed.status_code == 500
    assert failed.headers["referrer-policy"] == "no-referrer"
    service_log = "".join(r.getMessage() for r in caplog.records if not r.name.startswith(("httpx", "httpcore")))
    assert TOKEN not in service_log + failed.text
