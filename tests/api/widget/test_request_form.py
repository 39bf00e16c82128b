"""`/demande`: a request without the dialogue."""

from __future__ import annotations

from html import unescape

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Ticket
from api.widget.request_form import COOKIE
from tests.api.widget.conftest import Browser
from tests.conftest import Counts

FORM = {
    "message": "Mon colis n'est pas arrivé",
    "qui": "parent",
    "niveau": "6e",
    "courriel": "anne.durand@exemple.fr",
    "telephone": "06 12 34 56 78",
}


async def test_a_request_gets_a_reference(browser: Browser, session: AsyncSession) -> None:
    await browser.open("/demande")
    page = await browser.post("/demande", **FORM)
    assert browser.status == 200
    ticket = await session.scalar(select(Ticket))
    assert ticket is not None
    assert ticket.reference in page.text
    assert "l'équipe qui prépare et envoie les cours" in page.text
    assert (ticket.channel, ticket.service_type) == ("web_form", "supports_colis")
    assert (ticket.contact_email, ticket.contact_phone) == ("anne.durand@exemple.fr", "0612345678")
    assert ticket.fields["niveau"]["value"] == "6e"
    assert "06 12" not in str(ticket.transcript)


async def test_an_answer_is_an_article(browser: Browser, counts: Counts) -> None:
    await browser.open("/demande")
    page = await browser.post("/demande", message="Quels sont vos horaires ?")
    assert "Réponse de test : Quand puis-je vous appeler ?" in page.text
    assert "Source de test (2026)" in page.text
    assert "05 49 49 94 94" in page.text
    assert (await counts())["tickets"] == 0


async def test_safety_comes_before_the_reference(browser: Browser, session: AsyncSession) -> None:
    await browser.open("/demande")
    page = await browser.post("/demande", message="on me harcele")
    assert "tel:3018" in page.links
    ticket = await session.scalar(select(Ticket))
    assert ticket is not None
    assert ticket.priority == 0
    assert page.text.index("3018") < page.text.index(ticket.reference)


async def test_without_contact_it_is_said(browser: Browser) -> None:
    await browser.open("/demande")
    page = await browser.post("/demande", message="Mon colis n'est pas arrivé")
    assert "ni courriel ni téléphone" in page.text


async def test_sent_twice_is_one_request(browser: Browser, counts: Counts) -> None:
    await browser.open("/demande")
    hidden = dict(browser.page.hidden)
    first = await browser.post("/demande", **FORM)
    again = await browser.post("/demande", **hidden, **FORM)
    assert first.text == again.text
    assert (await counts())["tickets"] == 1


async def test_two_people_who_say_the_same_have_two_requests(browser: Browser, counts: Counts) -> None:
    for _ in range(2):
        browser.http.cookies.clear()
        await browser.open("/demande")
        await browser.post("/demande", message="Mon colis n'est pas arrivé")
    assert (await counts())["tickets"] == 2


@pytest.mark.parametrize(
    ("wrong", "status", "field", "said"),
    [
        ({"message": " \n"}, 422, "message", "Écrivez votre demande"),
        ({"message": "é" * 20_000}, 413, "message", "trop long"),
        ({"message": "merci", "telephone": ""}, 422, "message", "Dites en une phrase"),
        ({"courriel": "anne@"}, 422, "courriel", "pas complète"),
        ({"telephone": "06"}, 422, "telephone", "pas complet"),
    ],
)
async def test_errors_stand_by_their_field_and_values_stay(
    browser: Browser, counts: Counts, wrong: dict[str, str], status: int, field: str, said: str
) -> None:
    await browser.open("/demande")
    values = FORM | {"qui": "", "niveau": ""} | wrong
    page = await browser.post("/demande", **values)
    assert browser.status == status
    assert page.title.startswith("Erreur")
    assert said in page.text
    assert f"#{field}" in page.links
    refused = next(f for f in page.fields if f.get("id") == field)
    assert refused["aria-invalid"] == "true"
    assert str(refused["aria-describedby"]).split()[-1] in page.ids
    for value in (values["message"].strip(), values["courriel"], values["telephone"]):
        assert value in unescape(browser.html)
    assert set((await counts()).values()) == {0}


async def test_picked_values_stay(browser: Browser) -> None:
    await browser.open("/demande")
    await browser.post("/demande", **FORM | {"courriel": "anne@"})
    assert '<option value="parent" selected>' in browser.html
    assert '<option value="6e" selected>' in browser.html


async def test_the_form_of_another_site_is_refused_and_nothing_lost(browser: Browser, counts: Counts) -> None:
    await browser.open("/demande")
    page = await browser.post("/demande", **FORM, jeton="faux")
    assert browser.status == 403
    assert "envoyez de nouveau" in page.text
    assert FORM["courriel"] in browser.html
    browser.http.cookies.clear()
    await browser.post("/demande", **FORM)
    assert browser.status == 403
    assert set((await counts()).values()) == {0}
    await browser.post("/demande", **FORM)
    assert browser.status == 200


async def test_a_browser_without_cookies_gets_through(client: httpx.AsyncClient) -> None:
    same = {"sec-fetch-site": "same-origin"}
    assert (await client.post("/demande", data=FORM, headers=same)).status_code == 200
    foreign = {"sec-fetch-site": "cross-site"}
    assert (await client.post("/demande", data=FORM, headers=foreign)).status_code == 403


async def test_two_tabs_share_the_cookie(browser: Browser) -> None:
    first = await browser.open("/demande")
    await browser.open("/demande")
    assert browser.page.hidden["jeton"] == first.hidden["jeton"]
    assert COOKIE in browser.http.cookies


async def test_what_people_write_is_shown_as_text(browser: Browser) -> None:
    await browser.open("/demande")
    nasty = '"><script>x()</script>'
    await browser.post("/demande", message="", qui=nasty, niveau=nasty, courriel=nasty, telephone=nasty)
    assert "<script>x" not in browser.html


async def test_database_down_keeps_the_values(client_without_database: httpx.AsyncClient) -> None:
    headers = {"sec-fetch-site": "same-origin"}
    response = await client_without_database.post("/demande", data=FORM, headers=headers)
    assert response.status_code == 503
    assert FORM["courriel"] in response.text
    assert "Rien n'est envoyé" in unescape(response.text)
