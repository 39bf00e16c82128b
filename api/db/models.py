"""Every table of the product. A feature reads and writes only its own tables, through its repository."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, Index, LargeBinary, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Types shared by all tables: text is text, instants carry their zone, mappings are JSONB."""

    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy reads it on the class)
        str: Text,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


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


class Operator(Base):
    """A staff account. Roles: conseiller, superviseur, administrateur."""

    __tablename__ = "operators"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class OperatorSession(Base):
    """A staff log-in, revocable. Only the hash of the cookie is kept."""

    __tablename__ = "operator_sessions"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    operator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("operators.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]


class LoginAttempt(Base):
    """A refused log-in, kept to slow guessing down."""

    __tablename__ = "login_attempts"
    __table_args__ = (Index("login_attempts_recent", "login", "at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    login: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


__all__ = ["Base", "Conversation", "LoginAttempt", "Message", "Operator", "OperatorSession", "Ticket"]
