"""A turn to run actions in, without Rasa."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

TOKEN = "jeton-de-test"
Json = dict[str, Any]


class FakeRasa:
    """Calls parse and the webhook as Rasa does, for one conversation."""

    def __init__(self, client: httpx.AsyncClient, conversation_id: str) -> None:
        self.client = client
        self.id = conversation_id

    async def parse(self, text: str) -> Json:
        """Intent and entities."""
        body = {"text": text, "message_id": self.id, "token": TOKEN}
        response = await self.client.post("/rasa/model/parse", json=body)
        assert response.status_code == 200, response.text
        found: Json = response.json()
        return found

    async def intent(self, text: str) -> str:
        """The intent alone."""
        return str((await self.parse(text))["intent"]["name"])

    async def run(self, action: str, text: str = "", *, loop: str | None = None, **slots: Any) -> Json:
        """Events and responses of one action."""
        tracker = {"slots": slots, "latest_message": {"text": text}, "active_loop": {"name": loop} if loop else {}}
        call = {"next_action": action, "sender_id": self.id, "tracker": tracker, "version": "3.6.21"}
        response = await self.client.post("/rasa/webhook", json=call, headers={"Authorization": f"Bearer {TOKEN}"})
        assert response.status_code == 200, response.text
        found: Json = response.json()
        return found

    async def messages(self, action: str, text: str = "", **more: Any) -> list[Json]:
        """The typed messages of one action."""
        return [r["custom"] for r in (await self.run(action, text, **more))["responses"]]

    async def form(self, text: str) -> list[Json]:
        """One answer to the request form: what Rasa calls for it."""
        loop = {"loop": "qualification_form", "requested_slot": "answer"}
        taken = await self.run("validate_qualification_form", text, answer=text, **loop)
        said = [r["custom"] for r in taken["responses"]]
        if ("requested_slot", None) in [(e["name"], e["value"]) for e in taken["events"]]:
            return [*said, *await self.messages("action_open_ticket", text)]
        return [*said, *await self.messages("action_ask_qualification_form_answer", text, **loop)]


@pytest.fixture
def fake_rasa(client: httpx.AsyncClient) -> Callable[[], Awaitable[FakeRasa]]:
    """Makes a conversation and what speaks for Rasa in it."""

    async def make() -> FakeRasa:
        opened = (await client.post("/v1/conversations")).json()
        assert uuid.UUID(opened["id"])
        return FakeRasa(client, opened["id"])

    return make
