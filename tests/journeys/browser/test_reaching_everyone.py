"""The keyboard alone, narrow and zoomed screens, forced colours, dark, less motion."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browser.browsing import DESK, Visit, visit

pytestmark = pytest.mark.browser


def focused(there: Visit) -> str:
    """What has the focus, in words."""
    found: str = there.page.evaluate(
        "(document.activeElement.innerText || document.activeElement.id || document.activeElement.tagName).trim()"
    )
    return found


def tab_to(there: Visit, wanted: str) -> list[str]:
    """Tab until `wanted`; what was met on the way."""
    met: list[str] = []
    for _ in range(30):
        there.page.keyboard.press("Tab")
        met.append(focused(there))
        if met[-1] == wanted:
            return met
    pytest.fail(f"{wanted} is out of reach of the keyboard: {met}")


def test_keyboard_alone(browser: Browser, service: str) -> None:
    with visit(browser, service, DESK, reduced_motion="reduce") as there:
        there.open()
        keyboard = there.page.keyboard
        assert tab_to(there, "texte")[:2] == ["Aller au contenu", "Écrire un message"]
        keyboard.type("une bourse ?")
        keyboard.press("Enter")
        there.settled(0)
        expect(there.box).to_be_focused()
        there.shoot("30-clavier")
        while there.page.evaluate("document.activeElement.value") != "Comment demander une bourse pour un BTS ?":
            keyboard.press("Shift+Tab")
        assert there.page.evaluate("getComputedStyle(document.activeElement).outlineWidth") in ("2px", "3px")
        there.shoot("31-clavier-focus", whole=False)
        keyboard.press("Enter")
        there.settled(2)
        expect(there.box).to_be_focused()
        tab_to(there, "Parler à une personne")
        keyboard.press("Space")
        there.settled(4)


def test_the_order_of_the_focus_is_that_of_reading(desk: Visit) -> None:
    desk.open()
    desk.say("Quels sont vos horaires ?")
    desk.page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    desk.page.reload()
    met = tab_to(desk, "Parler à une personne")
    wanted = ["Aller au contenu", "Cned", "Ma conversation", "Source de test", "Utile", "Pas utile", "texte"]
    order = [met.index(each) for each in wanted]
    assert order == sorted(order), met


def test_the_menu_with_the_keyboard(desk: Visit) -> None:
    desk.open()
    desk.say("Bonjour")
    desk.page.locator("#menu summary").focus()
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_role("button", name="Effacer ma conversation")).to_be_visible()
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Escape")
    expect(desk.page.get_by_role("button", name="Effacer ma conversation")).to_be_hidden()
    expect(desk.page.locator("#menu summary")).to_be_focused()


def test_what_has_the_focus_is_never_hidden_by_the_box(desk: Visit) -> None:
    desk.open()
    for _ in range(4):
        desk.say("Quels sont vos horaires ?")
    for _ in range(25):
        desk.page.keyboard.press("Shift+Tab")
        hidden = desk.page.evaluate(
            """() => { const e = document.activeElement, r = e.getBoundingClientRect(), b = document.getElementById("ecrire");
            if (b.contains(e) || e === document.body) return false;
            return r.bottom > b.getBoundingClientRect().top + 1 && r.top < b.getBoundingClientRect().bottom; }"""
        )
        assert not hidden, focused(desk)


@pytest.mark.parametrize(
    ("name", "size", "options"),
    [
        ("50-sombre", DESK, {"color_scheme": "dark"}),
        ("51-couleurs-forcees", DESK, {"forced_colors": "active"}),
        ("52-zoom-200", {"width": 640, "height": 450}, {"device_scale_factor": 2}),
        ("53-320", {"width": 320, "height": 640}, {}),
        ("54-zoom-400", {"width": 320, "height": 256}, {"device_scale_factor": 4}),
        ("55-paysage", {"width": 740, "height": 360}, {"has_touch": True}),
    ],
)
def test_other_displays(
    browser: Browser, service: str, name: str, size: dict[str, int], options: dict[str, object]
) -> None:
    with visit(browser, service, size, reduced_motion="reduce", **options) as there:
        # axe reads the colours of the sheets, not those that the reader forces: that state is looked at.
        without = ("color-contrast",) if "forced_colors" in options else ()
        there.open()
        there.check_axe(name, without=without)
        there.shoot(f"{name}-accueil")
        there.say("Quels sont vos horaires ?")
        there.say("mon père me frappe")
        there.check_axe(name, without=without)
        there.check_targets()
        there.shoot(name)
        box = there.page.locator("#ecrire").evaluate("e => [getComputedStyle(e).position, e.offsetHeight]")
        assert box[0] != "sticky" or box[1] < size["height"] / 2 or size["height"] >= 640


def test_text_spacing_of_the_reader_cuts_nothing(desk: Visit) -> None:
    """WCAG 1.4.12: the reader's own spacing."""
    desk.open()
    desk.say("Quels sont vos horaires ?")
    desk.page.evaluate(
        """() => { const s = new CSSStyleSheet(); s.replaceSync(`* { line-height: 1.5 !important; word-spacing: .16em !important;
        letter-spacing: .12em !important } p { margin-bottom: 2em !important }`); document.adoptedStyleSheets = [s]; }"""
    )
    cut = desk.page.evaluate(
        """() => [...document.querySelectorAll("main *")].filter(e => !e.closest(".lecture")
        && e.checkVisibility() && getComputedStyle(e).overflow === "hidden"
        && e.scrollHeight > e.clientHeight + 1).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert cut == []
    desk.shoot("56-espacement")


def test_nothing_moves_under_the_finger(there: Visit) -> None:
    """A page that glides while one presses makes the press land elsewhere: the message would stay in the box."""
    there.open()
    there.box.tap() if there.width == "360" else there.box.click()
    assert there.page.evaluate("[scrollY, getComputedStyle(document.documentElement).scrollBehavior]") == [0, "auto"]
    there.say("Quels sont vos horaires ?")
    settled = there.page.evaluate("scrollY")
    there.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert there.page.evaluate("scrollY") == settled
