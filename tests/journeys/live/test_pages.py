"""The pages of a hand-over, with Rasa running or not: two agents at once, the keyboard alone, a phone, no script."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.fakes import HandClock
from tests.journeys.browser.browsing import PHONE, Visit, visit
from tests.journeys.conftest import await_until, new_learner
from tests.journeys.live.agents import Agents, ask_for_a_person, check, focused, reach, take, write

pytestmark = pytest.mark.browser


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


def test_keyboard_alone(agents: Agents, service: str) -> None:
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
    browser: Browser, service: str, agents: Agents
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
