"""What this process answers with, kept up to date: every publication is told by PostgreSQL and taken over in one step.

An engine is a value: the next one is built beside it, in a thread, and put in its place by one assignment. Whoever is
being answered keeps the engine they began with. When the next one can't be built, the one that is there goes on.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import anyio.to_thread
import psycopg
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from api.articles import repository, seeding
from api.db.session import Sessions
from knowledge.article_bodies import article_of, body_of
from knowledge.articles import Article
from knowledge.lookup import Lookup, lookup_of
from knowledge.relearning import NO_HEADS, Head
from knowledge.triage import Engine

logger = logging.getLogger(__name__)
RETRY_S = 1.0
HEARTBEAT_S = 20.0  # how often it says where it is, and looks whether the day changed
Use = Callable[[Engine, Lookup], None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An engine that could answer: with the articles it was built from, whole (`engine.articles` are those of the day)."""

    engine: Engine
    lookup: Lookup
    articles: Mapping[str, Article]
    day: date


class ArticleFeed:
    """The listener of this process. `models` names what the engine was trained as: what is learnt later fits no other."""

    def __init__(
        self, *, sessions: Sessions, database_url: str, engine: Engine, models: str, use: Use, today: Callable[[], date]
    ) -> None:
        self.engine, self.models = engine, models
        self.articles: Mapping[str, Article] = dict(engine.articles)
        self.publication = 0
        self.failure: str | None = None
        self.process = uuid.uuid4()
        self._trained = dict(engine.articles)
        self._sessions, self._use, self.today = sessions, use, today
        self._url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._day: date | None = None
        self._refreshing = asyncio.Lock()
        self._offered: tuple[int, Candidate] | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Take over what was published, then listen. A database that is away is waited for beside the service."""
        try:
            await self._seed()
            await self.refresh()
        except (SQLAlchemyError, psycopg.Error, OSError) as error:
            logger.warning("articles as in the files: the database does not answer (%s)", type(error).__name__)
        self._task = asyncio.create_task(self._listen(), name="article news")

    async def close(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        with suppress(SQLAlchemyError, psycopg.Error, OSError):
            async with self._sessions.begin() as session:
                await repository.forget_process(session, self.process)

    def must_learn(self, article: Article) -> bool:
        """Its texts are not those that the models were trained on."""
        trained = self._trained.get(article.id)
        return trained is None or trained.learnt != article.learnt

    async def is_at(self, publication: int) -> bool:
        """Whether this process answers with that publication, after a look at what is new."""
        await self.refresh()
        return self.publication == publication and self.failure is None

    async def candidate(self, articles: Mapping[str, Article], heads: Mapping[str, Head] = NO_HEADS) -> Candidate:
        """The engine of these articles, built beside the one that answers."""
        return await anyio.to_thread.run_sync(_built, self.engine, dict(articles), heads, self.today())

    def offer(self, publication: int, candidate: Candidate) -> None:
        """What that publication is once committed: not built again."""
        self._offered = (publication, candidate)

    async def refresh(self) -> None:
        """Answer with the last publication; with the one before when it can't be built, which is said.

        Raises:
            SQLAlchemyError: the database does not answer.
        """
        async with self._refreshing:
            async with self._sessions() as session:
                last = await repository.last_publication(session)
                if last == self.publication and self._day == self.today() and self.failure is None:
                    return
                rows = await repository.live(session)
                heads = await self._heads(rows, session) if not self._is_offered(last) else {}
            try:
                articles = {id_: article_of(id_, body) for id_, _, body in rows}
                if self._answers_so(articles):  # as at most starts: the files and the database say the same
                    self._note(last, articles, self.today())
                else:
                    self._switch(last, await self._next(last, articles, heads))
            except Exception as error:  # whatever is wrong with the new articles, the old ones go on answering
                self.failure = type(error).__name__
                logger.exception("publication %s can't be taken over; %s goes on", last, self.publication)
            async with self._sessions.begin() as session:
                await repository.say_where(session, self.process, self.publication, self.failure)

    def _answers_so(self, articles: Mapping[str, Article]) -> bool:
        """Whether the engine answers with these articles of today already, to the letter."""
        today = self.today()
        return {id_: body_of(a.on(today)) for id_, a in articles.items()} == {
            id_: body_of(a) for id_, a in self.engine.articles.items()
        }

    async def _next(self, last: int, articles: Mapping[str, Article], heads: Mapping[str, Head]) -> Candidate:
        if self._offered is not None and self._is_offered(last) and self._offered[1].day == self.today():
            return self._offered[1]
        return await self.candidate(articles, heads)

    def _is_offered(self, last: int) -> bool:
        return self._offered is not None and self._offered[0] == last and self.publication < last

    def _switch(self, publication: int, candidate: Candidate) -> None:
        self.engine = candidate.engine
        self._note(publication, candidate.articles, candidate.day)
        self._use(candidate.engine, candidate.lookup)

    def _note(self, publication: int, articles: Mapping[str, Article], day: date) -> None:
        self.publication, self.articles, self._day = publication, articles, day
        self.failure, self._offered = None, None

    async def _heads(self, rows: list[repository.Live], session: AsyncSession) -> dict[str, Head]:
        """What others learnt of the articles that changed."""
        numbers = {id_: number for id_, number, _ in rows}
        changed = [id_ for id_, _, body in rows if _changed(self.articles.get(id_), id_, body)]
        found = await repository.heads(session, changed, self.models)
        return {id_: Head.from_bytes(data) for (id_, number), data in found.items() if numbers[id_] == number}

    async def _seed(self) -> None:
        async with self._sessions.begin() as session:
            await seeding.seed(session=session, articles=list(self._trained.values()))

    async def _listen(self) -> None:
        while True:
            try:
                await self._listen_once()
            except (SQLAlchemyError, psycopg.Error, OSError) as error:
                logger.warning("no news of articles: %s", type(error).__name__)
            await asyncio.sleep(RETRY_S)

    async def _listen_once(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, application_name="aiguillage articles", connect_timeout=3, keepalives_idle=30
        )
        async with connection:
            await connection.execute(f"LISTEN {repository.CHANNEL}")
            await self._seed()
            while True:
                await self.refresh()  # also what happened in between
                async for _ in connection.notifies(timeout=HEARTBEAT_S, stop_after=1):
                    pass
                async with self._sessions.begin() as session:
                    await repository.say_where(session, self.process, self.publication, self.failure)


def _built(engine: Engine, articles: dict[str, Article], heads: Mapping[str, Head], day: date) -> Candidate:
    built = engine.with_articles({id_: a.on(day) for id_, a in articles.items()}, heads)
    return Candidate(built, lookup_of(built), articles, day)


def _changed(known: Article | None, id_: str, body: dict[str, object]) -> bool:
    try:
        return known is None or known.learnt != article_of(id_, body).learnt
    except ValueError:
        return False
