"""What the page weighs, and how long it takes on a slow phone line, in a real Chromium."""

from __future__ import annotations

import gzip
import time
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, Error, Page, sync_playwright

from tests.bench.processes import BenchError
from tests.bench.timings import timings
from tests.journeys.browser.browsing import ARGUMENTS, CHROMIUM, PHONE

Json = dict[str, Any]
PAGE = "/assistant"
QUESTION = "Comment obtenir mon certificat de scolarité ?"
# The usual "slow 4G" of web measures: bits a second, milliseconds added to each request. The processor is left as it is.
DOWN, UP, LATENCY_MS = 1_600_000, 750_000, 150
SLOW_4G = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": DOWN / 8, "uploadThroughput": UP / 8}
REPLY = ".bulle.assistant:not(.attente)"
PATIENCE_MS = 60_000
DRAWN = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


def measure_page(address: str, *, visits: int) -> Json:
    """Bytes as sent, and milliseconds of so many first visits on the slow line; only `widget` without Chromium.

    Raises:
        BenchError: the page did not load, or no answer came.
    """
    try:
        return _measured(address, visits)
    except Error as error:
        raise BenchError(f"la page ne se laisse pas mesurer : {error.message}") from error


def _measured(address: str, visits: int) -> Json:
    figures: Json = {"widget": _widget(address)}
    if not CHROMIUM.exists():
        return figures
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        try:
            figures["weight"] = _weight(browser, address)
            figures["slow_4g"] = _summed([_first_visit(browser, address) for _ in range(visits)])
        finally:
            browser.close()
    return figures


def _widget(address: str) -> Json:
    request = urllib.request.Request(f"{address}/widget.js", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=10) as response:
        sent, encoding = response.read(), response.headers.get("Content-Encoding")
    return {"sent": len(sent), "whole": len(gzip.decompress(sent)) if encoding == "gzip" else len(sent)}


def _weight(browser: Browser, address: str) -> Json:
    """Bytes on the line of a first visit, headers included, by sort."""
    context, page, line = _phone(browser)
    sorts: dict[str, str] = {}
    weights = dict.fromkeys(("html", "own", "design", "fonts", "other"), 0)

    def asked(event: Json) -> None:
        sorts[event["requestId"]] = _sort(event["request"]["url"])

    def ended(event: Json) -> None:
        if sort := sorts.get(event["requestId"]):
            weights[sort] += round(event["encodedDataLength"])

    line.on("Network.requestWillBeSent", asked)
    line.on("Network.loadingFinished", ended)
    page.goto(f"{address}{PAGE}", wait_until="networkidle")
    context.close()
    return weights


def _sort(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "data":
        return ""
    if parts.path == PAGE:
        return "html"
    if parts.path.startswith(f"{PAGE}/static/"):
        return "own"
    if parts.path.startswith("/static/dsfr/"):
        return "design" if parts.path.endswith(".css") else "fonts"
    return "other"


def _first_visit(browser: Browser, address: str) -> Json:
    """Milliseconds from the navigation; the question is typed at once when the page can take it."""
    context, page, line = _phone(browser)
    line.send("Network.emulateNetworkConditions", SLOW_4G)
    began = time.perf_counter()
    page.goto(f"{address}{PAGE}", wait_until="domcontentloaded")  # its scripts ran
    ready = _since(began)
    page.locator("#texte").fill(QUESTION)
    page.get_by_role("button", name="Envoyer", exact=True).click()
    sent = _since(began)
    page.locator(REPLY).first.wait_for(state="visible")
    replied = _since(began)
    drawn = page.evaluate(DRAWN)
    context.close()
    return {"drawn": drawn, "ready": ready, "replied": replied, "waited": replied - sent}


def _phone(browser: Browser) -> tuple[BrowserContext, Page, CDPSession]:
    """A new profile: nothing kept from a former visit."""
    context = browser.new_context(viewport=PHONE, locale="fr-FR", has_touch=True)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    return context, page, line


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000


def _summed(visits: list[Json]) -> Json:
    return {key: timings([v[key] for v in visits if v[key] is not None]).to_json() for key in visits[0]}
