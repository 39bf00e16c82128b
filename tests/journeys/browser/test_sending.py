"""No message lost, none doubled: double click, cut, lost answer, reload, second tab, another process, no stream."""

from __future__ import annotations

import re
from collections.abc import Callable

import psycopg
import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.browser.browsing import Visit

pytestmark = pytest.mark.browser
HOURS = "Quels sont vos horaires ?"


def own(page: Page, text: str = "") -> int:
    """How many messages of the learner the page shows once reloaded."""
    page.reload()
    return page.locator(".bulle.learner", has_text=text).count()


def write(there: Visit, text: str) -> None:
    there.box.fill(text)
    there.box.press("Enter")


def test_a_message_shows_at_once_then_as_sent(desk: Visit) -> None:
    desk.open()
    held: list[Route] = []
    desk.page.route("**/assistant/messages", lambda route: held.append(route))
    write(desk, HOURS)
    mine = desk.page.locator(".en-route")
    expect(mine).to_contain_text(HOURS)
    expect(mine.locator(".etat")).to_have_text("Envoi…")
    expect(desk.page.locator(".attente")).to_be_visible()
    expect(desk.box).to_have_value("")
    desk.check_axe("envoi")
    desk.shoot("17-envoi")
    held[0].continue_()
    desk.settled(0)
    expect(mine).to_have_count(0)


def test_each_message_is_announced_once_and_focus_stays(there: Visit) -> None:
    there.open()
    there.page.evaluate(
        """() => { window.said = []; new MutationObserver(list => list.forEach(m => m.addedNodes.forEach(
        n => window.said.push(n.textContent)))).observe(document.getElementById("annonces"), {childList: true}); }"""
    )
    for text in (HOURS, "une bourse ?"):
        before = there.bubbles.count()
        write(there, text)
        there.settled(before)
    expect(there.box).to_be_focused()
    expect(there.box).to_have_value("")
    said = there.page.evaluate("window.said")
    assert len(said) == there.page.locator(".bulle.assistant").count() == len(set(said))
    assert there.page.locator("[aria-live], [role=status], [role=log], [role=alert]").count() == 1


def test_network_cut_then_sent_again_once(there: Visit) -> None:
    there.open()
    there.say("Bonjour")
    there.context.set_offline(True)
    write(there, HOURS)
    mine = there.page.locator(".en-route")
    expect(mine).to_contain_text("la connexion est coupée")
    again = mine.get_by_role("button", name="Réessayer")
    expect(again).to_be_visible()
    there.check_targets()
    there.check_axe("réseau coupé")
    there.shoot("14-reseau-coupe")
    again.click()
    expect(again).to_be_visible()
    there.context.set_offline(False)
    there.settled(2)  # it leaves by itself when the network is back
    assert own(there.page, HOURS) == 1


def test_retry_sends_the_same_message(desk: Visit) -> None:
    desk.open()
    desk.page.route("**/assistant/messages", lambda route: route.abort(), times=1)
    write(desk, HOURS)
    desk.page.get_by_role("button", name="Réessayer").click()
    desk.settled(0)
    assert own(desk.page) == 1


def test_a_lost_answer_counts_once(desk: Visit) -> None:
    """The service got the message and answered; the answer was lost on the way."""
    desk.open()
    ids: list[str] = []

    def lose(route: Route) -> None:
        ids.append(route.request.post_data_json["client_message_id"])
        if len(ids) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    desk.page.route("**/assistant/messages", lose)
    write(desk, "Bonjour")
    desk.page.get_by_role("button", name="Réessayer").click()
    desk.settled(0)
    assert ids[0] == ids[1]
    assert own(desk.page) == 1


def test_a_reload_while_a_message_could_not_leave(desk: Visit) -> None:
    desk.open()
    desk.say("Bonjour")
    desk.page.route("**/assistant/messages", lambda route: route.abort(), times=1)
    write(desk, HOURS)
    expect(desk.page.get_by_role("button", name="Réessayer")).to_be_visible()
    desk.page.reload()
    desk.settled(2)
    assert own(desk.page, HOURS) == 1


def test_a_message_that_arrived_shows_once_after_a_reload(desk: Visit) -> None:
    """The stream brought the answer; the request that sent the message is still open when the page is loaded again."""
    desk.open()
    desk.say("Bonjour")
    desk.page.route("**/assistant/messages", lambda route: route.fetch() and None)  # never answered
    write(desk, HOURS)
    desk.settled(2)
    desk.page.reload()
    expect(desk.page.locator(".bulle.assistant", has_text="Réponse de test").last).to_be_visible()
    assert own(desk.page, HOURS) == 1
    expect(desk.page.locator(".en-route")).to_have_count(0)


