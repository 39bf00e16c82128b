"""`/assistant` without JavaScript. Rasa is nowhere here: the service answers alone (the journeys have the real one)."""

from __future__ import annotations

import asyncio
import re
from html import unescape

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Message
from api.widget.visitor import COOKIE
from tests.api.widget.conftest import Browser, Page
from tests.conftest import Counts

NASTY = '<script>alert(1)</script> <b onclick="x()">"gras"</b> &amp; \u202eesrever\u202c caché\u200bici'


async def test_home_leads_to_the_assistant(client: httpx.AsyncClient) -> None:
    response = await client.get("/")
    assert response.status_code == 303
    assert response.headers["location"] == "/assistant"


async def test_nothing_is_kept_before_the_first_message(browser: Browser, counts: Counts) -> None:
    page = await browser.open()
    assert browser.status == 200
    assert not browser.http.cookies
    assert set((await counts()).values()) == {0}
    assert "vos données" in page.text
    assert "/confidentialite" in page.links
    assert page.buttons == ["Je veux parler à une personne"]
    assert "tel:+33549499494" in page.links


async def test_a_question_and_its_answer(browser: Browser) -> None:
    page = await browser.say("Quels sont vos horaires ?")
    assert browser.status == 200
    assert "Quels sont vos horaires ?" in page.text
    assert "Réponse de test : Quand puis-je vous appeler ?" in page.text
    assert "Source : Source de test (2026)" in page.text
    assert "https://exemple.fr/source" in page.links
    assert "publiée par le Cned" in page.text
    assert "vos données" not in page.text.partition("Par téléphone")[0]
    assert "dernier" in page.ids


async def test_the_answer_comes_by_a_redirection(client: httpx.AsyncClient, counts: Counts) -> None:
    response = await client.post("/assistant", data={"texte": "vos horaires"})
    assert response.status_code == 303
    assert response.headers["location"] == "/assistant?suite=1#dernier"
    cookie = response.headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=lax", "Path=/assistant", f"{COOKIE}="):
        assert part in cookie
    for _ in range(2):
        assert (await client.get("/assistant?suite=1")).status_code == 200
    assert (await counts())["messages"] == 2


async def test_the_whole_exchange_comes_back(browser: Browser, counts: Counts) -> None:
    await browser.say("Quels sont vos horaires ?")
    page = await browser.say("bonjour")
    assert "Quels sont vos horaires ?" in page.text
    assert "Bonjour." in page.text
    assert (await counts())["conversations"] == 1


async def test_choices_are_buttons_then_words(browser: Browser) -> None:
    page = await browser.say("une bourse ?")
    question = "Comment demander une bourse pour un BTS ?"
    assert question in page.buttons
    page = await browser.post(choix="bourse_etudiant_bts")
    assert f"Réponse de test : {question}" in page.text
    assert question not in page.buttons
    assert "seule une personne peut décider" in page.text


async def test_a_person_is_asked_for(browser: Browser) -> None:
    await browser.open()
    page = await browser.post(choix="Je veux parler à une personne")
    assert "05 49 49 94 94" in page.text
    assert "/demande" in page.links
    assert "du lundi au vendredi" in page.text


async def test_safety_is_a_card_with_numbers_to_call(browser: Browser, counts: Counts) -> None:
    page = await browser.say("mon père me frappe")
    for address in ("tel:112", "tel:119", "sms:114", "tel:15", "tel:17", "tel:18"):
        assert address in page.links
    assert "safety" in browser.html
    assert (await counts())["tickets"] == 1


async def test_the_same_form_twice_is_one_message(browser: Browser, counts: Counts) -> None:
    await browser.say("bonjour")
    hidden = dict(browser.page.hidden)
    await browser.post(texte="vos horaires ?")
    await browser.post(**hidden, texte="vos horaires ?")
    assert browser.page.text.count("vos horaires ?") == 1
    assert (await counts())["messages"] == 4


