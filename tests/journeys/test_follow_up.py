"""From a request to its answer, by its secret link: learner on a phone without scripts, two advisors, real mails."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from api.db.session import create_engine, create_sessions
from api.settings import Settings
from tests.api.mail.conftest import WorkerProcess, mail_settings
from tests.conftest import PASSWORD
from tests.journeys.axe import violations
from tests.journeys.browser.browsing import DESK, PHONE, Visit
from tests.journeys.browser.browsing import visit as quick_visit
from tests.mailbox import Mailbox, mail_server, parts, until

pytestmark = pytest.mark.browser
REFERENCE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")


@contextmanager
def visit(browser: Browser, service: str, size: dict[str, int], **options: Any) -> Iterator[Visit]:
    """A visit that bears a busy machine: pages here go through the database several times."""
    with quick_visit(browser, service, size, **options) as there:
        there.context.set_default_timeout(30_000)
        yield there


@pytest.fixture(scope="module")
def box(service: str, journey_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailbox]:
    """A mail server, and the worker that sends to it."""
    with mail_server() as box:
        settings = mail_settings(Settings(database_url=journey_database), box, public_url=service)
        worker = WorkerProcess(settings, tmp_path_factory.mktemp("mail") / "worker.log")
        worker.start()
        yield box
        assert worker.stop() == 0


@pytest.fixture(scope="module")
def advisors(journey_database: str) -> list[str]:
    """Logins of two advisors."""
    from api.operators import service as operators

    logins = [f"conseil.{uuid.uuid4().hex[:6]}" for _ in range(2)]

    async def make() -> None:
        database = create_engine(journey_database, pool_size=1)
        async with create_sessions(database).begin() as session:
            for login, name in zip(logins, ("Léa Martin", "Paul Roy"), strict=True):
                await operators.create_operator(
                    session=session, login=login, name=name, role="conseiller", password=PASSWORD
                )
        await database.dispose()

    with ThreadPoolExecutor(1) as apart:  # the browser's own loop runs in this thread
        apart.submit(lambda: asyncio.run(make())).result()
    return logins


def clean(page: Page) -> None:
    assert violations(page) == []


def tab_to(page: Page, selector: str, *, most: int = 60) -> None:
    """Reach something with the Tab key alone; each stop shows where it is."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement === document.querySelector(s)", selector):
            outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none"
            return
    pytest.fail(f"{selector} is not reached with the keyboard")


def mails_to(box: Mailbox, to: str, subject: str = "") -> list[EmailMessage]:
    """What somebody got; requests of other journeys send theirs too."""
    return [message for message in box.messages if to in str(message["To"]) and subject in message["Subject"]]


def link_in(box: Mailbox, subject: str, *, to: str = "zoe.martin@exemple.fr") -> str:
    """The link of the one mail that has this subject."""
    until(lambda: len(mails_to(box, to, subject)) == 1, f"one mail « {subject} »")
    return next(w for w in parts(mails_to(box, to, subject)[0])[0].split() if "/suivi/" in w)


def sign_in(there: Visit, login: str) -> None:
    there.open("/console/connexion")
    there.page.get_by_label("Identifiant").fill(login)
    there.page.get_by_label("Mot de passe").fill(PASSWORD)
    there.page.get_by_role("button", name="Se connecter").click()
    expect(there.page.get_by_role("heading", name="Demandes")).to_be_visible()


