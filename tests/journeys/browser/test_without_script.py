"""Without any script: forms and pages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browser.browsing import DESK, PHONE, Visit, visit
from tests.journeys.browser.requesting import REFERENCE, to_recap
from tests.journeys.conftest import Rasa

pytestmark = [pytest.mark.browser, pytest.mark.rasa, pytest.mark.usefixtures("rasa")]


def test_from_first_word_to_reference(plain: Visit) -> None:
    plain.open()
    plain.shoot("20-sans-script-accueil")
    plain.page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(plain.page.locator("#erreur")).to_be_visible()
    plain.shoot("21-sans-script-vide")
    plain.say("une bourse ?")
    plain.press("Comment demander une bourse pour un BTS ?")
    to_recap(plain)
    plain.shoot("22-sans-script-recapitulatif")
    line = plain.bubbles.last.locator(".recap > div").filter(has_text="Contenu manquant")
    line.locator("summary").click()
    line.locator("input[name=valeur]").fill("le cahier de français")
    before = plain.bubbles.count()
    line.get_by_role("button", name="Enregistrer").click()
    plain.settled(before)
    expect(plain.bubbles.last).to_contain_text("le cahier de français")
    plain.press("Oui, envoyer")
    expect(plain.page.locator(".reference strong")).to_have_text(REFERENCE)
    learner = plain.page.locator(".bulle.learner").count()
    plain.page.reload()
    assert plain.page.locator(".bulle.learner").count() == learner
    plain.shoot("23-sans-script-reference")


def test_enter_in_an_input_sends_the_form_and_not_a_button(plain: Visit) -> None:
    plain.open()
    plain.say("Je veux parler à une personne")
    while not plain.page.locator("#guide #courriel").count():
        passing = plain.page.get_by_role("button", name="Passer", exact=True)
        plain.press("Passer" if passing.count() else "Je ne l'ai pas")
    before = plain.bubbles.count()
    plain.page.locator("#guide #courriel").fill("a.b@exemple.fr")
    plain.page.locator("#guide #courriel").press("Enter")
    plain.settled(before)
    expect(plain.page.locator(".bulle.learner").last).to_contain_text("adresse de courriel masquée")


def test_going_back_and_writing_something_else_loses_nothing(plain: Visit) -> None:
    plain.open()
    plain.say("Bonjour")
    plain.page.go_back()
    plain.box.fill("Quels sont vos horaires ?")
    plain.page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(plain.page.locator(".bulle.learner", has_text="horaires")).to_have_count(1)


@pytest.mark.parametrize("script", [True, False])
def test_request_form(browser: Browser, service: str, rasa: Rasa, script: bool) -> None:
    for size in (PHONE, DESK):
        with visit(browser, service, size, java_script_enabled=script) as there:
            there.open("/demande")
            if script:
                there.check_targets()
                there.check_axe("demande")
            there.shoot("40-demande")
            there.page.locator("#courriel").fill("anne@")
            there.page.get_by_role("button", name="Envoyer la demande").click()
            expect(there.page.get_by_role("alert")).to_be_visible()
            if script:
                there.check_axe("demande, erreurs")
            there.shoot("41-demande-erreurs")
            there.page.locator("#message").fill("Mon colis n'est pas arrivé")
            there.page.locator("#courriel").fill("anne@exemple.fr")
            there.page.get_by_role("button", name="Envoyer la demande").click()
            expect(there.page.locator(".reference strong")).to_have_text(REFERENCE)
            there.shoot("42-demande-recue")
            there.open("/demande")
            there.page.locator("#message").fill("Quels sont vos horaires ?")
            there.page.get_by_role("button", name="Envoyer la demande").click()
            expect(there.page.locator("main")).to_contain_text("Source de test")
            there.shoot("43-demande-reponse")
            there.open("/confidentialite")
            if script:
                there.check_axe("confidentialité")
            there.shoot("44-confidentialite")