async def test_a_double_click_on_the_first_message_is_one_conversation(
    client: httpx.AsyncClient, counts: Counts
) -> None:
    page = Page((await client.get("/assistant")).text)
    data = page.hidden | {"texte": "on me frappe"}
    sent = await asyncio.gather(*(client.post("/assistant", data=data) for _ in range(4)))
    assert {r.status_code for r in sent} == {303}
    assert len({r.headers["set-cookie"] for r in sent}) == 1
    found = await counts()
    assert (found["conversations"], found["tickets"]) == (1, 1)


async def test_an_empty_message_is_said_in_words(browser: Browser, counts: Counts) -> None:
    for nothing in ("", "  \n "):
        page = await browser.say(nothing)
        assert browser.status == 422
        assert "Écrivez votre question" in page.text
        assert page.title.startswith("Erreur")
    assert set((await counts()).values()) == {0}


async def test_too_long_a_message_stays_in_the_box(browser: Browser, counts: Counts) -> None:
    page = await browser.say("é" * 20_000)
    assert browser.status == 413
    assert "trop long" in page.text
    assert "é" * 20_000 in browser.html
    assert set((await counts()).values()) == {0}


async def test_what_people_write_is_shown_as_text(browser: Browser, session: AsyncSession) -> None:
    page = await browser.say(NASTY)
    assert "<script>alert" not in browser.html
    assert "<b onclick" not in browser.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in browser.html
    assert NASTY in page.text
    own = re.search(r'<li class="bulle learner.*?</li>', browser.html, re.DOTALL)
    assert own is not None
    assert 'dir="auto"' in own.group()
    page = await browser.post(texte="</textarea><script>x()</script>" + "a" * 10_000)
    assert "<script>x" not in browser.html
    assert (await session.scalar(select(Message.text).where(Message.author == "learner"))) == NASTY


async def test_personal_data_is_masked_on_the_page(browser: Browser) -> None:
    page = await browser.say("Écrivez-moi à anne.durand@exemple.fr")
    assert "anne.durand" not in browser.html
    assert "[adresse de courriel masquée]" in page.text


@pytest.mark.parametrize("value", ["n'importe quoi", "00000000-0000-4000-8000-000000000000.faux", ".", "é", "00000000"])
async def test_an_unknown_cookie_is_a_new_visitor(browser: Browser, counts: Counts, value: str) -> None:
    cookie = {"cookie": f"{COOKIE}={value}".encode()}
    response = await browser.http.get("/assistant", headers=cookie)
    assert response.status_code == 200
    assert "Max-Age=0" in response.headers["set-cookie"]
    response = await browser.http.post("/assistant", data={"texte": "bonjour"}, headers=cookie)
    assert response.status_code == 200
    assert (await counts())["conversations"] == 1


async def test_nobody_reads_the_conversation_of_another(browser: Browser, counts: Counts) -> None:
    await browser.say("bonjour, je suis Anne")
    conversation_id = browser.http.cookies[COOKIE].partition(".")[0]
    browser.http.cookies.clear()
    cookie = {"cookie": f"{COOKIE}={conversation_id}.un-autre-jeton"}
    response = await browser.http.get("/assistant", headers=cookie)
    assert "Anne" not in response.text


async def test_start_again(browser: Browser, counts: Counts) -> None:
    await browser.say("Quels sont vos horaires ?")
    page = await browser.post("/assistant/recommencer")
    assert "horaires ?" not in page.text
    assert COOKIE not in browser.http.cookies
    await browser.post(texte="bonjour")
    assert (await counts())["conversations"] == 2


