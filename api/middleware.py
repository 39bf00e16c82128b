"""What every exchange goes through, as plain ASGI: a limit on what is received, protective headers on what is sent."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.error_page import error_page
from api.errors import TooLarge
from api.problem_document import problem, wants_page

CONTENT_SECURITY_POLICY = "; ".join((
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
))  # fmt: skip
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


SECRET_PAGES = {  # follow-up links: the address is the secret
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
FRAMED = "/assistant"  # what the sites of `AIGUILLAGE_WIDGET_ORIGINS` may show in a frame


class BodyLimit:
    """Refuses a body of more than `limit` bytes, announced or not, before the application sees any of it.

    Rasa sends whole conversations to the addresses under /rasa: those may be `rasa_limit` bytes long.
    """

    def __init__(self, app: ASGIApp, *, limit: int, rasa_limit: int) -> None:
        self.app = app
        self.limit = limit
        self.rasa_limit = rasa_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if "content-length" not in headers and "transfer-encoding" not in headers:
            await self.app(scope, receive, send)
            return
        limit = self.rasa_limit if scope["path"].startswith("/rasa/") else self.limit
        announced = headers.get("content-length", "0")
        body = None if announced.isdigit() and int(announced) > limit else await _read(receive, limit)
        if body is None:
            refusal = error_page(413, TooLarge.detail) if wants_page(scope) else problem(413, TooLarge.detail)
            refusal.headers["Connection"] = "close"
            await refusal(scope, receive, send)
            return
        await self.app(scope, _replay(body, receive), send)


async def _read(receive: Receive, limit: int) -> list[Message] | None:
    """The messages of the body, None when they hold more than the limit."""
    messages: list[Message] = []
    size = 0
    while True:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        if size > limit:
            return None
        if not message.get("more_body", False):
            return messages


def _replay(messages: list[Message], receive: Receive) -> Receive:
    pending = iter(messages)

    async def next_message() -> Message:
        for message in pending:
            return message
        return await receive()

    return next_message


class SecurityHeaders:
    """Adds the headers that keep a page from being framed, sniffed, cached by others or made to run foreign scripts."""

    def __init__(self, app: ASGIApp, *, https: bool, frames: str = "") -> None:
        self.app = app
        self.headers = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})
        self.framed = _framed_by(self.headers, frames)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableHeaders(scope=message)
                if scope["path"].startswith("/suivi"):
                    sent.update(SECRET_PAGES)
                framed = scope["path"] == FRAMED or scope["path"].startswith(f"{FRAMED}/")
                for name, value in (self.framed if framed else self.headers).items():
                    sent.setdefault(name, value)
                if "/static/" not in scope["path"]:
                    sent.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _framed_by(headers: dict[str, str], origins: str) -> dict[str, str]:
    """The headers of pages that these origins may frame. Browsers too old for frame-ancestors keep refusing."""
    listed = " ".join(origins.replace(",", " ").split())
    if not listed:
        return headers
    policy = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", f"frame-ancestors 'self' {listed}")
    kept = {name: value for name, value in headers.items() if name != "X-Frame-Options"}
    return kept | {"Content-Security-Policy": policy}