def test_from_request_to_rating(browser: Browser, service: str, box: Mailbox, advisors: list[str]) -> None:
    with (
        visit(browser, service, PHONE, java_script_enabled=False) as learner,
        visit(browser, service, DESK) as lea,
        visit(browser, service, DESK) as paul,
        visit(browser, service, PHONE) as eye,  # sees the same pages with scripts on, for axe-core
    ):
        page = learner.page
        learner.open("/demande")
        page.get_by_label("Votre demande").fill("Mon colis de cours n'est pas arrivé depuis trois semaines")
        page.get_by_label("Adresse de courriel").fill("zoe.martin@exemple.fr")
        page.get_by_role("button", name="Envoyer la demande").click()
        expect(page.get_by_role("link", name="Ouvrir la page de suivi")).to_be_visible()
        found = REFERENCE.search(page.inner_text("main"))
        assert found
        reference = found[0]

        page.goto(link_in(box, f"Votre demande {reference} est bien reçue"))
        expect(page.get_by_role("heading", level=1)).to_contain_text(reference)
        expect(page.locator("#etat")).to_contain_text("Reçue")
        look(eye, page.url, "suivi-recue")
        page.get_by_label("Votre message").fill("J'habite à Brest.\nMon numéro : 06 12 34 56 78")
        page.get_by_role("button", name="Envoyer le message").click()
        expect(page.locator("#etat [role=status]")).to_contain_text("masquées")
        expect(page.locator(".dit").last).to_contain_text("[numéro de téléphone masqué]")

        for there, login in ((lea, advisors[0]), (paul, advisors[1])):
            sign_in(there, login)
            there.open(f"/console/demandes/{reference}")
        expect(lea.page.locator("#echange + .echange")).to_contain_text("J'habite à Brest.")
        lea.page.get_by_label("Votre réponse").fill("Quelle est votre adresse complète ?")
        lea.page.get_by_role("button", name="Envoyer et attendre sa réponse").click()
        expect(lea.page.locator(".avis[role=status]")).to_contain_text("Réponse envoyée")
        clean(lea.page)
        lea.shoot("console-demande")

        paul.page.get_by_label("Votre réponse").fill("Je regarde avec le transporteur.")
        paul.page.get_by_role("button", name="Envoyer", exact=True).click()
        expect(paul.page.get_by_role("alert").first).to_contain_text("pendant que vous écriviez")
        expect(paul.page.get_by_label("Votre réponse")).to_have_value("Je regarde avec le transporteur.")
        clean(paul.page)
        paul.shoot("console-deux-conseillers")
        paul.page.get_by_label("Votre note").fill("Transporteur appelé.")
        paul.page.get_by_role("button", name="Ajouter la note").click()

        page.goto(link_in(box, "Une réponse"))
        expect(page.locator("#etat")).to_contain_text("Nous attendons votre réponse")
        expect(page.locator(".echange")).to_contain_text("Quelle est votre adresse complète ?")
        expect(page.locator("main")).not_to_contain_text("Transporteur appelé")
        look(eye, page.url, "suivi-attente")
        page.get_by_label("Votre message").fill("12 rue des Lilas")
        page.get_by_role("button", name="Envoyer le message").click()
        expect(page.locator("#etat")).to_contain_text("En cours")

        lea.page.reload()
        lea.page.get_by_label("Votre réponse").fill("Un nouveau colis est parti ce matin.")
        lea.page.get_by_role("button", name="Envoyer et résoudre").click()
        expect(lea.page.locator(".avis[role=status]")).to_contain_text("Réponse envoyée")
        expect(lea.page.locator(".fiche").first).to_contain_text("Résolu")

        page.goto(link_in(box, "est résolue"))
        expect(page.locator(".echange")).to_contain_text("Un nouveau colis est parti")
        look(eye, page.url, "suivi-resolue")
        page.get_by_role("button", name="Envoyer mon avis").click()
        expect(page.get_by_role("alert")).to_contain_text("Choisissez une réponse")
        page.get_by_label("Satisfait", exact=True).check(force=True)
        page.get_by_label("Un mot, si vous voulez").fill("Merci, c'est réglé")
        page.get_by_role("button", name="Envoyer mon avis").click()
        expect(page.locator("main")).to_contain_text("Vous avez répondu : Satisfait")
        page.get_by_role("button", name="Clore la demande").click()
        expect(page.locator("#etat")).to_contain_text("Close")
        look(eye, page.url.partition("?")[0], "suivi-close")
        page.get_by_label("Dites ce qui manque").fill("Finalement il manque un livre")
        page.get_by_role("button", name="Rouvrir la demande").click()
        expect(page.locator("#etat")).to_contain_text("Rouverte")
        lea.page.reload()
        expect(lea.page.locator("main")).to_contain_text("4 sur 5")
        lea.open("/console/courriels")
        clean(lea.page)
        lea.shoot("console-courriels")
    hers = [to for to in box.recipients if "zoe.martin@exemple.fr" in to]  # other journeys have their mails
    assert hers == [["zoe.martin@exemple.fr"]] * 3


def look(eye: Visit, address: str, name: str) -> None:
    """The page at both widths: nothing sticks out, axe-core finds nothing, targets are large enough."""
    for size in (PHONE, DESK):
        eye.page.set_viewport_size(size)  # type: ignore[arg-type]
        eye.page.goto(address)
        clean(eye.page)
        eye.width = str(size["width"])
        eye.shoot(name)
    eye.page.set_viewport_size({"width": 320, "height": 512})  # 1280 px at 400 %
    eye.width = "320"
    eye.shoot(name, whole=False)


