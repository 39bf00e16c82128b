"""The public FAQ in a real browser: read, printed, and left for the assistant with the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import new_database
from tests.journeys.axe_checks import check_axe
from tests.journeys.browser.browsing import DESK, PHONE, SCREENS, Visit, visit
from tests.journeys.lookup_service import Running, running_service

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def running(server_url: str) -> Iterator[Running]:
    from api.db.migrate import migrate

    with new_database(server_url) as url:
        migrate(url)
        with running_service(url) as running:
            yield running


@pytest.fixture(params=[PHONE, DESK], ids=["360", "1280"])
def there(request: pytest.FixtureRequest, browser: Browser, running: Running) -> Iterator[Visit]:
    with visit(browser, running.url, request.param, java_script_enabled=True) as there:
        yield there


def test_pages_read_and_leave_for_the_assistant(there: Visit) -> None:
    page, keys = there.page, there.page.keyboard
    there.open("/faq")
    check_axe(page, "all the questions")
    there.shoot("faq-1-toutes", whole=False)
    page.get_by_role("heading", name="Payer et être aidé").get_by_role("link").focus()
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Payer et être aidé")
    check_axe(page, "a theme")
    there.shoot("faq-2-theme", whole=False)
    page.locator("article h2 a").first.focus()
    keys.press("Enter")
    expect(page.locator("article h1")).to_be_visible()
    check_axe(page, "an answer")
    there.shoot("faq-3-reponse")
    assert there.context.cookies() == []
    page.get_by_role("link", name="Poser votre question à l'assistant").focus()
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/assistant$"))


def test_on_paper_there_is_the_answer_alone(browser: Browser, running: Running) -> None:
    with visit(browser, running.url, DESK) as there:
        there.open("/faq/annuler_et_etre_rembourse")
        there.page.emulate_media(media="print")
        expect(there.page.locator("article h1")).to_be_visible()
        for hidden in (".entete", ".suite", ".pied", ".voisines"):
            expect(there.page.locator(hidden)).to_be_hidden()
        SCREENS.mkdir(parents=True, exist_ok=True)
        there.page.screenshot(path=SCREENS / "faq-4-papier.png")


def test_dark_and_enlarged(browser: Browser, running: Running) -> None:
    with visit(browser, running.url, {"width": 640, "height": 450}, color_scheme="dark") as there:
        there.open("/faq/bourse_college_lycee")
        check_axe(there.page, "dark")
        there.shoot("faq-5-sombre")
        luminance = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)"
        assert max(there.page.evaluate(luminance)) < 64, "light text on a dark ground"
        wide = there.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 640, "nothing sticks out"
