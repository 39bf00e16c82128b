"""The writing room of this process: its rules, and the feed that keeps what it answers with up to date."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

from fastapi import APIRouter, FastAPI

from api.articles import edit_pages, pages, review_pages
from api.articles.live import ArticleFeed
from api.lookup.current import lookups_of
from api.pages import PARIS
from api.settings import Settings
from knowledge.content_file import CONTENT
from knowledge.lookup import Lookup
from knowledge.triage import Engine
from knowledge.writing_rules import load_writing_rules
from nlu.artifacts import MODELS, ArtifactMismatch, read_manifest


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    state = app.state

    def use(engine: Engine, lookup: Lookup) -> None:
        lookups_of(state).adopt(engine, lookup)
        state.engine = engine

    def today() -> date:
        return state.live.now.astimezone(PARIS).date()  # type: ignore[no-any-return]

    state.writing_rules = load_writing_rules(state.settings.content or CONTENT)
    state.article_feed = ArticleFeed(
        sessions=state.sessions,
        database_url=state.settings.database_url,
        engine=state.engine,
        models=_models(state.settings),
        use=use,
        today=today,
    )
    await state.article_feed.start()
    yield
    await state.article_feed.close()


def _models(settings: Settings) -> str:
    """What names the trained models; what is learnt beside them fits no others."""
    try:
        return read_manifest((settings.models or MODELS) / "knowledge").digest
    except ArtifactMismatch:
        return ""


router = APIRouter(lifespan=_lifespan)
for part in (edit_pages, review_pages, pages):  # the page of one article last: its address would take the others'
    router.include_router(part.router)