@pytest.mark.parametrize("button", ["Envoyer", "Parler à une personne"])
def test_a_double_click_sends_once(desk: Visit, button: str) -> None:
    desk.open()
    desk.box.fill("Bonjour" if button == "Envoyer" else "")
    desk.page.get_by_role("button", name=button, exact=True).dblclick()
    desk.settled(0)
    assert own(desk.page) == 1


def test_messages_typed_faster_than_the_answers_come_all_arrive_in_order(desk: Visit) -> None:
    desk.open()
    for text in ("Bonjour", HOURS, "une bourse ?"):
        write(desk, text)
    expect(desk.page.locator(".en-route, .attente")).to_have_count(0)
    desk.page.reload()
    texts = desk.page.locator(".bulle.learner p[dir]").all_inner_texts()
    assert texts == ["Bonjour", HOURS, "une bourse ?"]


def second_tab(desk: Visit) -> Page:
    tab = desk.context.new_page()
    tab.goto("/assistant")
    return tab


def test_a_second_tab_shows_the_same_conversation_as_it_goes(desk: Visit) -> None:
    desk.open()
    desk.say("Bonjour")
    tab = second_tab(desk)
    expect(tab.locator(".bulle")).to_have_count(2)
    desk.say(HOURS)
    expect(tab.locator(".bulle")).to_have_count(desk.bubbles.count())
    expect(tab.locator("#annonces")).to_contain_text("Réponse de test")
    tab.locator("#texte").fill("une bourse ?")
    tab.locator("#texte").press("Enter")
    expect(desk.page.get_by_text("une bourse ?", exact=True)).to_have_count(1)
    for each in (tab, desk.page):
        expect(each.locator(".choix button")).to_have_count(3)


def from_a_person(desk: Visit, database: str, text: str) -> None:
    """What a live agent writes, through another process."""
    conversation = desk.context.cookies()[0]["value"].partition(".")[0]
    with psycopg.connect(database, autocommit=True) as other:
        other.execute(
            "INSERT INTO messages (conversation_id, author, kind, text, payload) VALUES (%s, 'operator', 'message', %s, '{}')",
            (conversation, text),
        )


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "held back by a proxy"])
def test_what_a_person_writes_elsewhere_shows_up(desk: Visit, journey_database: str, stream: bool) -> None:
    if not stream:
        desk.page.route("**/assistant/evenements", lambda route: None)  # never answers
    desk.open()
    desk.say("Bonjour")
    from_a_person(desk, journey_database, "Bonjour, je suis Léa <b>du</b> Cned.")
    person = desk.page.locator(".bulle.operator")
    expect(person).to_contain_text("Léa <b>du</b> Cned", timeout=30_000)
    expect(person.locator(".auteur")).to_have_text("Une personne du Cned")
    desk.check_axe("personne en direct")
    if stream:
        desk.shoot("18-personne-en-direct")


def test_a_stream_that_was_cut_misses_nothing(desk: Visit, journey_database: str) -> None:
    desk.open()
    desk.say("Bonjour")
    desk.context.set_offline(True)
    from_a_person(desk, journey_database, "Pendant la coupure")
    desk.context.set_offline(False)
    expect(desk.page.locator(".bulle", has_text="Pendant la coupure")).to_have_count(1)


def test_what_is_refused_comes_back_to_the_box(desk: Visit) -> None:
    desk.open()
    long = "a" * 10_001
    write(desk, long)
    expect(desk.page.locator("#erreur")).to_contain_text("trop")
    expect(desk.box).to_have_value(long)
    assert desk.page.locator(".en-route, .attente").count() == 0
    assert desk.context.cookies() == []


def test_slowing_down_is_said_kindly(desk: Visit) -> None:
    desk.open()
    desk.say("Bonjour")
    detail = "Vous avez envoyé beaucoup de messages en peu de temps. Attendez 3 secondes, puis envoyez de nouveau."
    refusal: Callable[[Route], None] = lambda route: route.fulfill(status=429, json={"detail": detail})  # noqa: E731
    desk.page.route("**/assistant/messages", refusal, times=1)
    write(desk, HOURS)
    expect(desk.page.locator(".en-route")).to_contain_text(re.compile("Attendez 3 secondes"))
    desk.check_axe("trop vite")
    desk.shoot("19-trop-vite")
    desk.page.get_by_role("button", name="Réessayer").click()
    desk.settled(2)


def test_a_slow_start_over_does_not_lose_what_is_typed(desk: Visit) -> None:
    """What is in the box stays while answers come."""
    desk.open()
    write(desk, "Bonjour")
    desk.box.type("la suite")
    expect(desk.page.locator(".attente")).to_have_count(0)
    expect(desk.box).to_have_value("la suite")
