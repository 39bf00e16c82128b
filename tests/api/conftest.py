"""An application whose database is nowhere."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from api.app import create_app
from api.settings import Settings
from tests.conftest import use_fake_triage
from tests.fakes import FakeEngine


@pytest_asyncio.fixture
async def client_without_database(
    engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application while PostgreSQL does not answer."""
    settings = Settings(database_url="postgresql://postgres@127.0.0.1:9/nulle_part", rasa_url="http://127.0.0.1:9")
    app = create_app(settings, load=lambda: engine)  # type: ignore[arg-type, return-value]
    use_fake_triage(monkeypatch)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield client
