"""Requests handed to a team."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from api.db.models.base import Base


class Ticket(Base):
    """A pre-qualified request. `draft_key` makes it open once: the same draft or mail gives the same ticket."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index("tickets_waiting", "status", "priority", "created_at"),
        Index("tickets_by_conversation", "conversation_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    reference: Mapped[str] = mapped_column(unique=True)
    draft_key: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]  # chat | mail | web_form | phone
    service_type: Mapped[str]
    team: Mapped[str]
    unit: Mapped[str | None]
    priority: Mapped[int]  # 0 safety, 1 urgent, 2 normal
    status: Mapped[str] = mapped_column(default="nouveau")
    subject: Mapped[str]
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)  # field id -> {"value", "origin"}
    transcript: Mapped[list[Any]] = mapped_column(default=list)  # [{"author","text","at"}], masked
    triage: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what the decision rested on
    contact_email: Mapped[str | None]
    contact_phone: Mapped[str | None]
    conversation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("conversations.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())
