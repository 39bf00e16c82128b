"""Requests handed to a team."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from api.db.models.base import Base

_OPEN = "status IN ('nouveau', 'rouvert', 'assigne', 'en_attente')"
_ORDER = ("press_at", "created_at", "id")


class Ticket(Base):
    """A pre-qualified request. `draft_key` makes it open once: the same draft or mail gives the same ticket.

    What follows from the events is kept for lists: `due_at` (the next thing due), `clock`, and `press_at`, the order of
    lists: safety, then what is due first, then the rest. See `api/tickets/due.py`, which alone writes them.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        Index("tickets_waiting", "status", "priority", "created_at"),
        Index("tickets_by_conversation", "conversation_id"),
        Index("tickets_by_email", "contact_email", "created_at"),
        Index("tickets_by_time", "created_at"),
        Index("tickets_pressing", *_ORDER, postgresql_where=text(_OPEN)),
        Index("tickets_pressing_team", "team", *_ORDER, postgresql_where=text(_OPEN)),
        Index("tickets_by_press", *_ORDER),
        Index("tickets_open_counts", "status", "team", "unit", "service_type", postgresql_where=text(_OPEN)),
        Index("tickets_to_remind", "remind_at", postgresql_where=text("remind_at IS NOT NULL")),
        Index("tickets_of_assignee", "assignee_id", postgresql_where=text(f"assignee_id IS NOT NULL AND {_OPEN}")),
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
    assignee_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("operators.id", ondelete="SET NULL"))
    routing: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))  # why it went there: see assigning.py
    needed_by: Mapped[datetime | None]  # the date that the person depends on: a deadline, an exam
    due_at: Mapped[datetime | None]
    due_kind: Mapped[str | None]  # answer | resolution | needed_by
    clock: Mapped[str] = mapped_column(server_default="none")  # none (not fixed) | running | paused | met | over
    left_s: Mapped[int | None]  # worked seconds left of a paused clock, below zero when it was late
    remind_at: Mapped[datetime | None]  # when the worker must look at it
    press_at: Mapped[datetime] = mapped_column(server_default=text("'9999-01-01 00:00:00+00'"))


class TicketMessage(Base):
    """One message of a ticket's exchange. `client_id` (given by the form) makes it sent once."""

    __tablename__ = "ticket_messages"
    __table_args__ = (
        Index("ticket_messages_by_ticket", "ticket_id", "id"),
        UniqueConstraint("ticket_id", "client_id", name="ticket_messages_once"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    author: Mapped[str]  # learner | operator | note (internal: the learner never sees it)
    operator_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("operators.id", ondelete="SET NULL"))
    text: Mapped[str]  # masked
    client_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class TicketEvent(Base):
    """What happened to a ticket: who, what, when, why. History and figures derive from it; the last id is its version."""

    __tablename__ = "ticket_events"
    __table_args__ = (Index("ticket_events_by_ticket", "ticket_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    actor: Mapped[str]  # learner | operator | system
    operator_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("operators.id", ondelete="SET NULL"))
    kind: Mapped[
        str
    ]  # opened | status | message | note | safety | rating | priority | assigned | reminder | escalation
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)  # status: {"from","to"}; message, note: {"message_id"}
    why: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class TicketPresence(Base):
    """Who of the staff has a ticket open, and writes."""

    __tablename__ = "ticket_presences"

    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    operator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("operators.id", ondelete="CASCADE"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    writing_at: Mapped[datetime | None]
