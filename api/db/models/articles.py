"""The FAQ as people edit it: articles, all their versions, and what was published when. People are kept by id and by name:
what was signed stays signed when an account changes.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from api.db.models.base import Base


class ArticleRecord(Base):
    """An article. `live`: the number of the version that answers, None before the first one and once archived."""

    __tablename__ = "articles"

    id: Mapped[str] = mapped_column(primary_key=True)
    live: Mapped[int | None]
    archived_at: Mapped[datetime | None]
    owner_id: Mapped[uuid.UUID | None]
    owner: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ArticleVersion(Base):
    """One version. Its body never changes; `state`: draft, in_review, published, replaced, withdrawn.

    A version that comes from the content files has no author.
    """

    __tablename__ = "article_versions"
    __table_args__ = (UniqueConstraint("article", "number", name="article_versions_once"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    article: Mapped[str] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[str]
    body: Mapped[dict[str, Any]]
    note: Mapped[str]
    author_id: Mapped[uuid.UUID | None]
    author: Mapped[str | None]
    reviewer_id: Mapped[uuid.UUID | None]
    reviewer: Mapped[str | None]
    review_note: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    decided_at: Mapped[datetime | None]


class ArticlePublication(Base):
    """A change of what the service answers; ids are in the order of the changes. `version` None: the article was archived.

    `misled`: the questions that go wrong with it; `signature`: why it was published all the same.
    """

    __tablename__ = "article_publications"
    __table_args__ = (Index("article_publications_by_article", "article", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    article: Mapped[str] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"))
    version: Mapped[int | None]
    by_id: Mapped[uuid.UUID | None]
    by: Mapped[str | None]
    misled: Mapped[list[Any]]
    signature: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class ArticleHead(Base):
    """What the classifier learnt of a version, for the models of this digest: the other processes need not learn it again."""

    __tablename__ = "article_heads"

    article: Mapped[str] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    models: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class ArticleProcess(Base):
    """A running process and the last publication it answers with. `failure`: why it could not take the next one."""

    __tablename__ = "article_processes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    publication: Mapped[int] = mapped_column(BigInteger)
    failure: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class EditorAddress(Base):
    """Where an editor wants to be reminded of articles to read again."""

    __tablename__ = "editor_addresses"

    operator_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    address: Mapped[str]


class ArticleReminder(Base):
    """A reminder that left: once an article, date of review and stage."""

    __tablename__ = "article_reminders"

    article: Mapped[str] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True)
    review_by: Mapped[date] = mapped_column(primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
