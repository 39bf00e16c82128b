"""While one waits for a person or has one, it is said in sight, without a script too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browser.browsing import PHONE, visit
from tests.journeys.live.agents import Agents

pytestmark = pytest.mark.browser


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
