"""From the assistant to a person and back, on the real Rasa: taken over, handed back, queued again, turned into a request."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.fakes import HandClock
from tests.journeys.browser.browsing import Visit
from tests.journeys.live.agents import SUNDAY, Agents, ask_for_a_person, check, database, take, write

HELPED = re.compile("(?:Cela répond-il|Est-ce que cela répond) à votre question")
pytestmark = [pytest.mark.browser, pytest.mark.rasa, pytest.mark.usefixtures("rasa")]


def told_to_rasa(url: str) -> list[str]:
    """What Rasa was told in the latest conversation, in order: the tracker that it keeps itself."""
    with database(url) as connection:
        latest = "SELECT id::text FROM conversations ORDER BY created_at DESC LIMIT 1"
        query = f"SELECT data FROM rasa.events WHERE type_name = 'user' AND sender_id = ({latest}) ORDER BY id"
        return [str(json.loads(data)["text"]) for (data,) in connection.execute(query)]


def test_taken_over_then_handed_back(learner: Visit, agents: Agents, journey_database: str) -> None:
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
        assert told_to_rasa(journey_database) == ["un certificat ?"], "what was said to the person is not told to Rasa"
        learner.say("Quels sont vos horaires ?", expect_text=HELPED)
        expect(learner.page.locator("#echange")).to_contain_text("Réponse de test : Quand puis-je vous appeler ?")
        learner.press("Non")
        learner.say("mon colis est perdu")
        expect(learner.page.locator("#echange")).to_contain_text("l'équipe qui prépare et envoie les cours")
        told = ["un certificat ?", "Quels sont vos horaires ?", "Non", "mon colis est perdu"]
        assert told_to_rasa(journey_database) == told, "Rasa leads the dialogue again"


def test_the_agent_closes_the_laptop_and_a_colleague_goes_on(
    learner: Visit, agents: Agents, monday: HandClock, journey_database: str
) -> None:
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
        write(learner.page, "Merci d'être revenu")
        expect(colleague.page.locator("#r-echange li").last).to_contain_text("Merci d'être revenu")
        colleague.page.get_by_role("button", name="Rendre à l'assistant").click()
        expect(learner.bubbles.last).to_contain_text("C'est de nouveau l'assistant")
        learner.say("Quels sont vos horaires ?", expect_text=HELPED)
        assert told_to_rasa(journey_database) == ["Quels sont vos horaires ?"]


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
