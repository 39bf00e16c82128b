"""Chromium for the journeys: one browser a test session, a new profile a test, screenshots in build/screens."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parents[3]
SCREENS = ROOT / "build" / "screens"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
expect.set_options(timeout=15_000)
ARGUMENTS = ["--no-sandbox", "--disable-background-networking"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's browser, without the network's noise."""
    if not CHROMIUM.exists():
        pytest.skip("chromium is not there (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def visit(browser: Browser, service: str, size: dict[str, int], **options: Any) -> Iterator[Visit]:
    """Somebody in front of the assistant; what the console or the policy complains of fails the test."""
    context = browser.new_context(viewport=size, base_url=service, locale="fr-FR", **options)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    page = context.new_page()
    there = Visit(context, page, f"{size['width']}")
    page.on("pageerror", lambda error: there.complaints.append(str(error)))
    page.on("console", lambda m: there.complaints.append(m.text) if m.type == "error" else None)
    yield there
    context.close()
    assert [c for c in there.complaints if not c.startswith("Failed to load resource")] == []  # refusals, cuts


class Visit:
    """A page, and what people do with it."""

    def __init__(self, context: BrowserContext, page: Page, width: str) -> None:
        self.context, self.page, self.width = context, page, width
        self.complaints: list[str] = []

    @property
    def box(self) -> Locator:
        """Where people write."""
        return self.page.locator("#texte")

    @property
    def bubbles(self) -> Locator:
        """The messages."""
        return self.page.locator(".bulle:not(.attente):not(.en-route)")

    def open(self, path: str = "/assistant") -> None:
        """Open a page."""
        self.page.goto(path)

    def say(self, text: str, *, expect_text: str | re.Pattern[str] | None = None) -> None:
        """Write and send with the button; wait for the reply."""
        before = self.bubbles.count()
        self.box.fill(text)
        self.page.get_by_role("button", name="Envoyer", exact=True).click()
        self.settled(before)
        if expect_text is not None:
            expect(self.bubbles.last).to_contain_text(expect_text)

    def press(self, name: str) -> None:
        """Press the last button of that name; wait for the reply."""
        before = self.bubbles.count()
        self.page.get_by_role("button", name=name, exact=True).last.click()
        self.settled(before)

    def settled(self, before: int) -> None:
        """The learner's message and at least one reply came after `before` bubbles."""
        expect(self.bubbles.nth(before + 1)).to_be_visible()
        expect(self.page.locator(".attente")).to_have_count(0)

    def send_guided(self, fill: Callable[[Locator], None], field: str = "#valeur") -> None:
        """Answer with the input of the question."""
        before = self.bubbles.count()
        fill(self.page.locator(f"#guide {field}"))
        self.page.get_by_role("button", name="Envoyer", exact=True).click()
        self.settled(before)

    def check_axe(self, name: str, *, without: tuple[str, ...] = ()) -> None:
        """No violation that axe-core finds. It is run from outside the page: the policy of the page allows no other script."""
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        rules = {rule: {"enabled": False} for rule in without}
        found = self.page.evaluate("rules => axe.run(document, {resultTypes: ['violations'], rules})", rules)
        told = [
            f"{v['id']}: {v['nodes'][0]['html'][:200]} {v['nodes'][0]['failureSummary']}" for v in found["violations"]
        ]
        assert told == [], f"{name}: " + "\n".join(told)

    def shoot(self, name: str, *, whole: bool = True) -> None:
        """Keep a picture; nothing may stick out sideways."""
        overflow = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        SCREENS.mkdir(parents=True, exist_ok=True)
        size = self.page.viewport_size
        if (
            whole and size is not None
        ):  # a taller window: a full-page capture would forget that the screen is a touch one
            height = self.page.evaluate("document.documentElement.scrollHeight")
            self.page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
        self.page.screenshot(path=SCREENS / f"{name}-{self.width}.png", animations="disabled")
        if whole and size is not None:
            self.page.set_viewport_size(size)
        assert overflow <= 0, f"{name}: {overflow} px too wide at {self.width}"

    def check_targets(self) -> None:
        """Buttons, fields and summaries are at least 44 px high and wide."""
        small = self.page.evaluate(
            """() => [...document.querySelectorAll(
                "button, input:not([type=hidden]):not([type=radio]), select, textarea, summary, .raison")]
            .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest("details:not([open]) > :not(summary)"))
            .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
            .filter(([, r]) => r.height < 43.5 || r.width < 43.5).map(([html, r]) => `${html} ${r.width}x${r.height}`)"""
        )
        assert small == []
