"""What people do with their conversation: an opinion, a copy, starting again, erasing it."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import expect

from tests.journeys.browser.browsing import Visit

pytestmark = pytest.mark.browser


def opinions(database: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database) as connection:
        query = "SELECT useful, reason, comment FROM message_feedback ORDER BY created_at DESC"
        return connection.execute(query).fetchall()


def test_an_answer_helped(there: Visit, journey_database: str) -> None:
    there.open()
    there.say("Quels sont vos horaires ?")
    there.page.get_by_role("button", name="Utile", exact=True).click()
    expect(there.page.locator(".merci")).to_be_focused()
    assert opinions(journey_database)[0] == (True, None, None)
    there.page.reload()
    expect(there.page.locator(".merci")).to_be_visible()
    assert there.page.get_by_role("button", name="Utile", exact=True).count() == 0


def test_an_answer_did_not_help(there: Visit, journey_database: str) -> None:
    there.open()
    there.say("Quels sont vos horaires ?")
    there.page.locator(".utile summary").click()
    there.check_targets()
    there.check_axe("pas utile")
    there.shoot("60-pas-utile")
    there.page.get_by_label("Il manque quelque chose").check()
    there.page.get_by_label("Un mot de plus").fill("le samedi ?")
    there.page.get_by_role("button", name="Envoyer mon avis").click()
    expect(there.page.locator(".merci")).to_be_visible()
    assert opinions(journey_database)[0] == (False, "incomplete", "le samedi ?")


def test_an_opinion_without_script(plain: Visit, journey_database: str) -> None:
    plain.open()
    plain.say("Quels sont vos horaires ?")
    plain.page.locator(".utile summary").click()
    plain.page.get_by_label("Je ne comprends pas bien").check()
    plain.page.get_by_role("button", name="Envoyer mon avis").click()
    expect(plain.page.locator(".merci")).to_be_visible()
    assert opinions(journey_database)[0] == (False, "pas_claire", None)


def test_the_copy(there: Visit, tmp_path: Path) -> None:
    there.open()
    there.say("Quels sont vos horaires ?")
    there.page.get_by_text("Ma conversation", exact=True).click()
    there.check_targets()
    there.check_axe("menu")
    there.shoot("61-ma-conversation", whole=False)
    with there.page.expect_download() as download:
        there.page.get_by_role("link", name="Télécharger pour lire").click()
    assert download.value.suggested_filename == "conversation-cned.html"
    kept = tmp_path / "conversation.html"
    download.value.save_as(kept)
    assert "Quels sont vos horaires ?" in kept.read_text(encoding="utf-8")
    reading = there.context.new_page()
    reading.goto(kept.as_uri())
    expect(reading.get_by_role("heading", level=1)).to_contain_text("Votre conversation")
    reading.screenshot(path=f"build/screens/62-copie-{there.width}.png")


@pytest.mark.rasa
@pytest.mark.usefixtures("rasa")
def test_erasing(there: Visit, journey_database: str) -> None:
    there.open()
    there.say("Quels sont vos horaires ?")
    conversation = there.context.cookies()[0]["value"].partition(".")[0]
    tab = there.context.new_page()
    tab.goto("/assistant")
    expect(tab.locator(".bulle")).to_have_count(there.bubbles.count())
    there.page.get_by_text("Ma conversation", exact=True).click()
    there.page.get_by_role("button", name="Effacer ma conversation").click()
    expect(there.bubbles).to_have_count(0)
    expect(there.page.locator("#avis-page")).to_contain_text("effacée")
    there.check_axe("effacée")
    there.shoot("63-effacee")
    expect(tab.locator(".bulle")).to_have_count(0)  # the other tab hears of it
    expect(tab.locator("#avis-page")).to_contain_text("n'est plus sur cet appareil")
    assert there.context.cookies() == []
    with psycopg.connect(journey_database) as connection:
        for query in (
            "messages WHERE conversation_id::text",
            "conversations WHERE id::text",
            "rasa.events WHERE sender_id",
        ):
            assert connection.execute(f"SELECT count(*) FROM {query} = %s", (conversation,)).fetchone() == (0,)  # type: ignore[arg-type]
    there.say("Bonjour")
    assert there.context.cookies()[0]["value"].partition(".")[0] != conversation


def test_erasing_without_script(plain: Visit) -> None:
    plain.open()
    plain.say("Bonjour")
    plain.page.get_by_text("Ma conversation", exact=True).click()
    plain.page.get_by_role("button", name="Effacer ma conversation").click()
    expect(plain.page.locator("#avis-page")).to_contain_text("effacée")
    assert plain.context.cookies() == []


def test_start_again(there: Visit) -> None:
    there.open()
    there.say("Bonjour")
    there.page.get_by_text("Ma conversation", exact=True).click()
    there.page.get_by_role("button", name="Recommencer").click()
    expect(there.bubbles).to_have_count(0)
    assert there.context.cookies() == []
