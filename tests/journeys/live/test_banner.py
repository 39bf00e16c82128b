"""While one waits for a person or has one, it is always in sight, and never over what has the focus."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browser.browsing import DESK, PHONE, Visit, visit
from tests.journeys.live.agents import Agents, ask_for_a_person, check, take, write

pytestmark = pytest.mark.browser
COVERED = """() => {
  const e = document.activeElement, panel = document.getElementById("direct"), box = document.getElementById("ecrire");
  if (e === document.body) return "";
  const r = e.getBoundingClientRect(), name = e.outerHTML.slice(0, 80);
  for (const other of [panel, box]) {
    if (other.contains(e)) continue;
    const o = other.getBoundingClientRect();
    const over = Math.min(r.bottom, o.bottom) - Math.max(r.top, o.top);
    if (over > 1 && Math.min(r.right, o.right) > Math.max(r.left, o.left)) return `${over} px of ${name} under ${other.id}`;
  }
  return r.bottom > 0 && r.top < innerHeight ? "" : `${name} is out of sight`;
}"""
DISPLAYS = [
    pytest.param(PHONE, {"has_touch": True}, id="360"),
    pytest.param(DESK, {}, id="1280"),
    pytest.param({"width": 640, "height": 450}, {"device_scale_factor": 2}, id="zoom-200"),
    pytest.param({"width": 320, "height": 256}, {"device_scale_factor": 4}, id="zoom-400"),
]


def in_sight(there: Visit) -> None:
    """The whole banner is in the window, wherever the page is scrolled, and leaves room for the rest."""
    for place in ("0", "document.body.scrollHeight / 2", "document.body.scrollHeight"):
        there.page.evaluate(f"window.scrollTo(0, {place})")
        top, bottom = there.page.locator("#direct").evaluate(
            "e => [e.getBoundingClientRect().top, e.getBoundingClientRect().bottom]"
        )
        height = there.page.evaluate("innerHeight")
        assert top >= -1, place
        assert bottom <= height + 1, place
        assert bottom - top <= height / 3, "the banner takes too much of the window"


def never_covers(there: Visit) -> None:
    """Through the whole page with the keyboard, both ways."""
    for key in ("Tab", "Shift+Tab"):
        for _ in range(30):
            there.page.keyboard.press(key)
            assert there.page.evaluate(COVERED) == ""


@pytest.mark.parametrize(("size", "options"), DISPLAYS)
def test_the_banner_stays_in_sight(
    browser: Browser, service: str, agents: Agents, size: dict[str, int], options: dict[str, object]
) -> None:
    with agents.come("Léa") as agent, visit(browser, service, size, **options) as there:
        there.open()
        for _ in range(3):
            there.say("Quels sont vos horaires ?")
        ask_for_a_person(there)
        leave = there.page.get_by_role("button", name="Ne plus attendre")
        expect(leave).to_have_count(1)
        expect(there.page.get_by_role("button", name="Parler à une personne")).to_be_hidden()
        in_sight(there)
        never_covers(there)
        check(there)
        there.check_targets()
        name = f"60-bandeau-{size['width']}x{size['height']}"
        there.shoot(f"{name}-attente", whole=False)
        take(agent.page)
        expect(there.page.locator("#direct")).to_contain_text("Léa, du Cned, vous répond")
        write(agent.page, "Bonjour, je vous lis. " * 12)
        expect(there.bubbles.last).to_contain_text("je vous lis")
        in_sight(there)
        never_covers(there)
        check(there)
        there.shoot(f"{name}-personne", whole=False)
        there.page.get_by_role("button", name="Quitter la discussion").click()
        expect(there.page.locator("#direct")).to_be_hidden()
        expect(there.page.get_by_role("button", name="Parler à une personne")).to_be_visible()


def test_in_sight_without_script_too(browser: Browser, service: str, agents: Agents) -> None:
    with agents.come("Léa"), visit(browser, service, PHONE, java_script_enabled=False) as there:
        there.open()
        there.say("Quels sont vos horaires ?")
        there.press("Parler à une personne")
        position = there.page.locator("#direct").evaluate("e => getComputedStyle(e).position")
        assert position == "sticky"
        expect(there.page.get_by_role("button", name="Ne plus attendre")).to_have_count(1)
        there.page.get_by_role("button", name="Ne plus attendre").click()
        expect(there.page.locator("#direct")).to_be_hidden()
