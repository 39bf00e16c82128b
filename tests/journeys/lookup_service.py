"""The service for journeys of the look-up and of the public FAQ: real articles, real PostgreSQL, words in place of models."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import timedelta

import pytest
import uvicorn

from knowledge.articles import Article, load_articles
from knowledge.decisions import Scored
from knowledge.lookup import Lookup
from knowledge.relearning import Head
from knowledge.service_types import load_catalogue
from tests.conftest import PASSWORD, use_fake_triage
from tests.journeys.conftest import answers, await_until, free_port
from tests.journeys.engine import JourneyEngine


class WordsEngine(JourneyEngine):
    """Every real article; what a text means is what its words say."""

    def __init__(self) -> None:
        super().__init__()
        self.articles = load_articles()
        self._words = Lookup.of(self.articles, load_catalogue(), _Nothing())

    def with_articles(self, articles: Mapping[str, Article], heads: Mapping[str, Head] | None = None) -> WordsEngine:
        """The words of other articles."""
        other = copy(self)
        other.articles = dict(articles)
        other._words = Lookup.of(other.articles, load_catalogue(), _Nothing())
        return other

    def search(self, query: str, limit: int) -> list[Scored]:
        """The articles that share words with the query."""
        return list(self._words.search(query, settled=True, limit=limit).found)


class _Nothing:
    def search(self, query: str, limit: int) -> list[Scored]:
        return []


@dataclass(frozen=True, slots=True)
class Running:
    """Where the service answers, and the session of an agent."""

    url: str
    token: str
    database_url: str


@contextmanager
def running_service(database_url: str) -> Iterator[Running]:
    """The service in a thread, with an agent's account."""
    from api.app import create_app
    from api.settings import Settings

    port = free_port()
    settings = Settings(database_url=database_url, rasa_url="http://127.0.0.1:9", rasa_token="x")
    engine = WordsEngine()
    with pytest.MonkeyPatch.context() as patch:
        app = create_app(settings, load=lambda: engine)  # type: ignore[arg-type, return-value]
        use_fake_triage(patch)
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        await_until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "the service answers", within_s=60)
        with ThreadPoolExecutor(1) as pool:  # Playwright has a loop running in this thread
            token = pool.submit(asyncio.run, _account(database_url)).result()
        yield Running(f"http://127.0.0.1:{port}", token, database_url)
        server.should_exit = True
        thread.join(timeout=20)


async def _account(database_url: str) -> str:
    from api.db.session import create_engine, create_sessions
    from api.operators import service

    database = create_engine(database_url, pool_size=1)
    try:
        async with create_sessions(database)() as session:
            await service.create_operator(
                session=session, login="agent", name="Agent du CRC", role="conseiller", password=PASSWORD
            )
            signed = await service.sign_in(session=session, login="agent", password=PASSWORD, lasts=timedelta(hours=2))
            await session.commit()
    finally:
        await database.dispose()
    assert isinstance(signed, service.SignedIn)
    return signed.token
