"""How often one conversation and one address may ask, by token buckets (docs/decisions/0010).

Those of messages and of plain requests are kept in this process; those of openings and of sign-ins hold across processes.

A school or a company is one address: the bucket of an address is large. The client's address is what the server gives,
that is the proxy's word when the proxy is trusted (FORWARDED_ALLOW_IPS).
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.db.statements import Statements
from api.error_page import error_page
from api.problem_document import problem, wants_page
from api.settings import Settings
from api.shared_buckets import SharedBuckets

KEYS_KEPT = 50_000  # the least recently seen are forgotten: some 10 MB at most
_WRITING = re.compile(r"/v1/conversations/[^/]+(?:/messages(?:/[^/]+/feedback)?|/export)?|/assistant/(?:messages|avis)")
_ASKING = re.compile(r"/v1/(?:triage|requests|faq/search)|/demande|/assistant(?:/\w+)?|/v1/conversations(?:/.*)?")
_COOKIE = re.compile(r"aiguillage_conversation=([^;]+)")
Say = Callable[[int], str]


class Buckets:
    """One bucket a key: `per_minute` tokens come back, up to as many at once. Zero or less: no limit."""

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._size, self._rate, self._clock = float(per_minute), per_minute / 60, clock
        self._kept: OrderedDict[str, tuple[float, float]] = OrderedDict()  # key → (tokens, when)

    def take(self, key: str) -> int:
        """0 when a token was there, else how many seconds until the next one; a refusal costs nothing."""
        if self._size <= 0:
            return 0
        now = self._clock()
        tokens, when = self._kept.pop(key, (self._size, now))
        tokens = min(self._size, tokens + (now - when) * self._rate)
        allowed = tokens >= 1
        self._kept[key] = (tokens - 1 if allowed else tokens, now)
        if len(self._kept) > KEYS_KEPT:
            self._kept.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - tokens) / self._rate))


@dataclass(slots=True)
class Limits:
    """Every bucket of the service but those of secret links (api/followup/limits.py)."""

    conversation: Buckets
    address: Buckets
    openings: SharedBuckets
    sign_ins: SharedBuckets

    @classmethod
    def of(cls, settings: Settings, statements: Callable[[], Statements]) -> Limits:
        """Those of the settings; `statements` are those of the running application."""
        return cls(
            Buckets(settings.rate_conversation),
            Buckets(settings.rate_address),
            SharedBuckets("openings", settings.rate_openings, statements),
            SharedBuckets("sign-ins", settings.rate_sign_ins, statements),
        )

    async def check(self, scope: Scope) -> int:
        """0 when the request may go on, else how many seconds to wait."""
        path, method = scope["path"], scope["method"]
        if not _ASKING.fullmatch(path) or method in ("HEAD", "OPTIONS") or path.startswith("/assistant/static"):
            return 0
        writes = method != "GET"
        address = address_of(scope)
        wait = self.address.take(address) if writes or path.startswith("/v1/faq") else 0
        if wait:
            return wait
        conversation = _conversation(scope)
        if method == "POST" and (
            path == "/v1/conversations" or (conversation is None and path.startswith("/assistant"))
        ):
            return await self.openings.take(address)
        if writes and conversation is not None and (_WRITING.fullmatch(path) or path == "/assistant"):
            return self.conversation.take(conversation)
        return 0


class RateLimits:
    """Refuses with 429, `Retry-After` and a kind sentence. `/assistant` refuses by itself, to keep what was typed."""

    def __init__(self, app: ASGIApp, *, limits: Limits, say: Say) -> None:
        self.app, self.limits, self.say = app, limits, say

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wait = await self.limits.check(scope) if scope["type"] == "http" and scope["path"] != "/assistant" else 0
        if not wait:
            await self.app(scope, receive, send)
            return
        headers, sentence = {"Retry-After": str(wait)}, self.say(wait)
        page = wants_page(scope)
        refusal = error_page(429, sentence, headers=headers) if page else problem(429, sentence, headers=headers)
        await refusal(scope, receive, send)


def address_of(scope: Scope) -> str:
    """The client's address; of an IPv6 one the /64, which is one household."""
    host = (scope.get("client") or ("",))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return str(host)
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host


def _conversation(scope: Scope) -> str | None:
    """Something that is one conversation's, and not its secret: the hash of what opens it."""
    headers = Headers(scope=scope)
    cookie = _COOKIE.search(headers.get("cookie", ""))
    opens = headers.get("authorization") or (cookie and cookie.group(1))
    return hashlib.sha256(opens.encode()).hexdigest()[:24] if opens else None
