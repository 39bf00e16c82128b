"""Rate limits that hold across processes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from api.db.models.base import Base


class RateBucket(Base):
    """One bucket: `full_at` is when all its tokens will be back. PostgreSQL does not log it: a crash forgets it."""

    __tablename__ = "rate_buckets"
    __table_args__ = (Index("rate_buckets_old", "full_at"), {"prefixes": ["UNLOGGED"]})

    key: Mapped[str] = mapped_column(primary_key=True)  # a hash: no address is kept
    full_at: Mapped[datetime]
