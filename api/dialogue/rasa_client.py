"""The client of Rasa: one message in, the typed messages of its actions out."""

from __future__ import annotations

import logging
import uuid
from typing import Any

import orjson

from api.dialogue.breaker import Breaker
from api.dialogue.kept_connections import ConnectionLost, KeptConnections

logger = logging.getLogger(__name__)

# Rasa reads "/restart" and the like as orders, and strips spaces: this mark, which is not a space, makes it plain text.
PLAIN_TEXT_MARK = "\u2060"
IDLE_CONNECTION_S = 3.0  # below the five seconds after which Rasa closes an idle connection


class RasaSilent(Exception):
    """Rasa gave nothing to say to the learner: down, too slow, or a turn that failed on its side."""


class RasaClient:
    """Sends the messages of learners to Rasa's REST channel."""

    def __init__(self, url: str, *, timeout_s: float, breaker: Breaker | None = None) -> None:
        self._http = KeptConnections(url.rstrip("/") + "/webhooks/rest/webhook", idle_s=IDLE_CONNECTION_S)
        self._timeout_s = timeout_s
        self.breaker = breaker or Breaker()

    async def send(self, conversation_id: uuid.UUID, text: str) -> list[dict[str, Any]]:
        """The typed messages of this turn, at least one.

        Raises:
            RasaSilent: no connection, no answer in time, an error, or an empty list (a failed turn is a 200 with `[]`).
        """
        if not self.breaker.allows():
            raise RasaSilent("circuit open")
        try:
            messages = await self._post(conversation_id, plain_text(text))
        except (ConnectionLost, TimeoutError, ValueError) as error:
            self._failed(type(error).__name__)
            raise RasaSilent(type(error).__name__) from error
        if not messages:
            self._failed("empty reply")
            raise RasaSilent("empty reply")
        self.breaker.succeeded()
        return messages

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    async def _post(self, conversation_id: uuid.UUID, text: str) -> list[dict[str, Any]]:
        body = orjson.dumps({"sender": str(conversation_id), "message": text})
        status, content = await self._http.post(body, timeout_s=self._timeout_s)
        if status != 200:
            raise ValueError(f"status {status}")
        return [item["custom"] for item in orjson.loads(content) if "custom" in item]

    def _failed(self, why: str) -> None:
        self.breaker.failed()
        logger.warning("rasa did not answer: %s (%d in a row)", why, self.breaker.failures)


def plain_text(text: str) -> str:
    """The text as Rasa may receive it: never an order."""
    return PLAIN_TEXT_MARK + text if text.lstrip().startswith("/") else text


def as_written(text: str) -> str:
    """The text that `plain_text` was given."""
    return text.removeprefix(PLAIN_TEXT_MARK)
