"""Counters for the people who run the service. Labels are routes, statuses and decisions: never anything personal."""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

REQUESTS = Counter(
    "aiguillage_http_requests", "HTTP requests by route and status", ["method", "route", "status"], registry=REGISTRY
)
DURATIONS = Histogram(
    "aiguillage_http_request_seconds",
    "Time to answer an HTTP request, by route",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
DECISIONS = Counter("aiguillage_triage_decisions", "Triage decisions", ["decision", "channel"], registry=REGISTRY)
TICKETS = Counter("aiguillage_tickets_opened", "Tickets opened", ["channel", "team"], registry=REGISTRY)
RASA_FAILURES = Counter(
    "aiguillage_rasa_failures", "Turns that Rasa did not answer, by cause", ["cause"], registry=REGISTRY
)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class CountRequests:
    """Counts each exchange under the pattern of its route, so that no identifier becomes a label."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            route = _pattern(scope)
            method = scope["method"] if scope["method"] in _METHODS else "other"
            REQUESTS.labels(method, route, str(status)).inc()
            DURATIONS.labels(route).observe(time.perf_counter() - started)


def _pattern(scope: Scope) -> str:
    route = scope.get("route")
    return str(getattr(route, "path_format", None) or getattr(route, "path", None) or "none")
