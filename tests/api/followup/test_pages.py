"""The follow-up page as a browser without scripts sees it: who may open it, what it shows, what can be done."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Ticket
from api.followup import limits, service
from api.tickets import exchange, life
from api.tickets import service as tickets
from api.tickets.service import TicketDraft
from tests.api.console.test_pages import check_accessible
from tests.conftest import Counts

DRAFT = TicketDraft(
    draft_key="s",
    channel="web_form",
    service_type="certificats_bulletins",
    unit="college",
    subject="Bulletin",
    transcript=[{"author": "learner", "text": "Je n'ai pas <b>reçu</b> mon bulletin, [COURRIEL]", "at": "x"}],
    contact_email="anne@exemple.fr",
)
BROWSER = {"Accept": "text/html"}


class Opened:
    """A ticket, its secret link, and the browser in front of it."""

    def __init__(self, client: httpx.AsyncClient, session: AsyncSession, ticket: Ticket, token: str) -> None:
        self.client, self.session, self.ticket, self.token = client, session, ticket, token
        self.path = f"/suivi/{token}"

    async def page(self, query: str = "") -> str:
        shown = await self.client.get(self.path + query, headers=BROWSER)
        assert shown.status_code == 200
        check_accessible(shown.text.replace('class="fr-link" href="#contenu"', 'href="#contenu"'))
        return shown.text

    async def post(self, action: str, **data: Any) -> httpx.Response:
        return await self.client.post(f"{self.path}/{action}", data=data, headers=BROWSER)

    async def staff(self, status: str) -> None:
        await tickets.change_status(session=self.session, reference=self.ticket.reference, status=status)  # type: ignore[arg-type]
        await self.session.commit()

    async def status(self) -> str:
        await self.session.refresh(self.ticket)
        await self.session.commit()
        return self.ticket.status


@pytest_asyncio.fixture
async def opened(client: httpx.AsyncClient, session: AsyncSession, app: FastAPI) -> Opened:
    app.state.followup_limits = None
    ticket = await tickets.open_ticket(session=session, draft=DRAFT)
    token = await service.new_token(session=session, ticket_id=ticket.id, days=1)
    await session.commit()
    return Opened(client, session, ticket, token)


def headings(html: str) -> list[str]:
    return [re.sub(r"\s+|&nbsp;", " ", h).strip() for h in re.findall(r"<h2[^>]*>(.*?)</h2>", html, re.S)]


async def test_it_says_where_the_request_is(opened: Opened) -> None:
    html = await opened.page()
    for shown in (opened.ticket.reference, "Reçue", "les gestionnaires de scolarité", "Vous avez envoyé cette demande",
                  "&lt;b&gt;reçu&lt;/b&gt;", "[adresse de courriel masquée]"):  # fmt: skip
        assert shown in html
    assert "<b>" not in html
    assert headings(html) == [
        "Où en est-elle ?", "L'échange", "Ajouter un message",
        "Vous n'avez plus besoin de réponse ?", "Ce lien est personnel",
    ]  # fmt: skip
    assert "<script" not in html
    assert "anne@exemple.fr" not in html


async def test_the_page_is_secret(opened: Opened) -> None:
    shown = await opened.client.get(opened.path)
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in shown.headers["x-robots-tag"]
    assert shown.headers["cache-control"] == "no-store"
    assert 'name="robots" content="noindex' in shown.text
    assert "default-src 'self'" in shown.headers["content-security-policy"]


async def test_the_token_is_random_and_only_its_hash_is_kept(opened: Opened, session: AsyncSession) -> None:
    other = await service.new_token(session=session, ticket_id=opened.ticket.id, days=1)
    assert len({opened.token, other}) == 2
    assert len(other) == 43  # 256 bits
    for table in ("followup_links", "tickets", "ticket_events", "mails", "procrastinate_jobs"):
        rows = (await session.execute(text(f"SELECT row_to_json(t)::text FROM {table} t"))).scalars().all()
        assert not any(opened.token in row for row in rows)


@pytest.mark.parametrize(
    "path",
    ["", "/", "/x", "/" + "a" * 43, "/" + "a" * 42, "/" + "é" * 43, "/%00", "/" + "a" * 5000, "/a/b/c",
     "/" + "a" * 43 + "/courriels", "/..%2f..%2fetc", "/K7M4-2PQX"],
)  # fmt: skip
async def test_links_that_open_nothing_all_look_the_same(opened: Opened, path: str) -> None:
    expected = await opened.client.get("/suivi/" + "b" * 43)
    for method in ("GET", "POST"):
        shown = await opened.client.request(method, f"/suivi{path}")
        assert (shown.status_code, shown.text) == (404, expected.text)
        assert shown.headers["referrer-policy"] == "no-referrer"
    assert "Cette page n'existe pas" in expected.text
    check_accessible(expected.text)


async def test_the_token_of_another_ticket_is_of_no_use(opened: Opened, session: AsyncSession) -> None:
    other = await tickets.open_ticket(session=session, draft=replace(DRAFT, draft_key="o"))
    token = await service.new_token(session=session, ticket_id=other.id, days=1)
    await session.commit()
    shown = await opened.client.get(f"/suivi/{token}")
    assert other.reference in shown.text
    assert opened.ticket.reference not in shown.text


async def test_programs_that_try_links_are_slowed(opened: Opened) -> None:
    for _ in range(limits.FAILED):
        assert (await opened.client.get("/suivi/" + "c" * 43)).status_code == 404
    slowed = await opened.client.get(opened.path, headers=BROWSER)
    assert slowed.status_code == 429
    assert 1 <= int(slowed.headers["retry-after"]) <= 3, "a token comes back every three seconds"
    assert slowed.headers["referrer-policy"] == "no-referrer"


async def test_an_answer_is_kept_once_masked_and_gives_the_ticket_back(opened: Opened, counts: Counts) -> None:
    await opened.staff("en_attente")
    assert "Nous attendons votre réponse" in await opened.page()
    sent = {"texte": "Voici <i>l'acte</i>\nmon mail : anne@exemple.fr", "envoi": str(uuid.uuid4())}
    for _ in range(2):
        done = await opened.post("message", **sent)
        assert done.status_code == 303
    assert done.headers["location"].startswith(opened.path)
    assert await opened.status() == "assigne"
    html = await opened.page("?fait=masque")
    assert "masquées" in html
    assert html.count("&lt;i&gt;l&#39;acte&lt;/i&gt;") == 1
    assert "[adresse de courriel masquée]" in html
    assert "anne@exemple.fr" not in html
    assert (await counts())["ticket_messages"] == 1


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [("", 422, "Écrivez votre message"), ("  \n", 422, "Écrivez votre message"), ("é" * 10_001, 413, "trop long")],
)
async def test_what_is_refused_stays_in_the_box(
    opened: Opened, counts: Counts, given: str, status: int, said: str
) -> None:
    before = await counts()
    refused = await opened.post("message", texte=given, envoi=str(uuid.uuid4()))
    assert refused.status_code == status
    assert said in refused.text
    assert given.strip() in refused.text
    check_accessible(refused.text)
    assert 'aria-invalid="true"' in refused.text
    assert await counts() == before


async def test_writing_too_much_is_refused_kindly(opened: Opened) -> None:
    for n in range(exchange.LEARNER_MESSAGES_AN_HOUR):
        assert (await opened.post("message", texte=f"m{n}")).status_code == 303
    refused = await opened.post("message", texte="encore <un>")
    assert refused.status_code == 429
    assert "encore &lt;un&gt;" in refused.text


async def test_closing_and_opening_again(opened: Opened) -> None:
    for _ in range(2):
        assert (await opened.post("clore")).status_code == 303
    assert await opened.status() == "clos"
    html = await opened.page("?fait=clos")
    assert "Vous avez clos la demande" in html
    assert 'role="status"' in html
    assert "Ajouter un message" not in html
    assert "Votre avis" not in html  # nobody answered
    refused = await opened.post("message", texte="perdu ?")
    assert refused.status_code == 409
    assert "perdu ?" in refused.text
    assert (await opened.post("rouvrir", texte="")).status_code == 422
    assert (await opened.post("rouvrir", texte="Il manque une page")).status_code == 303
    assert await opened.status() == "rouvert"
    assert "Vous avez rouvert la demande" in await opened.page()
    assert (await opened.post("rouvrir", texte="encore")).status_code == 409


async def test_after_too_long_it_can_not_be_opened_again(opened: Opened, session: AsyncSession) -> None:
    await opened.post("clore")
    await session.execute(text("UPDATE ticket_events SET at = now() - interval '31 days'"))
    await session.commit()
    html = await opened.page()
    assert "Écrivez une nouvelle demande" in html
    assert "rouvrir" not in headings(html)
    assert (await opened.post("rouvrir", texte="encore")).status_code == 409
    assert await opened.status() == "clos"


async def test_rating_once_when_resolved(opened: Opened, counts: Counts) -> None:
    early = await opened.post("avis", note="5")
    assert early.status_code == 409
    await opened.staff("resolu")
    assert "Êtes-vous satisfait" in await opened.page()
    for note in ("", "0", "6", "5.0", "x"):
        refused = await opened.post("avis", note=note, mot="un <mot>")
        assert refused.status_code == 422
        assert "un &lt;mot&gt;" in refused.text
        check_accessible(refused.text)
    assert (await counts())["followup_ratings"] == 0
    assert (await opened.post("avis", note="4", mot="Merci <3 anne@exemple.fr")).status_code == 303
    assert (await opened.post("avis", note="1", mot="autre")).status_code == 303
    html = await opened.page("?fait=avis")
    assert "<strong>Satisfait</strong>" in html
    assert "Merci &lt;3 [adresse de courriel masquée]" in html
    assert "Êtes-vous satisfait" not in html
    assert (await counts())["followup_ratings"] == 1


@pytest.mark.parametrize("where", ["message", "rouvrir", "avis"])
async def test_danger_comes_before_everything(opened: Opened, where: str) -> None:
    if where != "message":
        await opened.staff("resolu")
    data = {"note": "3", "mot": "je veux mourir"} if where == "avis" else {"texte": "je veux mourir"}
    assert (await opened.post(where, **data)).status_code == 303
    html = await opened.page()
    assert 'href="tel:3114"' in html
    assert await opened.status() in ("nouveau", "rouvert")
    assert opened.ticket.priority == 0
    by = life.Actor("operator")
    await exchange.answer(
        session=opened.session, reference=opened.ticket.reference, text="Je suis là", by=by, client_id=uuid.uuid4()
    )
    await opened.session.commit()
    assert "tel:3114" not in await opened.page()


async def test_notes_are_never_shown(opened: Opened) -> None:
    said = {"session": opened.session, "reference": opened.ticket.reference, "by": life.Actor("operator")}
    await exchange.note(text="dossier délicat", client_id=uuid.uuid4(), **said)  # type: ignore[arg-type]
    await exchange.answer(text="Bonjour, appelez le 05 12 34 56 78", client_id=uuid.uuid4(), **said)  # type: ignore[arg-type]
    await opened.session.commit()
    html = await opened.page()
    assert "dossier délicat" not in html
    assert "05 12 34 56 78" in html  # what staff tell to use is not masked
    assert "Une personne du Cned" in html
    assert "En cours" in html


async def test_stopping_mails_in_one_click_and_back(opened: Opened) -> None:
    html = (await opened.client.get(f"{opened.path}/courriels")).text
    check_accessible(html)
    assert "Ne plus recevoir" in html
    once = await opened.client.post(f"{opened.path}/courriels", data={"List-Unsubscribe": "One-Click"})
    assert once.status_code == 303
    assert "Vous ne recevez plus de courriels" in await opened.page()
    assert (await opened.post("courriels", reprendre="1")).status_code == 303
    assert "Vous recevez un courriel quand" in await opened.page()
