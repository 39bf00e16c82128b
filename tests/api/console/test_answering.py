"""Answering from the console: to the learner, among staff, two advisors at once; and the page of e-mails."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from api.operators.signed_in import COOKIE
from api.tickets import exchange, life, service
from tests.api.console.test_pages import check_accessible, form_token, opened
from tests.conftest import Account, Counts

MakeAccount = Callable[..., Awaitable[Account]]


@dataclass
class Advisor:
    """Somebody in front of the page of a ticket."""

    client: httpx.AsyncClient
    path: str
    html: str = ""

    async def open(self) -> str:
        self.html = (await self.client.get(self.path)).text
        check_accessible(self.html)
        return self.html

    def hidden(self, name: str, form: str) -> str:
        part = self.html[self.html.index(f'action="{self.path}/{form}"') :]
        found = re.search(f'name="{name}" value="([^"]*)"', part)
        assert found
        return found[1]

    async def send(self, form: str, **data: Any) -> httpx.Response:
        carried = {"jeton": form_token(self.html), "envoi": self.hidden("envoi", form)}
        if form == "reponse":
            carried["vu"] = self.hidden("vu", form)
        return await self.client.post(f"{self.path}/{form}", data=carried | data)


@pytest_asyncio.fixture
async def advisors(
    app: FastAPI, account: MakeAccount, session: AsyncSession
) -> AsyncIterator[tuple[Advisor, Advisor, str]]:
    """Two advisors and the reference of the ticket that both have open."""
    ticket = await opened(session)
    found = []
    clients = []
    for login in ("lea.martin", "paul.roy"):
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test")
        client.cookies.set(COOKIE, (await account(login=login)).token)
        clients.append(client)
        found.append(Advisor(client, f"/console/demandes/{ticket.reference}"))
    for advisor in found:
        await advisor.open()
    yield found[0], found[1], ticket.reference
    for client in clients:
        await client.aclose()


async def status(session: AsyncSession, reference: str) -> str:
    ticket = await service.get_ticket(session=session, reference=reference)
    await session.refresh(ticket)
    await session.commit()
    return ticket.status


async def test_answering_takes_the_ticket_and_says_who(
    advisors: tuple[Advisor, Advisor, str], session: AsyncSession
) -> None:
    one, _, reference = advisors
    done = await one.send("reponse", texte="Bonjour <Anne>")
    assert done.status_code == 303
    html = await one.open()
    assert "Bonjour &lt;Anne&gt;" in html
    assert "Léa Martin, message" in html
    assert "Léa Martin, Nouveau → Assigné" in html
    assert await status(session, reference) == "assigne"
    assert "Réponse : en file" in html


@pytest.mark.parametrize(("then", "expected"), [("resolu", "resolu"), ("en_attente", "en_attente")])
async def test_sending_and_moving_in_one_gesture(
    advisors: tuple[Advisor, Advisor, str], session: AsyncSession, then: str, expected: str
) -> None:
    one, _, reference = advisors
    assert (await one.send("reponse", texte="Voilà", ensuite=then)).status_code == 303
    assert await status(session, reference) == expected
    kinds = (await session.execute(text("SELECT kind FROM mails ORDER BY created_at, due_at"))).scalars().all()
    assert kinds == (
        ["confirmation", "resolved"] if then == "resolu" else ["confirmation", "reply", "reminder", "reminder"]
    )


async def test_two_advisors_at_once_are_told_and_lose_no_word(
    advisors: tuple[Advisor, Advisor, str], counts: Counts, session: AsyncSession
) -> None:
    one, two, reference = advisors
    await one.send("reponse", texte="La première réponse")
    refused = await two.send("reponse", texte="Une autre <réponse>\nsur deux lignes", ensuite="resolu")
    assert refused.status_code == 409
    check_accessible(refused.text)
    assert 'role="alert"' in refused.text
    assert "Une autre &lt;réponse&gt;\nsur deux lignes</textarea>" in refused.text
    assert "La première réponse" in refused.text
    assert refused.text.count("Nouveau.</strong>") == 3  # the message, who has it now, and the move
    assert (await counts())["ticket_messages"] == 1
    assert await status(session, reference) == "assigne"
    two.html = refused.text
    again = await two.send("reponse", texte="Une autre réponse, relue", ensuite="resolu")
    assert again.status_code == 303
    assert (await counts())["ticket_messages"] == 2


async def test_what_the_learner_adds_is_seen_before_answering(
    advisors: tuple[Advisor, Advisor, str], session: AsyncSession
) -> None:
    one, _, reference = advisors
    ticket = await service.get_ticket(session=session, reference=reference)
    await exchange.learner_says(session=session, ticket_id=ticket.id, text="J'ajoute", client_id=uuid.uuid4())
    await session.commit()
    refused = await one.send("reponse", texte="Sans savoir")
    assert refused.status_code == 409
    assert "J&#39;ajoute" in refused.text
    moved = await one.client.post(
        f"{one.path}/etat", data={"jeton": form_token(one.html), "etat": "clos", "vu": one.hidden("vu", "etat")}
    )
    assert moved.status_code == 409
    assert await status(session, reference) == "nouveau"


async def test_a_double_click_sends_once(advisors: tuple[Advisor, Advisor, str], counts: Counts) -> None:
    one, _, _ = advisors
    for _ in range(2):
        assert (await one.send("reponse", texte="Une fois")).status_code == 303
    assert (await counts())["ticket_messages"] == 1
    assert (await counts())["mails"] == 2  # the confirmation and this answer


async def test_notes_stay_among_staff_and_never_clash(advisors: tuple[Advisor, Advisor, str], counts: Counts) -> None:
    one, two, _ = advisors
    assert (await one.send("note", texte="je m'en occupe")).status_code == 303
    assert (await two.send("note", texte="moi aussi")).status_code == 303
    assert (await counts())["mails"] == 1
    assert "note interne" in await one.open()


@pytest.mark.parametrize("form", ["reponse", "note"])
@pytest.mark.parametrize(("given", "said"), [("  ", "Écrivez un texte"), ("é" * 10_001, "trop long")])
async def test_what_is_refused_stays_in_its_box(
    advisors: tuple[Advisor, Advisor, str], counts: Counts, form: str, given: str, said: str
) -> None:
    one, _, _ = advisors
    before = await counts()
    refused = await one.send(form, texte=given)
    assert refused.status_code == 422
    assert said in refused.text
    assert given.strip() in refused.text
    assert await counts() == before


async def test_a_closed_ticket_is_opened_again_before_it_is_answered(
    advisors: tuple[Advisor, Advisor, str], session: AsyncSession
) -> None:
    one, _, reference = advisors
    await service.change_status(session=session, reference=reference, status="clos", by=life.SYSTEM)
    await session.commit()
    refused = await one.send("reponse", texte="trop tard")
    assert refused.status_code == 409
    assert "trop tard" in refused.text
    assert "rouvrez-la" in refused.text
    check_accessible(refused.text)


@pytest.mark.parametrize("form", ["reponse", "note"])
async def test_forms_of_other_sites_and_of_nobody(
    advisors: tuple[Advisor, Advisor, str], client: httpx.AsyncClient, counts: Counts, form: str
) -> None:
    one, _, _ = advisors
    assert (await one.send(form, texte="x", jeton="0" * 64)).status_code == 403
    assert (await client.post(f"{one.path}/{form}", data={"texte": "x"})).status_code == 303  # to sign in
    assert (await counts())["ticket_messages"] == 0


async def test_why_is_kept_in_the_history(advisors: tuple[Advisor, Advisor, str]) -> None:
    one, _, _ = advisors
    data = {"jeton": form_token(one.html), "etat": "en_attente", "pourquoi": "pièce demandée au 06 12 34 56 78"}
    assert (await one.client.post(f"{one.path}/etat", data=data)).status_code == 303
    html = await one.open()
    assert "Nouveau → En attente de l&#39;usager (pièce demandée au [TÉLÉPHONE])" in html


async def test_the_page_of_mails(advisors: tuple[Advisor, Advisor, str], session: AsyncSession) -> None:
    one, _, reference = advisors
    html = (await one.client.get("/console/courriels")).text
    check_accessible(html)
    assert "Aucun serveur d'envoi n'est réglé" in html
    assert "<dt>En file</dt><dd>1</dd>" in html
    mail_id = await session.scalar(
        text("UPDATE mails SET state = 'refused', reason = 'adresse_550', attempts = 1 RETURNING id")
    )
    await session.commit()
    html = (await one.client.get("/console/courriels")).text
    check_accessible(html)
    assert reference in html
    assert "l&#39;adresse est refusée par le serveur (550)" in html
    again = f"/console/courriels/{mail_id}/renvoyer"
    assert (await one.client.post(again, data={"jeton": "0" * 64})).status_code == 403
    assert (await one.client.post(again, data={"jeton": form_token(html)})).status_code == 303
    assert (await one.client.post(again, data={"jeton": form_token(html)})).status_code == 404
    assert "<dt>En file</dt><dd>1</dd>" in (await one.client.get("/console/courriels")).text


async def test_the_page_of_mails_is_for_staff(client: httpx.AsyncClient) -> None:
    assert (await client.get("/console/courriels")).headers["location"].startswith("/console/connexion")
