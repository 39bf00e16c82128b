"""What agents look up: counts without anybody's name, their own lists, and what no article answers."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from api.db.models.base import Base


class LookupCount(Base):
    """How many times an article was taken on a day: neither who looked nor what was typed."""

    __tablename__ = "lookup_counts"

    day: Mapped[date] = mapped_column(primary_key=True)
    article: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]


class LookupRecent(Base):
    """The articles that an agent took lately."""

    __tablename__ = "lookup_recents"

    operator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("operators.id", ondelete="CASCADE"), primary_key=True)
    article: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class LookupFavourite(Base):
    """The articles that an agent keeps at hand."""

    __tablename__ = "lookup_favourites"

    operator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("operators.id", ondelete="CASCADE"), primary_key=True)
    article: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Gap(Base):
    """A question that no article answers. `text` is masked.

    `source`: crc, or another door of the product. `person`: a key that tells two people apart and says nothing else;
    without one the row counts as a person of its own.
    """

    __tablename__ = "gaps"
    __table_args__ = (Index("gaps_by_time", "created_at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    source: Mapped[str]
    text: Mapped[str]
    public: Mapped[str | None]
    level: Mapped[str | None]
    unit: Mapped[str | None]
    person: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
