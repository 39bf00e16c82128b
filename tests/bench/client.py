"""The client, in a process of its own: reads what to do on its input, writes what it measured on its output (JSON).

`{"assistant": "product" | "rasa", "port", "at_once", "conversations": [question | [turns to repeat]]}` gives
`{"elapsed_s", "conversations": [[turns]]}`; `{"port", "searches": [query]}` gives `{"ms": []}`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import urllib.parse
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.bench.connection import Connection
from tests.bench.learner import PLANS, Assistant, Learner, Said, repeat

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Product:
    """A conversation with the service."""

    connection: Connection
    id: str
    token: str

    async def say(self, text: str) -> Said:
        """The typed messages that answer."""
        body = await self.connection.post(f"/v1/conversations/{self.id}/messages", {"text": text}, token=self.token)
        return list(body["messages"])


@dataclass(frozen=True, slots=True)
class Rasa:
    """A conversation with Rasa's own REST channel."""

    connection: Connection
    id: str

    async def say(self, text: str) -> Said:
        """Its messages: their kind is always "text"."""
        body = {"sender": self.id, "message": text}
        return [{"kind": "text"} for _ in await self.connection.post("/webhooks/rest/webhook", body)]


async def converse(order: dict[str, Any]) -> dict[str, Any]:
    """Hold the conversations, `at_once` at a time, each of these on one kept connection."""
    results: list[list[dict[str, Any]]] = [[] for _ in order["conversations"]]
    pending = iter(enumerate(order["conversations"]))
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(order["at_once"]):
            group.create_task(_hold(order, pending, results))
    return {"elapsed_s": time.perf_counter() - began, "conversations": results}


async def search(order: dict[str, Any]) -> dict[str, Any]:
    """Look the queries up, one after the other."""
    durations = []
    async with Connection(HOST, order["port"]) as connection:
        for query in order["searches"]:
            began = time.perf_counter()
            await connection.get(f"/v1/faq/search?q={urllib.parse.quote(query)}")
            durations.append((time.perf_counter() - began) * 1000)
    return {"ms": durations}


async def _hold(order: dict[str, Any], pending: Iterator[tuple[int, Any]], results: list[list[dict[str, Any]]]) -> None:
    async with Connection(HOST, order["port"]) as connection:
        for number, content in pending:
            learner = Learner(await _open(order["assistant"], connection))
            results[number] = learner.turns
            if isinstance(content, str):
                await PLANS[number % len(PLANS)](learner, content)
            else:
                await repeat(learner, content)


async def _open(assistant: str, connection: Connection) -> Assistant:
    if assistant == "rasa":
        return Rasa(connection, uuid.uuid4().hex)
    opened = await connection.post("/v1/conversations", {})
    return Product(connection, opened["id"], opened["token"])


if __name__ == "__main__":
    given = json.load(sys.stdin)
    json.dump(asyncio.run(search(given) if "searches" in given else converse(given)), sys.stdout)
