"""The advisors' pages, as a browser without scripts sees them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from html.parser import HTMLParser

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Ticket
from api.operators.signed_in import COOKIE
from api.tickets import service
from api.tickets.service import TicketDraft
from tests.conftest import PASSWORD, Account, Counts

MakeAccount = Callable[..., Awaitable[Account]]
DRAFT = TicketDraft(
    draft_key="d",
    channel="chat",
    service_type="certificats_bulletins",
    unit="college",
    subject="Bulletin <script>alert(1)</script>",
    fields={
        "niveau": {"value": "6e", "origin": "deduced"},
        "nom": {"value": "Anne & Paul", "origin": "said"},
        "document": {"value": None, "origin": "skipped"},
    },
    transcript=[
        {"author": "learner", "text": "Je n'ai pas <b>reçu</b> mon bulletin", "at": "2026-11-22T10:00:00+00:00"}
    ],
    triage={
        "decision": "qualify",
        "request_types": [{"id": "certificats_bulletins", "score": 0.91}],
        "articles": [{"id": "certificat_scolarite", "score": 0.4}],
        "safety": {"label": "none", "score": 0.0},
        "entities": {"niveau": "6e"},
    },
    contact_email="anne@exemple.fr",
)


class Page(HTMLParser):
    """What matters of a page: labels, fields, headings, and anything inline that the CSP would block."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.headings: list[int] = []
        self.inline: list[str] = []
        self.lang: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        if tag == "html":
            self.lang = a.get("lang")
        if tag == "label":
            self.labelled.add(a.get("for") or "")
        if tag in ("input", "select", "textarea") and a.get("type") != "hidden":
            self.fields.append(a)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if (
            tag == "style"
            or (tag == "script" and not a.get("src"))
            or any(name == "style" or name.startswith("on") for name in a)
        ):
            self.inline.append(tag)


def check_accessible(html: str) -> None:
    """One h1, no heading level skipped, every field labelled, nothing inline, French."""
    page = Page(html)
    assert page.lang == "fr"
    assert page.inline == []
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(b <= a + 1 for a, b in zip(page.headings, page.headings[1:], strict=False))
    assert all(field.get("id") in page.labelled for field in page.fields)
    assert 'href="#contenu"' in html
    assert 'name="viewport"' in html


def form_token(html: str) -> str:
    found = re.search(r'name="jeton" value="([0-9a-f]{64})"', html)
    assert found
    return found[1]


@pytest_asyncio.fixture
async def signed_in(client: httpx.AsyncClient, account: MakeAccount) -> AsyncIterator[httpx.AsyncClient]:
    client.cookies.set(COOKIE, (await account()).token)
    yield client


async def opened(session: AsyncSession, draft: TicketDraft = DRAFT) -> Ticket:
    ticket = await service.open_ticket(session=session, draft=draft)
    await session.commit()
    return ticket


async def sign_in(client: httpx.AsyncClient, password: str, **changes: str) -> httpx.Response:
    form = await client.get("/console/connexion")
    data = {"login": "lea.martin", "password": password, "jeton": form_token(form.text)} | changes
    return await client.post("/console/connexion", data=data)


