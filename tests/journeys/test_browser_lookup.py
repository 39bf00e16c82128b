"""An agent with a caller on the line: the keyboard alone, real Chromium; answers that come late; no script at all."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Route, expect

from api.operators.signed_in import COOKIE
from tests.conftest import new_database
from tests.journeys.axe_checks import check_axe
from tests.journeys.browser.browsing import DESK, PHONE, Visit, visit
from tests.journeys.conftest import await_until
from tests.journeys.lookup_service import Running, running_service

pytestmark = pytest.mark.browser
BOX = "#recherche-q"


@pytest.fixture(scope="module")
def running(server_url: str) -> Iterator[Running]:
    from api.db.migrate import migrate

    with new_database(server_url) as url:
        migrate(url)
        with running_service(url) as running:
            yield running


def signed_in(there: Visit, running: Running) -> Visit:
    there.context.add_cookies([{"name": COOKIE, "value": running.token, "url": running.url}])
    return there


@pytest.fixture(params=[PHONE, DESK], ids=["360", "1280"])
def there(request: pytest.FixtureRequest, browser: Browser, running: Running) -> Iterator[Visit]:
    """An agent, with the script."""
    with visit(browser, running.url, request.param) as there:
        yield signed_in(there, running)


@pytest.fixture
def desk(browser: Browser, running: Running) -> Iterator[Visit]:
    """An agent at a desk, whose clipboard can be read."""
    with visit(browser, running.url, DESK, permissions=["clipboard-read", "clipboard-write"]) as there:
        yield signed_in(there, running)


def asked(running: Running, query: str) -> Any:
    with psycopg.connect(running.database_url.replace("postgresql+psycopg", "postgresql")) as connection:
        row = connection.execute(query).fetchone()  # type: ignore[call-overload]
        return row[0] if row else None


def test_the_look_of_every_state(there: Visit) -> None:
    page = there.page
    there.open("/crc")
    expect(page.locator(BOX)).to_be_focused()
    check_axe(page, "empty")
    there.check_targets()
    there.shoot("recherche-1-vide")
    page.keyboard.type("certificat de sco")
    first = page.locator("details.hit").first
    expect(first).to_contain_text("certificat de scolarité")
    expect(first).to_have_attribute("open", "")
    expect(page.locator("[data-etat]")).to_contain_text("réponse")
    expect(page.locator("[data-complet='1']")).to_be_visible()
    check_axe(page, "results")
    there.check_targets()
    there.shoot("recherche-2-reponses")
    page.locator(BOX).fill("kwxyz")
    expect(page.locator(".avis")).to_contain_text("Aucune réponse ne ressemble")
    check_axe(page, "nothing")
    there.shoot("recherche-3-rien")
    page.get_by_role("button", name="Raccourcis clavier").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check_axe(page, "shortcuts")
    there.shoot("recherche-4-raccourcis", whole=False)


def test_an_agent_without_a_mouse(desk: Visit, running: Running) -> None:
    """From the question to the copied answer, the favourite, another caller, the gap: not one click."""
    page, keys = desk.page, desk.page.keyboard
    desk.open("/crc")
    keys.type("bource lyc")  # with a typo, unfinished
    expect(page.locator("details.hit").first).to_contain_text("bourse")
    keys.press("Enter")
    summary = page.locator("details.hit > summary").first
    expect(summary).to_be_focused()
    keys.press("c")
    expect(page.locator("[data-etat]")).to_have_text("Texte copié.")
    text = page.evaluate("navigator.clipboard.readText()")
    assert "bourse" in text
    assert "Source : " in text
    keys.press("m")
    expect(page.locator("[data-etat]")).to_have_text("Courriel copié.")
    assert page.evaluate("navigator.clipboard.readText()").startswith("Bonjour,\n\n")
    keys.press("f")
    expect(page.locator("[data-etat]")).to_have_text("Ajouté à vos favoris.")
    expect(summary).to_be_focused()
    keys.press("ArrowDown")
    second = page.locator("details.hit > summary").nth(1)
    expect(second).to_be_focused()
    keys.press("Enter")
    expect(page.locator("details.hit").nth(1)).to_have_attribute("open", "")
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    expect(page.locator(BOX)).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Escape")
    expect(page.locator(BOX)).to_be_focused()
    keys.press("Escape")
    expect(page.locator(BOX)).to_have_value("")
    expect(page.locator("details.hit")).to_have_count(0)
    assert asked(running, "SELECT count(*) FROM lookup_favourites") == 1
    await_until(
        lambda: asked(running, "SELECT sum(number) FROM lookup_counts") == 2,
        "two answers taken, once each",
        within_s=10,
    )
    desk.open("/crc")
    for title in ("Vos favoris", "Vus récemment", "Les plus demandées cette semaine"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    check_axe(page, "at hand")
    desk.shoot("recherche-5-sous-la-main")


def test_the_context_of_the_caller_by_one_key(desk: Visit) -> None:
    page, keys = desk.page, desk.page.keyboard
    desk.open("/crc")
    keys.type("bourse")
    expect(page.locator("[data-article=bourse_college_lycee]")).to_be_visible()
    for _ in range(4):
        keys.press("F2")
    expect(page.locator("#recherche-public")).to_have_value("etablissement")
    expect(page.locator("[data-article=bourse_college_lycee]")).to_have_count(0)
    expect(page.locator("[data-resultats]")).to_contain_text("ce public")
    expect(page.locator(BOX)).to_be_focused()
    check_axe(page, "narrowed")
    desk.shoot("recherche-6-contexte")
    keys.press("F9")
    expect(page.locator("[data-article=bourse_college_lycee]")).to_be_visible()
    keys.press("F4")
    expect(page.locator("#recherche-niveau")).to_have_value("ecole")
    keys.press("Shift+F4")
    expect(page.locator("#recherche-niveau")).to_have_value("")
    keys.press("F8")
    expect(page.locator("#recherche-unite")).to_have_value("ecole")


def test_shortcuts_of_one_key_leave_fields_alone_and_can_be_turned_off(desk: Visit) -> None:
    page, keys = desk.page, desk.page.keyboard
    desk.open("/crc")
    keys.type("c/? m")
    expect(page.locator(BOX)).to_have_value("c/? m")
    page.locator("#recherche-public").focus()
    keys.press("Tab")
    page.get_by_role("link", name="Demandes").focus()
    keys.press("/")
    expect(page.locator(BOX)).to_be_focused()
    page.get_by_role("link", name="Demandes").focus()
    keys.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.locator("[data-lettres]").focus()
    keys.press("Space")
    keys.press("Escape")
    expect(page.get_by_role("dialog")).not_to_be_visible()
    desk.open("/crc")
    page.get_by_role("link", name="Demandes").focus()
    keys.press("/")
    expect(page.get_by_role("link", name="Demandes")).to_be_focused()


def test_an_old_answer_never_replaces_a_newer_one(desk: Visit) -> None:
    """The first answer is held back until the second has come, then let go."""
    page = desk.page
    desk.open("/crc")
    release, held = threading.Event(), []

    def delay(route: Route) -> None:
        if "q=certificat&" in (route.request.post_data or "") and not release.is_set():
            held.append(route)
        else:
            route.continue_()

    page.route("**/crc/resultats", delay)
    page.locator(BOX).fill("certificat")
    page.wait_for_function("() => true")
    await_page(desk, lambda: len(held) >= 1)
    page.locator(BOX).fill("bourse")
    expect(page.locator("details.hit").first).to_contain_text("bourse")
    release.set()
    for route in held:
        route.continue_()
    page.wait_for_load_state("networkidle")
    expect(page.locator("details.hit").first).to_contain_text("bourse")
    expect(page.locator("details.hit", has_text="Comment obtenir un certificat de scolarité")).to_have_count(0)


def test_answers_that_come_in_order_are_shown_while_typing_goes_on(desk: Visit) -> None:
    """A slow network does not leave the page empty until one stops: an answer is shown although a newer one is awaited."""
    page, held = desk.page, []
    desk.open("/crc")
    page.route(
        "**/crc/resultats", lambda r: held.append(r) if "q=bourse+" in (r.request.post_data or "") else r.continue_()
    )
    page.locator(BOX).press_sequentially("certificat")
    expect(page.locator("details.hit").first).to_contain_text("certificat")
    page.locator(BOX).fill("bourse au lycée")
    await_page(desk, lambda: len(held) >= 1)
    expect(page.locator("details.hit").first).to_contain_text("certificat")
    for route in held:
        route.continue_()
    page.unroute_all(behavior="ignoreErrors")
    page.locator(BOX).fill("")
    page.wait_for_load_state("networkidle")
    expect(page.locator("details.hit")).to_have_count(0)


def test_what_is_read_does_not_move_under_the_fingers(desk: Visit) -> None:
    page, held = desk.page, []
    desk.open("/crc")
    page.route(
        "**/crc/resultats", lambda r: held.append(r) if "pose=1" in (r.request.post_data or "") else r.continue_()
    )
    page.keyboard.type("certificat")
    expect(page.locator("details.hit").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    await_page(desk, lambda: len(held) >= 1)
    for route in held:
        route.continue_()
    page.wait_for_load_state("networkidle")
    expect(page.locator("details.hit > summary").first).to_be_focused()


def test_a_service_that_fails_says_so_and_keeps_the_words(desk: Visit) -> None:
    page = desk.page
    desk.open("/crc")
    page.route("**/crc/resultats", lambda route: route.abort())
    page.keyboard.type("bourse")
    expect(page.locator("[data-etat]")).to_contain_text("Vos mots sont gardés")
    page.unroute_all()
    page.keyboard.press("Enter")
    expect(page.locator("details.hit > summary").first).to_be_focused()
    desk.context.clear_cookies()
    page.locator(BOX).fill("certificat")
    expect(page.locator("[data-etat]")).to_contain_text("session a expiré")


def test_nothing_fits_then_a_ticket(there: Visit, running: Running) -> None:
    page, keys = there.page, there.page.keyboard
    before = asked(running, "SELECT count(*) FROM gaps")
    there.open("/crc")
    keys.type("son colis n'est pas arrivé en 6e")
    expect(page.locator("[data-complet='1']")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("r")
    expect(page.locator("[data-etat]")).to_contain_text("C'est noté")
    assert asked(running, "SELECT count(*) FROM gaps") == before + 1
    keys.press("t")
    expect(page.get_by_role("heading", name="Ouvrir un ticket")).to_be_visible()
    expect(page.locator("#service")).to_have_value("supports_colis")
    check_axe(page, "ticket")
    there.check_targets()
    there.shoot("recherche-7-ticket")
    page.locator("#champ-contact").fill("demain")
    page.get_by_role("button", name="Ouvrir le ticket").focus()
    keys.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Je n'ai pas reconnu")
    check_axe(page, "ticket refused")
    there.shoot("recherche-8-ticket-refuse")
    page.locator("#champ-contact").fill("06 12 34 56 78")
    page.get_by_role("button", name="Ouvrir le ticket").focus()
    keys.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("^Demande "))).to_be_visible()
    expect(page.locator(BOX)).to_have_value(re.compile("colis"))
    expect(page.locator("details.hit").first).to_be_visible()
    check_axe(page, "beside a ticket")
    there.shoot("recherche-9-pres-d-un-ticket")


@pytest.mark.parametrize(
    ("size", "query", "word"), [(PHONE, "certificat", "certificat"), (DESK, "phobie scolaire", "hobie")]
)
def test_without_any_script(browser: Browser, running: Running, size: dict[str, int], query: str, word: str) -> None:
    with visit(browser, running.url, size, java_script_enabled=False) as there:
        page = signed_in(there, running).page
        there.open("/crc")
        page.locator(BOX).fill(query)
        page.locator("#recherche-public").select_option("parent")
        page.locator(BOX).press("Enter")
        expect(page.locator("details.hit").first).to_contain_text(word)
        expect(page.locator("#recherche-public")).to_have_value("parent")
        expect(page.get_by_role("button", name="Copier le texte")).to_have_count(0)
        page.get_by_role("button", name="Ajouter aux favoris").first.click()
        expect(page.get_by_role("heading", name="Vos favoris")).to_be_visible()
        page.locator("#favoris + ul a").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(word)
        there.open("/crc")
        page.locator(BOX).fill("un cours de breton")
        page.get_by_role("button", name="Chercher").click()
        page.get_by_role("button", name="Rien ne convient").click()
        expect(page.get_by_role("status").first).to_contain_text("C'est noté")


def test_at_twice_the_size(browser: Browser, running: Running) -> None:
    """200 % zoom of a 1280 px screen is a 640 px one."""
    with visit(browser, running.url, {"width": 640, "height": 450}) as there:
        page = signed_in(there, running).page
        there.open("/crc")
        page.locator(BOX).fill("certificat")
        expect(page.locator("details.hit").first).to_be_visible()
        there.shoot("recherche-zoom")


def await_page(there: Visit, condition: Any) -> None:
    """Wait for what the page's routes do: they run while the page is asked something."""

    def turned() -> bool:
        there.page.evaluate("1")
        return bool(condition())

    await_until(turned, "the page asked", within_s=15)
