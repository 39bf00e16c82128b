"""The widget on somebody else's site, which may be hostile: styles, scripts, a strict policy."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browser.browsing import DESK, PHONE, Visit, visit
from tests.journeys.browser.site import Site, assistant, opener, press_corner, say
from tests.journeys.conftest import await_until

pytestmark = pytest.mark.browser
HOSTILE_STYLE = """
body * { display: none !important; opacity: 0 !important; position: static !important; font: 60px fantasy !important;
  color: red !important; transform: rotate(20deg) !important; width: 3px !important; pointer-events: none !important; }
html { transform: translateX(100px); } :root { --text-default-grey: red; } iframe, button, div { visibility: hidden !important; }
"""
HOSTILE_SCRIPT = """
window.stolen = [];
Array.prototype.map = () => { throw new Error("host") };
Element.prototype.getAttribute = () => "host";
window.JSON = null;
addEventListener("message", (e) => window.stolen.push(e.data));
"""


@pytest.fixture
def site(service: str) -> Iterator[Site]:
    site = Site(service)
    yield site
    site.server.shutdown()


@pytest.fixture(params=[PHONE, DESK], ids=["360", "1280"])
def guest(request: pytest.FixtureRequest, browser: Browser, service: str) -> Iterator[Visit]:
    """Somebody on another site."""
    with visit(browser, service, request.param) as guest:
        yield guest


def test_nothing_but_a_small_script_before_it_is_opened(guest: Visit, site: Site) -> None:
    site.serve()
    guest.page.goto(site.address)
    expect(opener(guest.page)).to_be_visible()
    asked = guest.page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
    assert [a for a in asked if a.startswith(site.service)] == [f"{site.service}/widget.js"]
    script = httpx.get(f"{site.service}/widget.js", headers={"accept-encoding": "identity"})
    assert len(gzip.compress(script.content)) < 30_000
    assert guest.context.cookies() == []
    guest.page.screenshot(path=f"build/screens/70-widget-ferme-{guest.width}.png")


def test_a_conversation_in_the_widget(guest: Visit, site: Site) -> None:
    site.serve(attributes='data-position="left" data-label="Besoin d\'aide ?"')
    guest.page.goto(site.address)
    press_corner(guest.page)
    frame = assistant(guest.page)
    say(frame, "Quels sont vos horaires ?")
    expect(frame.locator(".bulle.assistant").first).to_contain_text("Réponse de test")
    assert guest.context.cookies() == [], "no cookie of ours on somebody else's site"
    guest.page.screenshot(path=f"build/screens/71-widget-ouvert-{guest.width}.png")
    before = frame.locator(".bulle").count()
    frame.locator("#texte").press("Escape")
    press_corner(guest.page)
    assert frame.locator(".bulle").count() == before, (
        "closing and opening keeps the conversation, in a private window too"
    )


def test_a_hostile_site(guest: Visit, site: Site) -> None:
    site.pages["/h.css"] = ("text/css", HOSTILE_STYLE)
    site.pages["/h.js"] = ("text/javascript", HOSTILE_SCRIPT)
    site.policy = f"default-src 'none'; script-src 'self' {site.service}; style-src 'self'; frame-src {site.service}"
    site.serve(head='<link rel=stylesheet href="/h.css"><script src="/h.js"></script>')
    guest.page.goto(site.address)
    box = opener(guest.page).bounding_box()
    assert box is not None
    assert box["x"] + box["width"] > guest.page.viewport_size["width"] - 40  # type: ignore[index]
    assert opener(guest.page).evaluate("e => [getComputedStyle(e).opacity, getComputedStyle(e).transform, e.shadowRoot]") == [
        "1", "none", None,
    ]  # fmt: skip
    press_corner(guest.page)
    frame = assistant(guest.page)
    say(frame, "un secret")
    guest.page.screenshot(path=f"build/screens/72-widget-hostile-{guest.width}.png")
    assert "secret" not in str(guest.page.evaluate("window.stolen"))
    assert guest.page.evaluate("[frames.length, document.querySelectorAll('iframe').length]") == [0, 0], "out of reach"


def test_the_keyboard(guest: Visit, site: Site) -> None:
    site.serve()
    guest.page.goto(site.address)
    expect(opener(guest.page)).to_be_visible()
    for _ in range(3):
        guest.page.keyboard.press("Tab")
        if guest.page.evaluate("document.activeElement.localName") == "aiguillage-widget":
            break
    guest.page.keyboard.press("Enter")
    frame = assistant(guest.page)
    expect(frame.locator("#texte")).to_be_visible()
    guest.page.keyboard.press("Tab")
    expect(frame.get_by_role("link", name="Aller au contenu")).to_be_focused()
    guest.page.keyboard.press("Escape")
    focused = "document.activeElement.localName"
    await_until(lambda: guest.page.evaluate(focused) == "aiguillage-widget", "the focus is back", within_s=10)
    assert opener(guest.page).bounding_box()["height"] < 100
    guest.page.keyboard.press("Enter")  # focus came back to the button
    expect(frame.locator("#texte")).to_be_visible()


def test_a_site_that_is_not_allowed(browser: Browser, service: str, site: Site) -> None:
    response = httpx.get(f"{service}/assistant")
    assert "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*" in response.headers["content-security-policy"]
    assert "x-frame-options" not in response.headers
    for path in ("/console", "/demande", "/"):
        headers = httpx.get(f"{service}{path}").headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
