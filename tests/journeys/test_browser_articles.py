"""An editor and a reviewer in real Chromium: with and without script, on a phone and on a desk, by the keyboard."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from api.operators.signed_in import COOKIE
from tests.api.articles.conftest import ANSWER
from tests.conftest import new_database
from tests.journeys.axe_checks import check_axe
from tests.journeys.browser.browsing import DESK, PHONE, Visit, visit
from tests.journeys.conftest import answers, await_until, free_port
from tests.journeys.test_articles_live import TwoProcesses, _people
from tests.knowledge.small_engine import small_engine

pytestmark = pytest.mark.browser
HOME = "/console/articles"
WAYS = {
    "poli": "Je souhaite justifier de mon inscription\nComment justifier que je suis inscrite",
    "bref": "justifier inscription\npreuve inscrit",
    "sms": "cmt prouvé ke jsui inscri\nil me fo une preuve dinscription",
    "parent_inquiet": "La mairie veut une preuve que ma fille est inscrite\nQue donner à la caisse pour mon fils inscrit",
}


@pytest.fixture(scope="module")
def running(server_url: str) -> Iterator[TwoProcesses]:
    from api.app import create_app
    from api.db.migrate import migrate
    from api.settings import Settings

    with new_database(server_url) as url:
        migrate(url)
        port = free_port()
        settings = Settings(database_url=url, rasa_url="http://127.0.0.1:9", live_sweep_s=0, rate_address=0)
        server = uvicorn.Server(uvicorn.Config(create_app(settings, load=small_engine), port=port, log_level="warning"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{port}"
        await_until(lambda: answers(f"{address}/healthz"), "the service answers", within_s=60)
        with ThreadPoolExecutor(1) as pool:  # Playwright has a loop running in this thread
            tokens = pool.submit(asyncio.run, _people(url)).result()
        yield TwoProcesses((address, address), tokens, url)
        server.should_exit = True
        thread.join(timeout=20)


@contextmanager
def person(browser: Browser, running: TwoProcesses, who: str, size: dict[str, int], **options: Any) -> Iterator[Visit]:
    with visit(browser, running.urls[0], size, **options) as there:
        there.context.add_cookies([{"name": COOKIE, "value": running.tokens[who], "url": running.urls[0]}])
        yield there


def write(page: Page, question: str) -> None:
    """Fill the form of an article."""
    page.get_by_label("Question", exact=True).fill(question)
    page.get_by_label("Réponse", exact=True).fill(ANSWER)
    page.get_by_label("Service").select_option("certificats_bulletins")
    page.get_by_label("Certitude").select_option("publie")
    page.locator("#source_titre_0").fill("Rapport d'activité 2024")
    page.locator("#source_annee_0").fill("2025")
    page.locator("#faits").fill("CON-01")
    for register, texts in WAYS.items():
        page.locator(f"#formulations_{register}").fill(texts)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_the_look_of_every_page(browser: Browser, running: TwoProcesses, size: dict[str, int]) -> None:
    with person(browser, running, "anne", size) as there:
        page = there.page
        there.open(HOME)
        check_axe(page, "list")
        there.check_targets()
        there.shoot("articles-1-liste")
        page.get_by_role("link", name="Écrire un article").click()
        check_axe(page, "new")
        there.shoot("articles-2-nouveau")
        page.get_by_role("button", name="Enregistrer le brouillon").click()
        expect(page.get_by_role("alert")).to_contain_text("Question : Ce champ est nécessaire.")
        check_axe(page, "errors")
        there.shoot("articles-3-erreurs")
        write(page, "Comment obtenir mon certificat de scolarité ?")
        expect(page.locator("[data-proches]")).to_contain_text("Comment obtenir un certificat de scolarité ?")
        check_axe(page, "near")
        page.get_by_role("button", name="Vérifier et voir").click()
        expect(page.get_by_role("heading", name="Dans la conversation")).to_be_visible()
        check_axe(page, "checked")
        there.check_targets()
        there.shoot("articles-4-verification")


@pytest.mark.parametrize(
    ("size", "script"), [(PHONE, True), (DESK, True), (DESK, False)], ids=["360", "1280", "no script"]
)
def test_from_draft_to_answer(browser: Browser, running: TwoProcesses, size: dict[str, int], script: bool) -> None:
    name = f"preuve_{size['width']}_{'script' if script else 'sans'}"
    question = f"Comment prouver une inscription, cas {name} ?"
    options = {"java_script_enabled": script}
    with (
        person(browser, running, "anne", size, **options) as anne,
        person(browser, running, "bruno", size, **options) as bruno,
    ):
        anne.open(f"{HOME}/nouveau")
        write(anne.page, question)
        extra = anne.page.locator("#formulations_adolescent")
        extra.fill(f"passage secret {name}")
        for register in WAYS:  # each run has its own ways to ask
            box = anne.page.locator(f"#formulations_{register}")
            box.fill("\n".join(f"{line} {name}" for line in WAYS[register].split("\n")))
        anne.page.locator("#identifiant").fill(name)
        anne.page.get_by_role("button", name="Enregistrer le brouillon").click()
        expect(anne.page.locator(".avis").first).to_contain_text("Brouillon enregistré.")
        anne.page.get_by_role("button", name="Demander la relecture").click()
        expect(anne.page.get_by_text("Une autre personne doit relire")).to_be_visible()
        expect(anne.page.get_by_role("button", name="Publier")).to_have_count(0)
        bruno.open(HOME)
        bruno.page.get_by_role("link", name=question).first.click()
        if script:
            check_axe(bruno.page, "review")
            bruno.check_targets()
            bruno.shoot("articles-5-relecture")
        bruno.page.get_by_role("button", name="Publier la version 1").click()
        if bruno.page.get_by_role("heading", level=1).inner_text().startswith("Publier :"):
            if script:
                check_axe(bruno.page, "sign")
                bruno.shoot("articles-6-confirmer")
            bruno.page.get_by_label("Pourquoi c'est acceptable").fill("Les deux articles se complètent.")
            bruno.page.get_by_label("J'ai lu ces questions").check()
            bruno.page.get_by_role("button", name="Publier quand même").click()
        expect(bruno.page.locator(".avis").first).to_contain_text("Article publié.")
        if script:
            bruno.shoot("articles-7-publie")
        bruno.open(f"/faq/{name}")
        expect(bruno.page.get_by_role("heading", level=1)).to_contain_text("cas")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
def test_what_changed_is_seen_and_taken_back(browser: Browser, running: TwoProcesses, size: dict[str, int]) -> None:
    with person(browser, running, "anne", size) as there:
        page = there.page
        there.open(f"{HOME}/horaires_telephone/modifier")
        page.get_by_label("Réponse", exact=True).fill(f"Réponse de test : Quand puis-je nous joindre ? {size['width']}")
        page.get_by_role("button", name="Enregistrer le brouillon").click()
        expect(page.locator("ins").first).to_be_visible()
        page.get_by_role("link", name="Version 1", exact=True).click()
        check_axe(page, "version")
        there.shoot("articles-8-version")
        page.get_by_role("button", name="Reprendre cette version").click()
        expect(page.locator(".avis").first).to_contain_text("reprise dans un brouillon")
        page.get_by_role("button", name="Abandonner ce brouillon").click()
        expect(page.locator(".avis").first).to_contain_text("Brouillon abandonné")


def test_signing_by_the_keyboard_what_would_go_wrong(browser: Browser, running: TwoProcesses) -> None:
    """A control question that leads elsewhere: shown, and published only once signed; not one click."""
    with person(browser, running, "anne", DESK) as anne, person(browser, running, "bruno", DESK) as bruno:
        anne.open(f"{HOME}/nouveau")
        write(anne.page, "Quel document pour ma banque ?")
        for register in WAYS:
            box = anne.page.locator(f"#formulations_{register}")
            box.fill("\n".join(f"{line} pour la banque" for line in WAYS[register].split("\n")))
        anne.page.locator("#identifiant").fill("document_banque")
        anne.page.locator("#controle").fill("quels sont vos horaires d'ouverture")
        anne.page.get_by_role("button", name="Enregistrer le brouillon").press("Enter")
        anne.page.get_by_role("button", name="Demander la relecture").press("Enter")
        expect(anne.page.get_by_text("Une autre personne doit relire")).to_be_visible()
        page = bruno.page
        bruno.open(f"{HOME}/document_banque")
        page.get_by_role("button", name="Publier la version 1").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("plus à la bonne réponse")
        check_axe(page, "sign")
        bruno.check_targets()
        bruno.shoot("articles-6-confirmer")
        page.keyboard.press("Tab")
        page.get_by_label("Pourquoi c'est acceptable").focus()
        page.keyboard.type("Cette question sera reprise demain.")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Publier quand même")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".avis").first).to_contain_text("Article publié.")
        expect(page.get_by_text("Cette question sera reprise demain.")).to_be_visible()