def a_request(page: Page, text: str = "Mon colis n'est pas arrivé") -> str:
    """Send a request; the address of its follow-up page."""
    page.goto("/demande")
    page.get_by_label("Votre demande").fill(text)
    page.get_by_role("button", name="Envoyer la demande").click()
    href = page.get_by_role("link", name="Ouvrir la page de suivi").get_attribute("href")
    assert href
    return href


def test_with_the_keyboard_alone(browser: Browser, service: str) -> None:
    with visit(browser, service, DESK) as there:
        page = there.page
        page.goto(a_request(page))
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Contenu")).to_be_focused()
        page.keyboard.press("Enter")
        tab_to(page, "#texte")
        page.keyboard.type("Au clavier")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".dit").last).to_contain_text("Au clavier")
        tab_to(page, "form[action$='/clore'] button")
        page.keyboard.press("Enter")
        expect(page.locator("#etat")).to_contain_text("Close")


def test_errors_safety_and_unknown_links(browser: Browser, service: str) -> None:
    with visit(browser, service, PHONE) as there:
        page = there.page
        address = a_request(page)
        page.goto(address)
        page.get_by_role("button", name="Envoyer le message").click()
        expect(page.get_by_role("alert")).to_contain_text("Écrivez votre message")
        clean(page)
        there.shoot("suivi-erreur")
        page.get_by_label("Votre message").fill("mon père me frappe")
        page.get_by_role("button", name="Envoyer le message").click()
        expect(page.get_by_role("link", name="Appeler le 112")).to_be_visible()
        clean(page)
        there.shoot("suivi-securite")
        page.goto(f"{address}/courriels")
        clean(page)
        page.get_by_role("button", name="Ne plus recevoir").click()
        expect(page.get_by_role("status")).to_contain_text("plus de courriels")
        page.goto("/suivi/inconnu")
        expect(page.get_by_role("heading", level=1)).to_have_text("Cette page n'existe pas")
        clean(page)
        there.shoot("suivi-inconnu")


def test_colours_that_the_person_forces(browser: Browser, service: str) -> None:
    with visit(browser, service, PHONE, forced_colors="active", reduced_motion="reduce") as there:
        there.page.goto(a_request(there.page))
        there.shoot("suivi-contraste-force")


def answered(database_url: str, reference: str) -> None:
    """An advisor answers this request, then resolves it."""
    from api.tickets import exchange, life

    async def answer() -> None:
        database = create_engine(database_url, pool_size=1)
        async with create_sessions(database).begin() as session:
            said: dict[str, Any] = {"session": session, "reference": reference, "by": life.SYSTEM}
            await exchange.answer(text="Nous cherchons votre colis.", client_id=uuid.uuid4(), **said)
            await exchange.answer(text="Il part demain.", client_id=uuid.uuid4(), then="resolu", **said)
        await database.dispose()

    with ThreadPoolExecutor(1) as apart:  # the browser's own loop runs in this thread
        apart.submit(lambda: asyncio.run(answer())).result()


def test_the_mails_are_readable(browser: Browser, service: str, box: Mailbox, journey_database: str) -> None:
    """Every kind that a request causes, in light and dark, on a phone and on a desk."""
    to = f"jean.{uuid.uuid4().hex[:6]}@exemple.fr"
    with visit(browser, service, PHONE) as there:
        there.page.goto("/demande")
        there.page.get_by_label("Votre demande").fill("Mon colis n'est pas arrivé")
        there.page.get_by_label("Adresse de courriel").fill(to)
        there.page.get_by_role("button", name="Envoyer la demande").click()
        found = REFERENCE.search(there.page.inner_text("main"))
    assert found
    answered(journey_database, found[0])
    until(lambda: len(mails_to(box, to)) == 3, "confirmation, answer, resolution")
    for scheme in ("light", "dark"):
        with visit(browser, service, PHONE, color_scheme=scheme) as there:
            for n, message in enumerate(mails_to(box, to)):
                _, html = parts(message)
                there.page.set_content(html)
                assert violations(there.page) == []
                expect(there.page.get_by_role("heading", level=1)).to_be_visible()
                expect(there.page.locator("a[href*='/suivi/']").first).to_be_visible()
                for size in (PHONE, DESK):
                    there.page.set_viewport_size(size)  # type: ignore[arg-type]
                    there.width = str(size["width"])
                    there.shoot(f"courriel-{n}-{scheme}")
