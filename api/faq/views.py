"""Articles as the HTTP interface shows them."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from knowledge.articles import Article


class SourceView(BaseModel):
    """Where a statement comes from."""

    title: str
    year: int
    url: str | None = None


class ArticleView(BaseModel):
    """A dated, sourced answer."""

    id: str
    question: str
    answer: str
    sources: list[SourceView]
    certitude: str
    review_by: date


def article_view(article: Article) -> ArticleView:
    """What people see of an article."""
    return ArticleView(
        id=article.id,
        question=article.question,
        answer=article.answer,
        sources=[SourceView(title=s.title, year=s.year, url=s.url) for s in article.sources],
        certitude=article.certitude,
        review_by=article.review_by,
    )
