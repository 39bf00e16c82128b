"""Who may call what Rasa calls."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest

from tests.api.dialogue.conftest import TOKEN
from tests.conftest import Counts

CALL: dict[str, Any] = {"next_action": "action_greet", "sender_id": str(uuid.uuid4()), "tracker": {"slots": {}}}
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer faux"}])
async def test_webhook_refuses_without_the_token(
    client: httpx.AsyncClient, counts: Counts, headers: dict[str, str]
) -> None:
    response = await client.post("/rasa/webhook", json=CALL, headers=headers)
    assert response.status_code == 401
    assert sum((await counts()).values()) == 0


@pytest.mark.parametrize("token", [None, "faux"])
async def test_parse_refuses_without_the_token(client: httpx.AsyncClient, token: str | None) -> None:
    body = {"text": "bonjour", "message_id": str(uuid.uuid4()), "token": token}
    assert (await client.post("/rasa/model/parse", json=body)).status_code == 401


async def test_unknown_action_and_unknown_conversation(client: httpx.AsyncClient) -> None:
    unknown = await client.post("/rasa/webhook", json=CALL | {"next_action": "action_x"}, headers=BEARER)
    assert unknown.status_code == 404
    assert (await client.post("/rasa/webhook", json=CALL, headers=BEARER)).status_code == 404
    body = {"text": "bonjour", "message_id": str(uuid.uuid4()), "token": TOKEN}
    assert (await client.post("/rasa/model/parse", json=body)).status_code == 404


async def test_unreadable_calls(client: httpx.AsyncClient) -> None:
    assert (await client.post("/rasa/webhook", content=b"{", headers=BEARER)).status_code == 400
    assert (await client.post("/rasa/model/parse", content=b"{")).status_code == 400
