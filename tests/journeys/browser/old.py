"""The assistant in a real browser: with its script, without any, with the keyboard alone, on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.journeys.browsing import DESK, PHONE, Visit, chromium, visit
from tests.journeys.conftest import Rasa

pytestmark = [pytest.mark.browser, pytest.mark.rasa]
REFERENCE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")
ANSWERS = {
    "demandeur": "parent",
    "adresse": "12 rue des Lilas, Rouen",
    "contenu_manquant": "le livre de maths",
    "nom_eleve": "Jeanne Martin",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(params=[PHONE, DESK], ids=["360", "1280"])
def there(request: pytest.FixtureRequest, browser: Browser, service: str, rasa: Rasa) -> Iterator[Visit]:
    """With the script."""
    with visit(browser, service, request.param, has_touch=request.param is PHONE) as there:
        yield there


@pytest.fixture(params=[PHONE, DESK], ids=["360", "1280"])
def plain(request: pytest.FixtureRequest, browser: Browser, service: str, rasa: Rasa) -> Iterator[Visit]:
    """Without any script."""
    with visit(browser, service, request.param, java_script_enabled=False) as there:
        yield there


def to_recap(there: Visit) -> None:
    """Answer the form: with its inputs where it has some, in words elsewhere."""
    there.say("Mon colis n'est pas arrivé")
    page = there.page
    for _ in range(14):
        if there.bubbles.last.locator("dl").count():
            return
        if page.locator("#courriel").count():
            before = there.bubbles.count()
            page.locator("#courriel").fill("jeanne.martin@exemple.fr")
            page.get_by_role("button", name="Envoyer", exact=True).click()
            there.settled(before)
        elif page.locator("#valeur[type=date]").count():
            before = there.bubbles.count()
            page.locator("#valeur").fill("2026-09-03")
            page.get_by_role("button", name="Envoyer", exact=True).click()
            there.settled(before)
        elif page.get_by_role("button", name="Parent ou responsable").count():
            there.press("Parent ou responsable")
        elif page.get_by_role("button", name="Passer", exact=True).count() and "livre" in page.content():
            there.press("Passer")
        else:
            there.say("il manque le livre de maths, 12 rue des Lilas à Rouen")
    pytest.fail("the recap never comes")


def test_first_page(there: Visit) -> None:
    there.open()
    assert there.context.cookies() == []
    there.shoot("01-accueil")
    there.check_targets()
    there.page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(there.page.locator("#erreur")).to_contain_text("Écrivez votre question")
    expect(there.box).to_be_focused()
    there.shoot("02-vide")


def test_answer_choices_and_small_talk(there: Visit) -> None:
    there.open()
    there.say("Bonjour")
    there.say("Quels sont vos horaires ?")
    there.check_targets()
    there.shoot("03-reponse")
    there.press("Oui")
    there.say("une bourse ?")
    there.shoot("04-choix")
    there.press("Comment demander une bourse pour un BTS ?")
    expect(there.bubbles.last).to_contain_text("?")
    there.say("je voudrais une pizza")
    there.shoot("05-hors-sujet")
    there.page.reload()
    expect(there.page.get_by_text("Bonjour", exact=True)).to_be_visible()


def test_a_request_from_first_word_to_reference(there: Visit) -> None:
    there.open()
    there.say("Mon colis n'est pas arrivé")
    there.shoot("06-question")
    there.say("annuler")
    to_recap(there)
    there.check_targets()
    there.shoot("07-recapitulatif")
    expect(there.bubbles.last).to_contain_text("jeanne.martin@exemple.fr")
    there.press("Oui, envoyer")
    expect(there.page.locator(".reference strong")).to_have_text(REFERENCE)
    there.shoot("08-reference")


def test_inputs_of_questions(there: Visit) -> None:
    there.open()
    there.say("Un handicap pour mon fils")
    seen = set()
    for _ in range(10):
        for kind in ("select", "input[type=date]", "input[type=email]"):
            if there.page.locator(f"#guide {kind}").count() and kind not in seen:
                seen.add(kind)
                there.check_targets()
                there.shoot(f"09-saisie-{kind.strip(']').rpartition('=')[2]}")
        if there.page.locator("#guide select").count():
            before = there.bubbles.count()
            there.page.locator("#valeur").select_option("4e")
            there.page.get_by_role("button", name="Envoyer", exact=True).click()
            there.settled(before)
        elif there.page.get_by_role("button", name="Passer", exact=True).count():
            there.press("Passer")
        else:
            break
    assert "select" in seen


def test_a_person_is_always_a_press_away(there: Visit) -> None:
    there.open()
    there.press("Parler à une personne")
    there.shoot("10-personne")
    expect(there.page.get_by_role("link", name="05 49 49 94 94").first).to_have_attribute("href", "tel:+33549499494")


@pytest.mark.parametrize("said", ["mon père me frappe", "on me harcele", "j'ai envie de mourir"])
def test_safety(there: Visit, said: str) -> None:
    there.open()
    there.say(said)
    links = there.page.locator(".safety a").evaluate_all("found => found.map(a => a.getAttribute('href'))")
    assert "tel:112" in links
    there.shoot(f"11-securite-{said.split()[-1]}")
    there.say("bonjour")


def test_start_again(there: Visit) -> None:
    there.open()
    there.say("Bonjour")
    there.page.get_by_text("Recommencer", exact=True).click()
    there.shoot("12-recommencer", whole=False)
    there.page.get_by_role("button", name="Oui, recommencer").click()
    expect(there.bubbles).to_have_count(0)
    assert there.context.cookies() == []


def test_the_cookie_is_out_of_reach_of_scripts(there: Visit) -> None:
    there.open()
    there.say("Bonjour")
    assert there.page.evaluate("document.cookie") == ""
    cookie = there.context.cookies()[0]
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/assistant")


def test_what_people_write_runs_nothing(there: Visit) -> None:
    there.open()
    there.say(
        "<img src=x onerror=\"document.title='pris'\"><script>document.title='pris'</script> \u202eenvers\u202c a\u200bb"
    )
    assert there.page.locator(".bulle img, .bulle script").count() == 0
    there.shoot("13-html")
    there.page.reload()
    assert there.page.locator(".bulle img, .bulle script").count() == 0
    assert there.page.title() == "Assistant – Cned"


def test_each_message_is_announced_once_and_focus_stays(there: Visit) -> None:
    there.open()
    there.page.evaluate(
        """() => { window.said = []; new MutationObserver(list => list.forEach(m => m.addedNodes.forEach(
        n => window.said.push(n.textContent)))).observe(document.getElementById("annonces"), {childList: true}); }"""
    )
    there.box.fill("Quels sont vos horaires ?")
    there.box.press("Enter")
    there.settled(0)
    expect(there.box).to_be_focused()
    expect(there.box).to_have_value("")
    said = there.page.evaluate("window.said")
    assert len(said) == there.page.locator(".bulle.assistant").count() == len(set(said))
    assert there.page.locator("[aria-live], [role=status], [role=log], [role=alert]").count() == 1


def test_network_cut_then_sent_again_once(there: Visit) -> None:
    there.open()
    there.say("Bonjour")
    there.context.set_offline(True)
    there.box.fill("Quels sont vos horaires ?")
    there.box.press("Enter")
    expect(there.page.locator("#erreur")).to_contain_text("connexion")
    expect(there.box).to_have_value("Quels sont vos horaires ?")
    expect(there.box).to_be_focused()
    there.shoot("14-reseau-coupe")
    there.context.set_offline(False)
    there.box.press("Enter")
    there.settled(2)
    assert there.page.get_by_text("Quels sont vos horaires ?", exact=True).count() == 1


def test_a_lost_answer_is_asked_again_and_counts_once(there: Visit) -> None:
    there.open()
    lost = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch())
        route.abort()

    there.page.route("**/assistant/messages", lose)
    there.box.fill("Bonjour")
    there.box.press("Enter")
    expect(there.page.locator("#erreur")).to_be_visible()
    there.box.press("Enter")
    there.settled(0)
    there.page.reload()
    assert there.page.locator(".bulle.learner").count() == 1


def test_a_double_click_sends_once(there: Visit) -> None:
    there.open()
    there.box.fill("Bonjour")
    there.page.get_by_role("button", name="Envoyer", exact=True).dblclick()
    there.settled(0)
    there.page.reload()
    assert there.page.locator(".bulle.learner").count() == 1


def test_without_script(plain: Visit) -> None:
    plain.open()
    plain.shoot("20-sans-script-accueil")
    plain.page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(plain.page.locator("#erreur")).to_be_visible()
    plain.shoot("21-sans-script-vide")
    plain.say("une bourse ?")
    plain.press("Comment demander une bourse pour un BTS ?")
    to_recap(plain)
    plain.shoot("22-sans-script-recapitulatif")
    plain.press("Oui, envoyer")
    expect(plain.page.locator(".reference strong")).to_have_text(REFERENCE)
    learner = plain.page.locator(".bulle.learner").count()
    plain.page.reload()
    assert plain.page.locator(".bulle.learner").count() == learner
    plain.shoot("23-sans-script-reference")


def test_enter_in_an_input_sends_the_form_and_not_a_button(plain: Visit) -> None:
    plain.open()
    plain.say("Je veux parler à une personne")
    while not plain.page.locator("#courriel").count():
        plain.press("Passer")
    before = plain.bubbles.count()
    plain.page.locator("#courriel").fill("a.b@exemple.fr")
    plain.page.locator("#courriel").press("Enter")
    plain.settled(before)
    expect(plain.page.locator(".bulle.learner").last).to_contain_text("adresse de courriel masquée")


def test_keyboard_alone(browser: Browser, service: str, rasa: Rasa) -> None:
    with visit(browser, service, DESK, reduced_motion="reduce") as there:
        there.open()
        keyboard = there.page.keyboard
        keyboard.press("Tab")
        expect(there.page.get_by_role("link", name="Aller au contenu")).to_be_focused()
        tab_to(there, "texte")
        keyboard.type("une bourse ?")
        keyboard.press("Enter")
        there.settled(0)
        expect(there.box).to_be_focused()
        there.shoot("30-clavier")
        while there.page.evaluate("document.activeElement.value") != "Comment demander une bourse pour un BTS ?":
            keyboard.press("Shift+Tab")
        outline = there.page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert outline == "3px"
        there.shoot("31-clavier-focus", whole=False)
        keyboard.press("Enter")
        there.settled(2)
        expect(there.box).to_be_focused()
        keyboard.press("Tab")
        keyboard.press("Tab")
        expect(there.page.get_by_role("button", name="Parler à une personne")).to_be_focused()
        keyboard.press("Space")
        there.settled(4)


def tab_to(there: Visit, element_id: str) -> None:
    for _ in range(20):
        there.page.keyboard.press("Tab")
        if there.page.evaluate("document.activeElement.id") == element_id:
            return
    pytest.fail(f"{element_id} is out of reach of the keyboard")


@pytest.mark.parametrize("script", [True, False])
def test_request_form(browser: Browser, service: str, rasa: Rasa, script: bool) -> None:
    for size in (PHONE, DESK):
        with visit(browser, service, size, java_script_enabled=script) as there:
            there.open("/demande")
            if script:
                there.check_targets()
            there.shoot("40-demande")
            there.page.locator("#courriel").fill("anne@")
            there.page.get_by_role("button", name="Envoyer la demande").click()
            there.shoot("41-demande-erreurs")
            there.page.locator("#message").fill("Mon colis n'est pas arrivé")
            there.page.locator("#courriel").fill("anne@exemple.fr")
            there.page.get_by_role("button", name="Envoyer la demande").click()
            expect(there.page.locator(".reference strong")).to_have_text(REFERENCE)
            there.shoot("42-demande-recue")
            there.open("/demande")
            there.page.locator("#message").fill("Quels sont vos horaires ?")
            there.page.get_by_role("button", name="Envoyer la demande").click()
            there.shoot("43-demande-reponse")
            there.open("/confidentialite")
            there.shoot("44-confidentialite")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("50-sombre", {"color_scheme": "dark"}),
        ("51-couleurs-forcees", {"forced_colors": "active"}),
        ("52-zoom-200", {"device_scale_factor": 2}),
    ],
)
def test_other_displays(browser: Browser, service: str, rasa: Rasa, name: str, options: dict[str, object]) -> None:
    size = {"width": 640, "height": 450} if "zoom" in name else DESK
    with visit(browser, service, size, **options) as there:
        there.open()
        there.say("Quels sont vos horaires ?")
        there.say("mon père me frappe")
        there.shoot(name)
