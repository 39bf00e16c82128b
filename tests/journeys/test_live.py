"""From the assistant to a person, in real browsers: a learner on a phone, agents at their desks, and the service's clock."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import make_url

from api.operators.passwords import hash_password
from api.operators.service import hash_token
from api.operators.signed_in import COOKIE
from tests.fakes import HandClock
from tests.journeys.browser.browsing import DESK, PHONE, Visit, visit
from tests.journeys.conftest import Rasa, await_until, new_learner

pytestmark = [pytest.mark.browser, pytest.mark.rasa]
PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=PARIS)
SUNDAY = datetime(2026, 11, 22, 10, 0, tzinfo=PARIS)
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(autouse=True)
def monday(journey_clock: HandClock, journey_database: str, service: str) -> Iterator[HandClock]:
    """A Monday morning, with an empty queue."""
    journey_clock.at(MONDAY)
    yield journey_clock
    journey_clock.at(None)
    with database(journey_database) as connection:
        connection.execute("DELETE FROM live_handovers; DELETE FROM live_presences; DELETE FROM live_alarms")


@contextmanager
def database(url: str) -> Iterator[psycopg.Connection]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        yield connection


def signed_in(url: str, name: str) -> str:
    """The session of a new staff account."""
    operator, token = uuid.uuid4(), secrets.token_urlsafe(32)
    with database(url) as connection:
        connection.execute(
            "INSERT INTO operators (id, login, name, role, password_hash) VALUES (%s, %s, %s, 'conseiller', %s)",
            (operator, f"{name.lower()}.{operator.hex[:8]}", name, hash_password("un mot de passe de test")),
        )
        connection.execute(
            "INSERT INTO operator_sessions (token_hash, operator_id, expires_at) VALUES (%s, %s, %s)",
            (hash_token(token), operator, datetime.now(UTC) + timedelta(hours=1)),
        )
    return token


class Agents:
    """Opens the agents' page for new staff accounts."""

    def __init__(self, browser: Browser, service: str, url: str) -> None:
        self.browser, self.service, self.url = browser, service, url

    @contextmanager
    def come(self, name: str, size: dict[str, int] = DESK, *, online: bool = True) -> Iterator[Visit]:
        with visit(self.browser, self.service, size) as there:
            there.context.add_cookies([{"name": COOKIE, "value": signed_in(self.url, name), "url": self.service}])
            there.open("/console/direct")
            if online:
                there.page.get_by_role("button", name="Passer en ligne").click()
                expect(there.page.locator("#r-presence")).to_contain_text("En ligne")
            yield there


@pytest.fixture
def agents(browser: Browser, service: str, journey_database: str) -> Agents:
    return Agents(browser, service, journey_database)


@pytest.fixture
def learner(browser: Browser, service: str, rasa: Rasa) -> Iterator[Visit]:
    """On a phone."""
    with visit(browser, service, PHONE, has_touch=True) as there:
        there.open()
        yield there


