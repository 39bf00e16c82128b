"""The secret links of tickets, and what people thought of the answer."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column

from api.db.models.base import Base


class FollowUpLink(Base):
    """A secret address of a ticket. Only the hash of its token is kept, so each mail carries a link of its own."""

    __tablename__ = "followup_links"
    __table_args__ = (Index("followup_links_by_ticket", "ticket_id"),)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]


class Rating(Base):
    """What the person thought of the answer, once."""

    __tablename__ = "followup_ratings"

    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    rating: Mapped[int]  # 1 to 5
    word: Mapped[str | None]  # masked
    at: Mapped[datetime] = mapped_column(server_default=func.now())
