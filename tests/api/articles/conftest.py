"""An application with its own database and its own articles, two editors, and what their forms carry."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from api.articles.live import ArticleFeed
from api.operators import service as operators
from api.operators.signed_in import COOKIE
from api.settings import Settings
from knowledge.article_bodies import Body
from tests.conftest import PASSWORD, new_database
from tests.fakes import HandClock
from tests.knowledge.small_engine import small_engine

HOME = "/console/articles"
ANSWER = (
    "Le certificat est dans votre espace inscrit, en 2025, à la rubrique des documents. Ouvrez la page, puis choisissez "
    "le document à télécharger. Il est signé et daté. Si vous ne le trouvez pas, écrivez ici votre question : une "
    "personne vous répond par écrit et vous aide à le trouver."
)


def body(question: str = "Comment prouver mon inscription ?", word: str = "justifier", **more: Any) -> Body:
    """An article without fault. `word` is in all its phrasings."""
    registers = ("poli", "bref", "sms", "parent_inquiet")
    given = {
        "question": question,
        "service_type": "certificats_bulletins",
        "public": ["eleve", "parent"],
        "certitude": "publie",
        "facts": ["CON-01"],
        "sources": [{"title": "Rapport d'activité", "year": 2025}],
        "review_by": "2027-05-15",
        "phrasings": [[r, [f"{word} {r} inscription {n}" for n in ("un", "deux")]] for r in registers],
        "tests": [],
        "season": None,
        "off_season": "",
        "answer": ANSWER,
    }
    return given | more


def fields(body: Body, version: int = 0, **more: str) -> dict[str, str | list[str]]:
    """The same as the form sends it."""
    sent: dict[str, str | list[str]] = {
        "version": str(version),
        "question": body["question"],
        "reponse": body["answer"],
        "service": body["service_type"],
        "certitude": body["certitude"],
        "public": body["public"],
        "faits": ", ".join(body["facts"]),
        "relecture": body["review_by"],
        "controle": "\n".join(body["tests"]),
        "hors_saison": body["off_season"],
    }
    sent |= {f"formulations_{r}": "\r\n".join(texts) for r, texts in body["phrasings"]}
    for n, source in enumerate(body["sources"]):
        sent |= {f"source_titre_{n}": source["title"], f"source_annee_{n}": str(source["year"])}
    return sent | more


@dataclass(frozen=True, slots=True)
class Editor:
    """Somebody signed in, in front of a browser."""

    http: httpx.AsyncClient
    token: str

    async def get(self, path: str = "") -> httpx.Response:
        """A page of the room."""
        return await self.http.get(HOME + path, headers={"Accept": "text/html"})

    async def post(self, path: str, data: dict[str, Any] | None = None) -> httpx.Response:
        """A form of the room."""
        given = {"jeton": self.token, **(data or {})}
        return await self.http.post(HOME + path, data=given, headers={"Accept": "text/html"})


@pytest.fixture
def room_clock() -> HandClock:
    """The hour of the room."""
    return HandClock()


@pytest.fixture
def room_settings(server_url: str) -> Iterator[Settings]:
    """A database of the test's own."""
    from api.db.migrate import migrate

    with new_database(server_url) as url:
        migrate(url)
        yield Settings(database_url=url, rasa_url="http://127.0.0.1:9", live_sweep_s=0, rate_address=0)


@pytest_asyncio.fixture
async def room_app(room_settings: Settings, room_clock: HandClock) -> AsyncIterator[FastAPI]:
    """The application on a small real engine."""
    from api.app import create_app

    app = create_app(room_settings, load=small_engine, clock=room_clock)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
def feed(room_app: FastAPI) -> ArticleFeed:
    """What the application answers with."""
    found: ArticleFeed = room_app.state.article_feed
    return found


@pytest_asyncio.fixture
async def person(room_app: FastAPI) -> AsyncIterator[Callable[..., Any]]:
    """Makes people of a role, in front of a browser."""
    opened: list[httpx.AsyncClient] = []

    async def make(login: str, role: Any = "editeur") -> Editor:
        async with room_app.state.sessions.begin() as session:
            await operators.create_operator(
                session=session, login=login, name=login.title(), role=role, password=PASSWORD
            )
            signed = await operators.sign_in(session=session, login=login, password=PASSWORD, lasts=timedelta(hours=1))
        assert isinstance(signed, operators.SignedIn)
        transport = httpx.ASGITransport(app=room_app, raise_app_exceptions=False)
        http = httpx.AsyncClient(transport=transport, base_url="http://test", cookies={COOKIE: signed.token})
        opened.append(http)
        page = await http.get(HOME, headers={"Accept": "text/html"})
        found = re.search(r'name="jeton" value="(\w+)"', page.text)
        return Editor(http, found[1] if found else "")

    yield make
    for http in opened:
        await http.aclose()


@pytest_asyncio.fixture
async def anne(person: Callable[..., Any]) -> Editor:
    """An editor."""
    found: Editor = await person("anne")
    return found


@pytest_asyncio.fixture
async def bruno(person: Callable[..., Any]) -> Editor:
    """Another one."""
    found: Editor = await person("bruno")
    return found