def check(there: Visit) -> None:
    """No violation that axe-core finds. Run through the debugger: the policy of the page allows no foreign script."""
    session = there.context.new_cdp_session(there.page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    found = session.send(
        "Runtime.evaluate",
        {
            "expression": f"axe.run(document, {{runOnly: {TAGS}}}).then(r => JSON.stringify(r.violations.map(v => "
            "[v.id, v.nodes.map(n => n.html.slice(0, 120) + ' ' + n.failureSummary)])))",
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    assert found["result"].get("value") == "[]", found


def take(agent: Page, *, said: str = "Prendre") -> None:
    """Take the first of the queue, which came without reloading."""
    agent.locator("#r-file").get_by_role("button", name=said).first.click()
    expect(agent.locator("#ecrire")).to_be_visible()


def write(page: Page, text: str) -> None:
    page.locator("#texte").fill(text)
    page.get_by_role("button", name="Envoyer", exact=True).click()


def ask_for_a_person(learner: Visit) -> None:
    learner.press("Parler à une personne")
    expect(learner.page.locator("#direct")).to_contain_text("Position dans la file")


def test_taken_over_then_handed_back(learner: Visit, agents: Agents) -> None:
    with agents.come("Léa") as agent:
        check(agent)
        agent.shoot("40-agent-vide")
        learner.say("un certificat ?")
        ask_for_a_person(learner)
        expect(learner.bubbles.last).to_contain_text("position 1")
        check(learner)
        learner.shoot("41-file-apprenant")
        expect(agent.page.locator("#r-file li")).to_have_count(1)
        expect(agent.page.locator("#annonces")).to_contain_text("Une personne attend")
        check(agent)
        agent.shoot("42-file-agent")
        take(agent.page)
        expect(agent.page.locator("#r-echange")).to_contain_text("un certificat ?")
        expect(learner.page.locator("#direct")).to_contain_text("Léa, du Cned, vous répond")
        expect(learner.bubbles.last).to_contain_text("Léa, du Cned, vous répond maintenant")

        # Both write, each sees the other writing; the assistant says nothing.
        agent.page.locator("#texte").press_sequentially("Bon")
        expect(learner.page.locator("#direct")).to_contain_text("Léa écrit…")
        learner.box.press_sequentially("Je")
        expect(agent.page.locator("#r-etat")).to_contain_text("La personne écrit…")
        write(agent.page, "Bonjour, je vous lis.")
        expect(learner.bubbles.last).to_contain_text("Bonjour, je vous lis.")
        expect(learner.page.locator("#annonces")).to_contain_text("Bonjour, je vous lis.")
        expect(agent.page.locator("#texte")).to_have_value("")
        write(learner.page, "Je cherche mon certificat, anne@exemple.fr")
        expect(agent.page.locator("#r-echange li").last).to_contain_text("Je cherche mon certificat, [COURRIEL]")
        expect(agent.page.locator("#r-aide")).to_contain_text("anne@exemple.fr")
        expect(agent.page.locator("#annonces")).to_contain_text("La personne a écrit")
        expect(learner.bubbles.last).to_contain_text("adresse de courriel masquée")
        expect(learner.page.locator(".attente")).to_have_count(0)

        # One click puts a suggested article in the box.
        agent.page.get_by_role("button", name=re.compile("^Insérer")).first.click()
        expect(agent.page.locator("#texte")).to_have_value(re.compile("Réponse de test"))
        expect(agent.page.locator("#texte")).to_be_focused()
        check(agent)
        agent.check_targets()
        agent.shoot("43-discussion-agent")
        agent.page.locator("#texte").press("Control+Enter")
        expect(learner.bubbles.last).to_contain_text("Réponse de test")
        check(learner)
        learner.check_targets()
        learner.shoot("44-discussion-apprenant")

        said = learner.bubbles.count()
        learner.page.reload()
        expect(learner.bubbles).to_have_count(said)
        agent.page.get_by_role("button", name="Rendre à l'assistant").click()
        expect(agent.page.get_by_role("status")).to_contain_text("rendue à l'assistant")
        expect(learner.bubbles.last).to_contain_text("C'est de nouveau l'assistant")
        expect(learner.page.locator("#direct")).to_be_hidden()
        learner.say("Quels sont vos horaires ?", expect_text="?")


def test_the_agent_closes_the_laptop_and_a_colleague_goes_on(learner: Visit, agents: Agents, monday: HandClock) -> None:
    with agents.come("Léa") as lost:
        ask_for_a_person(learner)
        take(lost.page)
        write(lost.page, "Je regarde.")
        expect(learner.bubbles.last).to_contain_text("Je regarde.")
    with agents.come("Karim") as colleague:
        monday.forward(seconds=46)
        expect(learner.bubbles.last).to_contain_text("La connexion avec Léa est coupée")
        expect(learner.page.locator("#direct")).to_contain_text("Position dans la file : 1")
        learner.shoot("45-remis-en-file")
        expect(colleague.page.locator("#r-file")).to_contain_text("revenue dans la file")
        take(colleague.page)
        expect(colleague.page.locator("#r-echange")).to_contain_text("Je regarde.")
        expect(learner.page.locator("#direct")).to_contain_text("Karim, du Cned, vous répond")


def test_the_learner_leaves_and_the_agent_sees_it(learner: Visit, agents: Agents, monday: HandClock) -> None:
    with agents.come("Léa") as agent:
        ask_for_a_person(learner)
        take(agent.page)
        expect(agent.page.locator("#r-etat")).to_contain_text("La personne est là")
        learner.page.goto("/confidentialite")
        monday.forward(seconds=31)
        agent.page.reload()
        expect(agent.page.locator("#r-etat")).to_contain_text("n'est plus sur la page")
        learner.page.goto("/assistant")
        expect(agent.page.locator("#r-etat")).to_contain_text("La personne est là")
        learner.page.get_by_role("button", name="Quitter la discussion").click()
        expect(learner.bubbles.last).to_contain_text("redemander une personne")
        expect(agent.page.locator("#r-etat")).to_contain_text("quittée par la personne")
        expect(agent.page.locator("#ecrire")).to_have_count(0)


def test_out_of_hours_a_call_back_goes_into_the_request(
    learner: Visit, agents: Agents, monday: HandClock, journey_database: str
) -> None:
    monday.at(SUNDAY)
    with agents.come("Léa"):
        learner.press("Parler à une personne")
        expect(learner.page.locator("#echange")).to_contain_text("Personne ne répond en direct à cette heure")
        slot = "Être rappelé lundi 23 novembre, entre 9 h 30 et 10 h 30"
        check(learner)
        learner.check_targets()
        learner.shoot("46-hors-horaires")
        learner.press(slot)
        expect(learner.page.locator("#echange")).to_contain_text("vous souhaitez être rappelé lundi 23 novembre")
        learner.shoot("47-rappel")
        for _ in range(12):
            if learner.bubbles.last.locator("dl").count():
                break
            if learner.page.locator("#telephone").count():
                before = learner.bubbles.count()
                learner.page.locator("#telephone").fill("06 12 34 56 78")
                learner.page.get_by_role("button", name="Envoyer", exact=True).click()
                learner.settled(before)
            elif learner.page.get_by_role("button", name="Élève", exact=True).count():
                learner.press("Élève")
            else:
                learner.say("une question sur la cantine")
        expect(learner.bubbles.last).to_contain_text("Rappel souhaité")
        learner.shoot("48-recap-rappel")
        learner.press("Oui, envoyer")
        reference = learner.page.locator(".reference strong").inner_text()
    with database(journey_database) as connection:
        kept = connection.execute(
            "SELECT fields, contact_phone FROM tickets WHERE reference = %s", (reference,)
        ).fetchone()
    assert kept is not None
    assert kept[0]["creneau_rappel"] == {"value": "lundi 23 novembre, entre 9 h 30 et 10 h 30", "origin": "said"}
    assert kept[1] is not None


def test_two_agents_press_take_at_once(learner: Visit, agents: Agents) -> None:
    with agents.come("Léa") as first, agents.come("Karim") as second:
        ask_for_a_person(learner)
        for agent in (first, second):
            expect(agent.page.locator("#r-file li")).to_have_count(1)
            agent.page.route("**/console/direct/flux", lambda route: route.abort())
        take(first.page)
        second.page.evaluate("document.querySelector('#r-file form')?.requestSubmit()")
        expect(first.page.locator("#ecrire")).to_be_visible()
        expect(second.page.locator("#ecrire")).to_have_count(0)
        expect(learner.page.locator("#direct")).to_contain_text("Léa, du Cned")


def test_an_alarm_reaches_the_agents_and_the_person_gets_an_answer(learner: Visit, agents: Agents) -> None:
    with agents.come("Léa") as agent, agents.come("Karim") as other:
        learner.say("j'ai envie de mourir")
        expect(agent.page.locator(".alertes")).to_contain_text("envie de mourir")
        expect(agent.page.locator("#annonces")).to_contain_text("Alerte de sécurité")
        check(agent)
        agent.shoot("49-alerte")
        agent.page.get_by_role("button", name="Écrire à cette personne").first.click()
        expect(agent.page.locator("#ecrire")).to_be_visible()
        expect(other.page.locator(".alertes")).to_have_count(0)
        write(agent.page, "Bonjour, je suis Léa. Je suis là.")
        expect(learner.bubbles.last).to_contain_text("Je suis là.")
        check(learner)
        learner.shoot("50-alerte-apprenant")


def test_turned_into_a_request(learner: Visit, agents: Agents) -> None:
    with agents.come("Léa") as agent:
        learner.say("un certificat ?")
        ask_for_a_person(learner)
        take(agent.page)
        write(learner.page, "Écrivez-moi à anne@exemple.fr")
        expect(agent.page.locator("#r-aide")).to_contain_text("anne@exemple.fr")
        expect(agent.page.locator("#service")).to_have_value("certificats_bulletins")
        agent.page.get_by_role("button", name="Faire une demande").click()
        expect(agent.page.get_by_role("heading", level=1)).to_have_text(re.compile("Demande [0-9A-Z]{4}-"))
        reference = agent.page.get_by_role("heading", level=1).inner_text().removeprefix("Demande ")
        expect(agent.page.locator("main")).to_contain_text("Écrivez-moi à [COURRIEL]")
        expect(learner.page.locator(".reference strong")).to_have_text(reference)
        learner.shoot("51-demande-de-l-agent")
        learner.page.get_by_role("link", name="Suivre cette demande").click()
        expect(learner.page).to_have_url(re.compile("/suivi/"))
        expect(learner.page.locator("main")).to_contain_text(reference)


def test_keyboard_alone(agents: Agents, service: str, rasa: Rasa) -> None:
    """The agent never touches the mouse: online, take, write, insert, give back. The focus is never lost."""
    with httpx.Client(base_url=service, timeout=30) as http, agents.come("Léa", online=False) as agent:
        keys = agent.page.keyboard
        reach(agent.page, "Passer en ligne")
        keys.press("Enter")
        expect(agent.page.locator("#r-presence")).to_contain_text("En ligne")
        learner = new_learner(http)
        learner.say("un certificat ?")
        learner.say("je veux parler à une personne")
        expect(agent.page.locator("#r-file li")).to_have_count(1)
        reach(agent.page, "Prendre")
        other = new_learner(http)
        other.say("je veux parler à une personne")
        expect(agent.page.locator("#r-file li")).to_have_count(2)
        assert focused(agent.page) == "Prendre", "the list changed under the focus"
        keys.press("Enter")
        expect(agent.page.locator("#ecrire")).to_be_visible()
        reach(agent.page, "Insérer : Comment obtenir un certificat de scolarité ?")
        keys.press("Enter")
        expect(agent.page.locator("#texte")).to_be_focused()
        keys.press("Control+Enter")
        expect(agent.page.locator("#r-echange li").last).to_contain_text("Réponse de test")
        await_until(lambda: learner.history()[-1]["author"] == "operator", "the learner reads it", within_s=10)
        reach(agent.page, "Rendre à l'assistant")
        keys.press("Enter")
        expect(agent.page.get_by_role("status")).to_contain_text("rendue")


def test_on_a_phone_and_zoomed(agents: Agents, learner: Visit) -> None:
    with agents.come("Léa", PHONE) as agent:
        ask_for_a_person(learner)
        expect(agent.page.locator("#r-file li")).to_have_count(1)
        agent.shoot("52-file-agent")
        take(agent.page)
        check(agent)
        agent.check_targets()
        agent.shoot("53-discussion-agent")
        agent.page.set_viewport_size({"width": 320, "height": 640})  # 1280 px at 400 %
        overflow = agent.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0


def test_without_script_the_learner_reads_the_person_by_reloading(
    browser: Browser, service: str, rasa: Rasa, agents: Agents
) -> None:
    with agents.come("Léa") as agent, visit(browser, service, PHONE, java_script_enabled=False) as plain:
        plain.open()
        plain.press("Parler à une personne")
        expect(plain.page.locator("#direct")).to_contain_text("Position dans la file : 1")
        take(agent.page)
        plain.page.get_by_role("link", name="Voir s'il y a du nouveau").click()
        expect(plain.page.locator("#direct")).to_contain_text("Léa, du Cned, vous répond")
        write(agent.page, "Bonjour, je vous lis.")
        expect(agent.page.locator("#r-echange li").last).to_contain_text("je vous lis")
        plain.page.reload()
        expect(plain.bubbles.last).to_contain_text("Bonjour, je vous lis.")
        plain.box.fill("Merci")
        plain.page.get_by_role("button", name="Envoyer", exact=True).click()
        expect(plain.bubbles.last).to_contain_text("Merci")
        expect(agent.page.locator("#r-echange li").last).to_contain_text("Merci")
        plain.shoot("54-sans-script")
        plain.page.get_by_role("button", name="Quitter la discussion").click()
        expect(agent.page.locator("#r-etat")).to_contain_text("quittée par la personne")


def focused(page: Page) -> str:
    """What the focused element says."""
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def reach(page: Page, name: str) -> None:
    """Press Tab until this button has the focus."""
    for _ in range(80):
        if focused(page) == name:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{name} can't be reached with Tab")
