"""What the widget keeps on somebody else's site, by what the browser lets a frame keep."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import make_url

from tests.journeys.browser.browsing import ARGUMENTS, CHROMIUM, Visit
from tests.journeys.browser.site import Site, assistant, press_corner, say

pytestmark = pytest.mark.browser
OPEN = {"profile": {"cookie_controls_mode": 0, "block_third_party_cookies": False}}
NO_THIRD_PARTY = {"profile": {"cookie_controls_mode": 1, "block_third_party_cookies": True}}
NOTHING = {"profile": {"default_content_setting_values": {"cookies": 2}}}


def plain_url(url: str) -> str:
    """As psycopg takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture
def site(service: str) -> Iterator[Site]:
    site = Site(service)
    yield site
    site.server.shutdown()


@contextmanager
def window(
    browser: Browser, service: str, folder: Path, preferences: dict[str, Any], *arguments: str
) -> Iterator[Visit]:
    """An ordinary window of a browser with these preferences; what frames store is apart for each site."""
    kept = folder / "Default" / "Preferences"
    kept.parent.mkdir()
    kept.write_text(json.dumps(preferences))
    context = browser.browser_type.launch_persistent_context(
        str(folder),
        executable_path=str(CHROMIUM),
        args=[*ARGUMENTS, *arguments],
        base_url=service,
        accept_downloads=True,
    )
    yield Visit(context, context.pages[0], "1280")
    context.close()


@pytest.mark.parametrize(
    ("preferences", "arguments"),
    [(OPEN, ()), (OPEN, ("--test-third-party-cookie-phaseout",))],
    ids=["open", "phase-out"],
)
def test_a_conversation_is_kept_from_page_to_page(
    browser: Browser, service: str, site: Site, tmp_path: Path, preferences: dict[str, Any], arguments: tuple[str, ...]
) -> None:
    """Private windows keep nothing of a frame: there the conversation lasts as long as the page."""
    with window(browser, service, tmp_path, preferences, *arguments) as guest:
        site.serve()
        guest.page.goto(site.address)
        press_corner(guest.page)
        say(assistant(guest.page), "Quels sont vos horaires ?")
        guest.page.reload()
        press_corner(guest.page)
        frame = assistant(guest.page)
        expect(frame.locator(".bulle.learner")).to_have_count(1)
        frame.locator("#menu summary").click()
        with guest.page.expect_download() as download:
            frame.get_by_role("link", name="Télécharger pour lire").click()
        assert download.value.suggested_filename == "conversation-cned.html"
        frame.get_by_role("button", name="Effacer ma conversation").click()
        expect(frame.locator(".bulle")).to_have_count(0)
        guest.page.reload()
        press_corner(guest.page)
        frame = assistant(guest.page)
        expect(frame.locator("#texte")).to_be_visible()
        assert frame.locator(".bulle").count() == 0


@pytest.mark.parametrize("preferences", [NO_THIRD_PARTY, NOTHING], ids=["no-third-party-cookies", "nothing"])
def test_where_nothing_may_be_kept_it_lasts_as_long_as_the_frame_and_says_so(
    browser: Browser, service: str, site: Site, tmp_path: Path, preferences: dict[str, Any], journey_database: str
) -> None:
    with window(browser, service, tmp_path, preferences) as guest:
        site.serve()
        guest.page.goto(site.address)
        press_corner(guest.page)
        frame = assistant(guest.page)
        expect(frame.locator("#sans-memoire")).to_be_visible()
        assert frame.evaluate("() => { try { return Boolean(localStorage); } catch { return false; } }") is False
        say(frame, "Quels sont vos horaires ?")
        say(frame, "une bourse ?")
        guest.page.screenshot(path="build/screens/73-widget-sans-memoire.png")
        expect(frame.locator(".bulle.learner")).to_have_count(2)
        with psycopg.connect(plain_url(journey_database)) as connection:
            latest = "SELECT id FROM conversations ORDER BY created_at DESC LIMIT 1"
            query = f"SELECT text FROM messages WHERE author = 'learner' AND conversation_id = ({latest}) ORDER BY id"
            found = [text for (text,) in connection.execute(query)]  # type: ignore[call-overload]
        assert found == ["Quels sont vos horaires ?", "une bourse ?"], "both went into one conversation"
        frame.locator("#texte").press("Escape")
        expect(frame.locator("#texte")).to_be_hidden()
        press_corner(guest.page)
        expect(frame.locator("#texte")).to_be_visible()
        expect(frame.locator(".bulle.learner")).to_have_count(2)
        with guest.page.context.expect_page() as other:
            frame.get_by_role("link", name="ouvrez l'assistant dans un autre onglet").click()
        expect(other.value.locator("#texte")).to_be_visible()
        guest.page.reload()
        press_corner(guest.page)
        frame = assistant(guest.page)
        expect(frame.locator("#sans-memoire")).to_be_visible()
        expect(frame.locator(".bulle")).to_have_count(0)