async def test_pages_send_to_the_sign_in_page_and_back(client: httpx.AsyncClient, account: MakeAccount) -> None:
    await account()
    asked = await client.get("/console/demandes?etat=toutes&q=a b")
    assert asked.status_code == 303
    form = await client.get(asked.headers["location"])
    check_accessible(form.text)
    data = {
        "login": "lea.martin",
        "password": PASSWORD,
        "jeton": form_token(form.text),
        "suite": "/console/demandes?etat=toutes&q=a%20b",
    }
    assert 'value="/console/demandes?etat=toutes&amp;q=a%20b"' in form.text
    entered = await client.post("/console/connexion", data=data)
    assert entered.status_code == 303
    assert entered.headers["location"] == "/console/demandes?etat=toutes&q=a%20b"
    cookie = next(c for c in entered.headers.get_list("set-cookie") if c.startswith(COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert (await client.get(entered.headers["location"])).status_code == 200


@pytest.mark.parametrize(
    "suite",
    ["https://ailleurs.fr", "//ailleurs.fr", "/console@ailleurs.fr", "/consoles", "/console\n//x", "javascript:1"],
)
async def test_signing_in_never_leads_elsewhere(client: httpx.AsyncClient, account: MakeAccount, suite: str) -> None:
    await account()
    entered = await sign_in(client, PASSWORD, suite=suite)
    assert entered.headers["location"] == "/console/demandes"


async def test_a_wrong_password_is_said_on_the_form_then_slowed(
    client: httpx.AsyncClient, account: MakeAccount, counts: Counts
) -> None:
    await account()
    for _ in range(5):
        refused = await sign_in(client, "faux")
        assert refused.status_code == 401
        assert 'role="alert"' in refused.text
        assert "faux" not in refused.text
        check_accessible(refused.text)
    assert (await counts())["login_attempts"] == 5
    slowed = await sign_in(client, PASSWORD)
    assert slowed.status_code == 429
    assert "Trop de tentatives" in slowed.text
    assert (await counts())["operator_sessions"] == 1  # that of the fixture


async def test_the_form_of_another_site_does_not_sign_in(
    client: httpx.AsyncClient, account: MakeAccount, counts: Counts
) -> None:
    await account()
    refused = await sign_in(client, PASSWORD, jeton="0" * 64)
    assert refused.status_code == 403
    assert (await counts())["operator_sessions"] == 1


async def test_the_list(signed_in: httpx.AsyncClient, session: AsyncSession) -> None:
    normal = await opened(session)
    urgent = await opened(session, replace(DRAFT, draft_key="u", priority=0, unit=None))
    html = (await signed_in.get("/console/demandes")).text
    check_accessible(html)
    assert html.index(urgent.reference) < html.index(normal.reference)
    assert "<script>" not in html
    assert "Gestionnaires de scolarité" in html
    assert "Cned Collège" in html
    assert "<dt>Nouveau</dt><dd>2</dd>" in html


async def test_filters_and_pages(signed_in: httpx.AsyncClient, session: AsyncSession) -> None:
    references = [(await opened(session, replace(DRAFT, draft_key=str(n)))).reference for n in range(32)]
    await service.change_status(session=session, reference=references[0], status="clos")
    await session.commit()
    first = (await signed_in.get("/console/demandes")).text
    assert references[0] not in first
    following = re.search(r'href="([^"]+)" rel="next"', first)
    assert following
    second = (await signed_in.get(following[1].replace("&amp;", "&"))).text
    assert references[31] in second
    assert references[1] not in second
    closed = (await signed_in.get("/console/demandes?etat=clos")).text
    assert references[0] in closed
    assert "<dt>Nouveau</dt><dd>31</dd>" in closed
    assert "Aucune demande" in (await signed_in.get("/console/demandes?equipe=dpo")).text
    assert references[5] in (await signed_in.get(f"/console/demandes?q={references[5].lower()}")).text


async def test_the_detail(signed_in: httpx.AsyncClient, session: AsyncSession) -> None:
    ticket = await opened(session)
    html = (await signed_in.get(f"/console/demandes/{ticket.reference}")).text
    check_accessible(html)
    for shown in (
        "Anne &amp; Paul", "dit", "déduit", "non fourni", "&lt;b&gt;reçu&lt;/b&gt;", "anne@exemple.fr", "91 %",
        "22/11/2026 à\u00a011\u00a0h\u00a000", "Comment obtenir un certificat de scolarité ?",
    ):  # fmt: skip
        assert shown in html
    assert "<b>" not in html


async def test_changing_the_status(signed_in: httpx.AsyncClient, session: AsyncSession) -> None:
    ticket = await opened(session)
    path = f"/console/demandes/{ticket.reference}"
    token = form_token((await signed_in.get(path)).text)
    moved = await signed_in.post(f"{path}/etat", data={"etat": "clos", "jeton": token})
    assert moved.status_code == 303
    shown = (await signed_in.get(moved.headers["location"])).text
    assert 'role="status">État enregistré : Clos.' in shown
    refused = await signed_in.post(f"{path}/etat", data={"etat": "resolu", "jeton": token})
    assert refused.status_code == 409
    assert "ne peut pas passer" in refused.text
    check_accessible(refused.text)


@pytest.mark.parametrize("token", ["", "0" * 64])
async def test_a_form_of_another_site_changes_nothing(
    signed_in: httpx.AsyncClient, session: AsyncSession, token: str
) -> None:
    ticket = await opened(session)
    path = f"/console/demandes/{ticket.reference}"
    refused = await signed_in.post(
        f"{path}/etat", data={"etat": "clos", "jeton": token}, headers={"Accept": "text/html"}
    )
    assert refused.status_code == 403
    check_page = Page(refused.text)
    assert check_page.headings == [1]
    await session.refresh(ticket)
    assert ticket.status == "nouveau"
    assert (await signed_in.post("/console/deconnexion", data={"jeton": token})).status_code == 403
    assert (await signed_in.get(path)).status_code == 200


async def test_signing_out(signed_in: httpx.AsyncClient, counts: Counts) -> None:
    token = form_token((await signed_in.get("/console/demandes")).text)
    out = await signed_in.post("/console/deconnexion", data={"jeton": token})
    assert out.headers["location"] == "/console/connexion"
    assert (await counts())["operator_sessions"] == 0


async def test_an_unknown_ticket_is_a_page(signed_in: httpx.AsyncClient) -> None:
    missing = await signed_in.get("/console/demandes/0000-0000", headers={"Accept": "text/html"})
    assert missing.status_code == 404
    assert "Aucune demande ne porte cette référence." in missing.text


async def test_what_is_in_a_ticket_may_be_anything(
    app: FastAPI, signed_in: httpx.AsyncClient, session: AsyncSession
) -> None:
    odd = replace(
        DRAFT,
        fields={"inconnu": {"value": ["a", 1], "origin": "said"}},
        transcript=[{"author": "robot", "text": "x"}],
        triage={},
        contact_email=None,
        subject="",
    )
    ticket = await opened(session, odd)
    html = (await signed_in.get(f"/console/demandes/{ticket.reference}")).text
    check_accessible(html)
    assert "Aucun moyen de contact" in html


NAV = ["/console/demandes", "/console/direct", "/crc", "/console/courriels", "/console/routage"]


@pytest.mark.parametrize(
    ("path", "current", "value"),
    [
        ("/console/demandes", "/console/demandes", "page"),
        ("/console/demandes/{reference}", "/console/demandes", "true"),
        ("/console/direct", "/console/direct", "page"),
        ("/crc", "/crc", "page"),
        ("/crc/articles/horaires_telephone", "/crc", "true"),
        ("/console/courriels", "/console/courriels", "page"),
        ("/console/routage", "/console/routage", "page"),
    ],
)
async def test_the_same_way_around_on_every_staff_page(
    signed_in: httpx.AsyncClient, session: AsyncSession, path: str, current: str, value: str
) -> None:
    ticket = await opened(session)
    shown = (await signed_in.get(path.format(reference=ticket.reference))).text
    nav = re.search(r'<nav class="rubriques".*?</nav>', shown, re.S)
    assert nav
    assert re.findall(r'href="([^"]+)"', nav[0]) == NAV
    assert re.findall(r'href="([^"]+)" aria-current="(\w+)"', nav[0]) == [(current, value)]
