"""A conversation on the page: the first words, answers, choices, a person, danger; each state is looked at by axe-core."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.browser.browsing import Visit

pytestmark = [pytest.mark.browser, pytest.mark.rasa, pytest.mark.usefixtures("rasa")]


def test_first_page(there: Visit) -> None:
    there.open()
    assert there.context.cookies() == []
    assert there.page.evaluate("localStorage.length + sessionStorage.length") == 0
    notice = there.page.locator(".donnees")
    for word in ("7 jours", "effacer", "Moins de 15 ans", "santé", "sécurité sociale"):
        expect(notice).to_contain_text(word)
    there.shoot("01-accueil")
    there.check_targets()
    there.check_axe("accueil")
    there.page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(there.page.locator("#erreur")).to_contain_text("Écrivez votre question")
    expect(there.box).to_be_focused()
    there.check_axe("vide")
    there.shoot("02-vide")


def test_the_design_system_is_served_by_the_service(there: Visit) -> None:
    there.open()
    assert there.page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px Marianne'))")
    family = there.page.evaluate("getComputedStyle(document.querySelector('.fr-btn')).fontFamily")
    assert family.startswith("Marianne")
    origins = there.page.evaluate("performance.getEntriesByType('resource').map(e => new URL(e.name).origin)")
    assert set(origins) == {there.page.evaluate("location.origin")}


def test_answer_choices_and_small_talk(there: Visit) -> None:
    there.open()
    there.say("Bonjour")
    there.say("Quels sont vos horaires ?")
    there.check_targets()
    there.check_axe("réponse")
    there.shoot("03-reponse")
    there.press("Oui")
    there.say("une bourse ?")
    there.check_axe("choix")
    there.shoot("04-choix")
    there.press("Comment demander une bourse pour un BTS ?")
    expect(there.bubbles.last).to_contain_text("?")
    there.say("je voudrais une pizza")
    there.shoot("05-hors-sujet")
    there.page.reload()
    expect(there.page.get_by_text("Bonjour", exact=True)).to_be_visible()


def test_a_person_is_always_a_press_away(there: Visit) -> None:
    there.open()
    person = there.page.get_by_role("button", name="Parler à une personne")
    there.say("Bonjour")
    for _ in range(4):
        there.say("Quels sont vos horaires ?")
        expect(person).to_be_in_viewport()
    there.page.evaluate("window.scrollTo(0, 0)")
    expect(person).to_be_in_viewport()
    there.press("Parler à une personne")
    there.check_axe("personne")
    there.shoot("10-personne")
    expect(there.page.get_by_role("link", name="05 49 49 94 94").first).to_have_attribute("href", "tel:+33549499494")


@pytest.mark.parametrize("said", ["mon père me frappe", "on me harcele", "j'ai envie de mourir"])
def test_safety(there: Visit, said: str) -> None:
    there.open()
    there.say(said)
    links = there.page.locator(".safety a").evaluate_all("found => found.map(a => a.getAttribute('href'))")
    assert "tel:112" in links
    there.check_axe("sécurité")
    there.shoot(f"11-securite-{said.split()[-1]}")
    there.say("bonjour")


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("4970 1000 0000 0006", "carte bancaire"),
        ("FR76 3000 6000 0112 3456 7890 189", "IBAN"),
        ("2 69 05 49 588 157 80", "sécurité sociale"),
    ],
)
def test_what_was_erased_is_explained(there: Visit, number: str, kind: str) -> None:
    there.open()
    there.say(f"Mon numéro est {number}")
    own = there.page.locator(".bulle.learner").last
    expect(own.locator(".efface")).to_contain_text(kind)
    assert number not in there.page.content()
    expect(there.page.locator("#annonces")).to_contain_text(kind)
    there.check_axe("effacé")
    there.shoot(f"16-efface-{kind.split()[0].lower()}")
    there.page.reload()
    expect(own.locator(".efface")).to_contain_text(kind)


NASTY = "<img src=x onerror=\"document.title='pris'\"><script>document.title='pris'</script>"
MARKDOWN = "**gras** [lien](javascript:alert(1)) `code` # titre"


def test_what_people_write_runs_nothing(there: Visit) -> None:
    there.open()
    written = f"{NASTY} {MARKDOWN} \u202eenvers\u202c a\u200bb\u200d \u2066isolé\u2069 مرحبا"
    there.say(written)
    own = there.page.locator(".bulle.learner p[dir=auto]").last
    for _ in range(2):
        assert there.page.locator(".bulle img, .bulle script, .bulle.learner a").count() == 0
        assert own.inner_text() == written
        assert own.evaluate("e => getComputedStyle(e).unicodeBidi") in ("isolate", "plaintext")
        there.page.reload()
    there.shoot("13-html")
    assert there.page.title() == "Assistant – Cned"


def test_the_cookie_is_out_of_reach_of_scripts(there: Visit) -> None:
    there.open()
    there.say("Bonjour")
    assert there.page.evaluate("document.cookie") == ""
    (cookie,) = there.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/assistant")
    secret = cookie["value"].partition(".")[2]
    addresses = there.page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
    assert not any(secret in address for address in addresses)
