"""What tests share: one real PostgreSQL for the session, the application on a fake engine, a client, staff accounts."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psycopg
import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tests.fakes import FakeEngine, HandClock, fake_triage

if TYPE_CHECKING:
    from fastapi import FastAPI

    from api.settings import Settings

TABLES = (
    "conversations", "messages", "tickets", "operators", "operator_sessions", "login_attempts",
    "ticket_messages", "ticket_events", "followup_links", "followup_ratings", "mails", "mail_stops", "procrastinate_jobs",
    "measured_delays", "rate_buckets",
    "gaps", "lookup_counts",
    "team_members", "staff_absences", "staff_notices", "ticket_presences", "referents",
)  # fmt: skip
PASSWORD = "un mot de passe de test"
Counts = Callable[[], Awaitable[dict[str, int]]]


@dataclass(frozen=True, slots=True)
class Account:
    """A staff account of a test, with an open session."""

    login: str
    password: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What a program sends."""
        return {"Authorization": f"Bearer {self.token}"}


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A PostgreSQL server: that of DATABASE_URL, else one of the test session's own."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    from api.db.embedded import embedded_postgres

    folder = Path(tempfile.mkdtemp(prefix="aiguillage-"))
    with embedded_postgres(folder / "postgres") as url:
        yield url
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def new_database(server_url: str) -> Iterator[str]:
    """An empty database of the server, dropped afterwards."""
    from sqlalchemy import make_url

    name = f"test_{uuid.uuid4().hex[:12]}"
    admin = make_url(server_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def empty_database_url(server_url: str) -> Iterator[str]:
    """A database without any table."""
    with new_database(server_url) as url:
        yield url


@pytest.fixture(scope="session")
def database_url(server_url: str) -> Iterator[str]:
    """The database of the test session, with its tables."""
    from api.db.migrate import migrate

    with new_database(server_url) as url:
        migrate(url)
        yield url


@pytest.fixture(scope="session")
def settings(database_url: str) -> Settings:
    """Settings of the test application: Rasa is nowhere."""
    from api.settings import Settings

    return Settings(
        database_url=database_url,
        rasa_url="http://127.0.0.1:9",
        rasa_token="jeton-de-test",
        service_url="http://test",
        delay_every_s=0,
        live_sweep_s=0,  # tests of the sweep run it themselves
        rate_conversation=0,
        rate_address=0,
        rate_openings=0,
        rate_sign_ins=0,
    )


@pytest.fixture(scope="session")
def engine() -> FakeEngine:
    """The engine that decides on words."""
    return FakeEngine()


@pytest.fixture(scope="session")
def session_clock() -> HandClock:
    """The clock of the test application."""
    return HandClock()


@pytest.fixture
def clock(session_clock: HandClock) -> Iterator[HandClock]:
    """The clock of the application, which a test may set; the real hour again afterwards."""
    yield session_clock
    session_clock.at(None)


@pytest_asyncio.fixture(scope="session")
async def running_app(settings: Settings, engine: FakeEngine, session_clock: HandClock) -> AsyncIterator[FastAPI]:
    """The application, started."""
    from api.app import create_app

    app = create_app(settings, clock=session_clock, load=lambda: engine)  # type: ignore[arg-type, return-value]
    async with app.router.lifespan_context(app):
        yield app


@pytest_asyncio.fixture
async def app(running_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FastAPI]:
    """The started application on the fake engine; its tables are emptied after the test."""
    use_fake_triage(monkeypatch)
    yield running_app
    async with running_app.state.sessions() as session:
        await session.execute(text(f"TRUNCATE {', '.join(TABLES)} CASCADE"))
        await session.commit()


@pytest_asyncio.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application, without a network. Failures of the application are its 500 responses."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest_asyncio.fixture
async def session(app: FastAPI) -> AsyncIterator[AsyncSession]:
    """A database session of the test's own."""
    async with app.state.sessions() as session:
        yield session


@pytest.fixture
def counts(app: FastAPI) -> Counts:
    """How many rows each table has: to show that a refusal wrote nothing."""

    async def count() -> dict[str, int]:
        async with app.state.sessions() as session:
            return {t: await session.scalar(text(f"SELECT count(*) FROM {t}")) for t in TABLES}

    return count


@pytest.fixture
def account(app: FastAPI) -> Callable[..., Awaitable[Account]]:
    """Makes staff accounts with an open session."""
    from datetime import timedelta

    from api.operators import service

    async def make(role: Any = "conseiller", login: str = "lea.martin") -> Account:
        async with app.state.sessions() as session:
            await service.create_operator(session=session, login=login, name="Léa Martin", role=role, password=PASSWORD)
            signed = await service.sign_in(session=session, login=login, password=PASSWORD, lasts=timedelta(hours=1))
            await session.commit()
        assert isinstance(signed, service.SignedIn)
        return Account(login, PASSWORD, signed.token)

    return make


def use_fake_triage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the fake decision wherever the interface holds the real one."""
    from knowledge.triage import triage

    for name, module in list(sys.modules.items()):
        if name.startswith("api.") and getattr(module, "triage", None) is triage:
            monkeypatch.setattr(module, "triage", fake_triage)
