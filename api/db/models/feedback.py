"""What learners say of the answers they got."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from api.db.models.base import Base


class MessageFeedback(Base):
    """One opinion an answer, the latest one. `reason` is an id of the content, `comment` a masked text."""

    __tablename__ = "message_feedback"
    __table_args__ = (Index("message_feedback_by_conversation", "conversation_id"),)

    message_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    article: Mapped[str | None]
    useful: Mapped[bool]
    reason: Mapped[str | None]
    comment: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())
