"""The application: every feature's routes, what surrounds them, and what is loaded when it starts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import anyio.to_thread
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.staticfiles import StaticFiles

from api import docs_page, error_handlers
from api.articles import routes as articles
from api.console import pages as console
from api.conversations import routes as conversations
from api.db.session import create_engine, create_sessions, create_statements
from api.dialogue import routes as dialogue
from api.faq import pages as faq_pages
from api.faq import routes as faq
from api.followup import pages as followup
from api.followup import routes as followup_links
from api.health import routes as health
from api.health.metrics import CountRequests
from api.live import routes as live
from api.live.desk import Clock, live_desk, real_clock
from api.lookup import pages as lookup
from api.middleware import BodyLimit, SecurityHeaders
from api.operators import routes as operators
from api.problem_document import ProblemDocument
from api.rate_limits import Limits, RateLimits
from api.requests import routes as requests
from api.settings import Settings
from api.tickets import routes as tickets
from api.triage import routes as triage
from api.widget import pages as widget
from knowledge.content_file import CONTENT
from knowledge.follow_up import load_follow_up_texts
from knowledge.opening_hours import load_hours
from knowledge.page_words import load_page_words
from knowledge.replies import load_replies
from knowledge.triage import Engine, load_engine

FEATURES = (
    conversations, dialogue, triage, faq, faq_pages, requests, tickets, operators, console, followup_links, followup,
    lookup, widget, live, articles, health, docs_page,
)  # fmt: skip
CONSOLE_STATIC = Path(__file__).parent / "console" / "static"
FOLLOWUP_STATIC = Path(__file__).parent / "followup" / "static"
NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
DESCRIPTION = "Assistant de premier niveau et pré-qualification des demandes. Les refus suivent la RFC 9457."


def create_app(settings: Settings, *, load: Callable[[], Engine] | None = None, clock: Clock = real_clock) -> FastAPI:
    """The application. Models and the database pool come with its lifespan; `load` gives other models (tests).

    `clock` tells the hour of the live hand-over: who is there, and whether the institution is open.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = create_engine(settings.database_url, pool_size=settings.database_pool_size)
        app.state.sessions = create_sessions(database)
        app.state.statements = create_statements(settings.database_url, pool_size=settings.database_pool_size)
        app.state.replies = load_replies((settings.content or CONTENT) / "reponses.yml")
        app.state.live = live_desk(settings, load_hours((settings.content or CONTENT) / "horaires.yml"), clock)
        app.state.follow_up = load_follow_up_texts(settings.content or CONTENT)
        app.state.page_words = load_page_words(settings.content or CONTENT)
        app.state.engine = await anyio.to_thread.run_sync(
            load or partial(load_engine, models=settings.models, content=settings.content)
        )
        try:
            yield
        finally:
            await app.state.statements.close()
            await database.dispose()

    app = FastAPI(
        title="Aiguillage",
        description=DESCRIPTION,
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        telemetry=NO_TELEMETRY,
        responses={"4XX": {"model": ProblemDocument, "description": "Demande refusée (RFC 9457)"}},
    )
    app.state.settings = settings
    error_handlers.install(app)
    console.install(app)
    followup.install(app)
    for feature in FEATURES:
        app.include_router(feature.router)
    app.mount("/console/static", StaticFiles(directory=CONSOLE_STATIC), name="console-static")
    app.mount("/static/suivi", StaticFiles(directory=FOLLOWUP_STATIC), name="followup-static")
    app.state.limits = Limits.of(settings, lambda: app.state.statements)
    app.add_middleware(RateLimits, limits=app.state.limits, say=lambda wait: app.state.page_words.slow_down(wait))
    app.add_middleware(BodyLimit, limit=settings.max_body_bytes, rasa_limit=settings.max_rasa_body_bytes)
    app.add_middleware(SecurityHeaders, https=settings.secure_cookies, frames=settings.widget_origins)
    app.add_middleware(CountRequests)
    return app