async def test_a_conversation_that_is_no_more_is_said(browser: Browser) -> None:
    page = await browser.open("/assistant?suite=1")
    assert "n'est plus sur cet appareil" in page.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://ailleurs.exemple"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://test"}, 303),
        ({"sec-fetch-site": "same-origin", "origin": "https://derriere-un-proxy"}, 303),
    ],
)
async def test_forms_of_other_sites_are_refused(
    client: httpx.AsyncClient, counts: Counts, headers: dict[str, str], status: int
) -> None:
    for path in ("/assistant", "/assistant/recommencer"):
        response = await client.post(path, data={"texte": "bonjour"}, headers=headers)
        assert response.status_code == status
    sent = {"text": "bonjour", "client_message_id": "00000000-0000-4000-8000-000000000000"}
    response = await client.post("/assistant/messages", json=sent, headers=headers)
    assert response.status_code == (200 if status == 303 else 403)
    assert (await counts())["conversations"] == (2 if status == 303 else 0)


async def test_policy_and_assets(client: httpx.AsyncClient) -> None:
    response = await client.get("/assistant")
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert "unsafe" not in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"
    for name, kind in (("assistant.css", "text/css"), ("assistant.js", "javascript")):
        asset = await client.get(f"/assistant/static/{name}")
        assert asset.status_code == 200
        assert kind in asset.headers["content-type"]
    for outside in ("../pages.py", "..%2fpages.py", "rien.js"):
        assert (await client.get(f"/assistant/static/{outside}")).status_code in (404, 405)


async def test_privacy_page(browser: Browser) -> None:
    page = await browser.open("/confidentialite")
    assert browser.status == 200
    assert "Combien de temps" in page.text


async def test_database_down_keeps_the_text(client_without_database: httpx.AsyncClient) -> None:
    response = await client_without_database.post("/assistant", data={"texte": "ma longue question"})
    assert response.status_code == 503
    assert "ma longue question" in response.text
    assert "n'est pas parti" in unescape(response.text)
    page = Page(response.text)
    assert len(page.hidden["id_message"]) == 36


async def test_the_script_gets_typed_messages_and_pieces_of_page(client: httpx.AsyncClient, counts: Counts) -> None:
    sent = {"text": "une bourse ? <b>", "client_message_id": "00000000-0000-4000-8000-000000000001"}
    first = await client.post("/assistant/messages", json=sent)
    again = await client.post("/assistant/messages", json=sent)
    assert first.status_code == again.status_code == 200
    body = first.json()
    assert body["messages"] == again.json()["messages"]
    assert [m["kind"] for m in body["messages"]] == ["choices"]
    assert "une bourse ? &lt;b&gt;" in body["exchange"]
    assert body["exchange"].count("<button") >= 2
    assert body["next_message_id"] != again.json()["next_message_id"]
    assert "HttpOnly" in first.headers["set-cookie"]
    assert (await counts())["messages"] == 2


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"text": ""}, 422),
        ({"text": "a" * 20_000}, 413),
        ({"text": "bonjour", "client_message_id": "1"}, 422),
        ({"text": "bonjour", "autre": 1}, 422),
    ],
)
async def test_what_the_script_may_not_send(
    client: httpx.AsyncClient, counts: Counts, sent: dict[str, object], status: int
) -> None:
    body = {"client_message_id": "00000000-0000-4000-8000-000000000002"} | sent
    response = await client.post("/assistant/messages", json=body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert set((await counts()).values()) == {0}


async def test_no_personal_data_in_addresses(browser: Browser, session: AsyncSession) -> None:
    await browser.say("bonjour")
    assert (await session.execute(text("SELECT count(*) FROM messages"))).scalar() == 2
    token = browser.http.cookies[COOKIE]
    assert not any(token.partition(".")[2] in link for link in browser.page.links)
    assert token.partition(".")[2] not in browser.html


async def test_reading_again_keeps_the_conversation_a_week_more(browser: Browser) -> None:
    await browser.say("bonjour")
    again = await browser.http.get("/assistant")
    assert again.headers["set-cookie"].startswith(f"{COOKIE}={browser.http.cookies[COOKIE]}")
    assert "Max-Age=604800" in again.headers["set-cookie"]
    browser.http.cookies.clear()
    assert "set-cookie" not in (await browser.http.get("/assistant")).headers
