"""Conversations and their messages."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from api.db.models.base import Base


class Conversation(Base):
    """A learner's exchange. `state` is the memory of the dialogue: draft request, offers, what is known."""

    __tablename__ = "conversations"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    channel: Mapped[str]
    state: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class Message(Base):
    """One message, in order. `text` is always masked; `payload` is what it carries besides text."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("messages_by_conversation", "conversation_id", "id"),
        UniqueConstraint("conversation_id", "client_message_id", name="messages_once"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    author: Mapped[str]  # learner | assistant | operator
    kind: Mapped[str]  # "message" for people, else the kinds of the HTTP interface
    text: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    in_reply_to: Mapped[int | None] = mapped_column(BigInteger)
    client_message_id: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
