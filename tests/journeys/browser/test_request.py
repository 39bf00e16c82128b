"""A request on the page: questions with their inputs, the recap corrected in place, the reference."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.browser.browsing import Visit
from tests.journeys.browser.requesting import REFERENCE, to_recap

pytestmark = [pytest.mark.browser, pytest.mark.rasa, pytest.mark.usefixtures("rasa")]


def test_a_request_from_first_word_to_reference(there: Visit) -> None:
    there.open()
    there.say("Mon colis n'est pas arrivé")
    there.check_axe("question")
    there.shoot("06-question")
    there.say("annuler")
    to_recap(there)
    there.check_targets()
    there.check_axe("récapitulatif")
    there.shoot("07-recapitulatif")
    expect(there.bubbles.last).to_contain_text("jeanne.martin@exemple.fr")
    there.press("Oui, envoyer")
    expect(there.page.locator(".reference strong")).to_have_text(REFERENCE)
    there.check_axe("référence")
    there.shoot("08-reference")


def correct(there: Visit, line: str, value: str, *, tag: str = "input") -> None:
    """Press "Modifier" on a line, put the value, save."""
    row = there.bubbles.last.locator(".recap > div").filter(has=there.page.locator(f'dt:text-is("{line}")'))
    row.locator("summary").click()
    field = row.locator(tag).and_(there.page.locator(":not([type=hidden])")).first
    if tag == "select":
        field.select_option(value)
    else:
        field.fill(value)
    there.check_axe(f"correction {line}")
    there.shoot("07-correction")
    before = there.bubbles.count()
    row.get_by_role("button", name="Enregistrer").click()
    there.settled(before)
    expect(there.bubbles.last.locator(".recap")).to_be_visible()


def test_each_line_of_the_recap_is_corrected_in_place(there: Visit) -> None:
    there.open()
    to_recap(there)
    rows = there.bubbles.last.locator(".recap > div")
    assert rows.count() == there.bubbles.last.locator(".recap summary, .corriger-sujet").count()
    correct(there, "Contenu manquant", "oui, le cahier de français et la classe de neige ?")
    expect(rows.filter(has_text="Contenu manquant")).to_contain_text("oui, le cahier de français et la classe de neige")
    correct(there, "Demandeur", "Élève", tag="select")
    expect(rows.filter(has_text="Demandeur").locator("dd")).to_contain_text("Élève")
    correct(there, "Moyen de contact", "autre.adresse@exemple.fr")
    expect(rows.filter(has_text="Moyen de contact")).to_contain_text("autre.adresse@exemple.fr")
    assert there.page.locator(".reference").count() == 0, "nothing is sent by correcting"
    there.press("Oui, envoyer")
    expect(there.page.locator(".reference strong")).to_have_text(REFERENCE)


def test_the_subject_is_changed_from_the_recap(desk: Visit) -> None:
    desk.open()
    to_recap(desk)
    before = desk.bubbles.count()
    desk.page.locator(".corriger-sujet").last.click()
    desk.settled(before)
    expect(desk.bubbles.last).to_contain_text("n'est pas envoyée")


def test_nothing_is_sent_by_saving_an_empty_line(desk: Visit) -> None:
    desk.open()
    to_recap(desk)
    before = desk.bubbles.count()
    row = desk.bubbles.last.locator(".recap > div").filter(has_text="Contenu manquant")
    row.locator("summary").click()
    row.get_by_role("button", name="Enregistrer").click()
    desk.say("Oui, envoyer")
    assert (
        desk.page.locator(".bulle.learner").count()
        == sum(1 for _ in range(before) if desk.bubbles.nth(_).get_attribute("class") == "bulle learner message") + 1
    )


def test_inputs_of_questions(there: Visit) -> None:
    there.open()
    there.say("Un handicap pour mon fils")
    seen = set()
    for _ in range(12):
        for kind in ("select", "input[type=date]", "input[type=email]", "input[autocapitalize=characters]"):
            if there.page.locator(f"#guide {kind}").count() and kind not in seen:
                seen.add(kind)
                there.check_targets()
                there.check_axe(kind)
                there.shoot(f"09-saisie-{kind.strip(']').rpartition('=')[2]}")
        if there.page.locator("#guide select").count():
            there.send_guided(lambda box: box.select_option("4e"))
        elif there.page.get_by_role("button", name="Je ne l'ai pas", exact=True).count():
            there.press("Je ne l'ai pas")
        elif there.page.get_by_role("button", name="Passer", exact=True).count():
            there.press("Passer")
        else:
            break
    assert {"select", "input[autocapitalize=characters]", "input[type=email]"} <= seen


def test_a_question_is_answered_in_words_all_the_same(desk: Visit) -> None:
    desk.open()
    desk.say("Un handicap pour mon fils")
    for _ in range(12):
        if desk.page.locator("#guide select").count():
            desk.say("il est en quatrième")
            assert not desk.page.locator("#guide select").count()
            return
        desk.press("Passer")
    pytest.fail("the level was never asked")
