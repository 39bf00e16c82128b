"""Looking an answer up: for the agents on the phone and for other sites."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, Field

from api.dependencies import EngineDep
from api.errors import NotFound
from api.faq.views import ArticleView, article_view
from api.text_fields import not_empty, storable
from api.triage.service import SHORT_TEXT
from knowledge.articles import Article
from knowledge.service_types import Catalogue

router = APIRouter(prefix="/v1/faq", tags=["faq"])

SearchedText = Annotated[str, Query(max_length=10_000), AfterValidator(storable), AfterValidator(not_empty)]


class FoundArticle(ArticleView):
    """An article with what an agent needs beside it."""

    service_type: str
    team: str
    delay: int | None = Field(
        description="délai constaté, en heures ; nul s'il n'est pas publié ; jamais un engagement"
    )


class ScoredArticle(FoundArticle):
    """A result of a search."""

    score: float = Field(description="pertinence, de 0 à 1")


class SearchResults(BaseModel):
    """The nearest articles, best first."""

    results: list[ScoredArticle]


class UnknownArticle(NotFound):
    """No article has this id."""

    detail = "Aucun article ne porte cet identifiant."


@router.get("/search")
async def search(engine: EngineDep, q: SearchedText, limit: Annotated[int, Query(ge=1, le=20)] = 5) -> SearchResults:
    """The articles nearest to a question, best first."""
    if len(q) <= SHORT_TEXT:
        found = engine.search(q, limit)
    else:
        found = await anyio.to_thread.run_sync(partial(engine.search, q, limit))
    return SearchResults(
        results=[
            ScoredArticle(**_found(engine.articles[scored.id], engine.catalogue).model_dump(), score=scored.score)
            for scored in found
        ]
    )


@router.get("/{article_id}")
async def read(engine: EngineDep, article_id: str) -> FoundArticle:
    """One article."""
    article = engine.articles.get(article_id)
    if article is None:
        raise UnknownArticle
    return _found(article, engine.catalogue)


def _found(article: Article, catalogue: Catalogue) -> FoundArticle:
    service_type = catalogue.types[article.service_type]
    return FoundArticle(
        **article_view(article).model_dump(),
        service_type=service_type.id,
        team=service_type.team,
        delay=service_type.delay_hours,
    )
