"""One kept HTTP/1.1 connection, as light as can be: the client shares the machine with what it measures."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Self


class Connection:
    """Requests one after the other to one server; opened again when the server closed it."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._writer is not None:
            self._writer.close()

    async def post(self, path: str, body: dict[str, Any], *, token: str = "") -> Any:
        """The JSON that answers."""
        return await self._request("POST", path, json.dumps(body).encode(), token)

    async def get(self, path: str) -> Any:
        """The JSON that answers."""
        return await self._request("GET", path, b"", "")

    async def _request(self, method: str, path: str, body: bytes, token: str) -> Any:
        if self._reader is None or self._reader.at_eof():
            await self.__aenter__()
        assert self._reader is not None
        assert self._writer is not None
        authorization = f"Authorization: Bearer {token}\r\n" if token else ""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nContent-Type: application/json\r\n"
            f"{authorization}Content-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        status, content = await self._response(self._reader)
        if status >= 300:
            raise ConnectionError(f"{method} {path}: {status} {content[:300]!r}")
        return json.loads(content)

    @staticmethod
    async def _response(reader: asyncio.StreamReader) -> tuple[int, bytes]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        return int(first.split()[1]), await reader.readexactly(int(headers["content-length"]))
