"""Live hand-over: conversations that a person answers, who is there to answer, and safety alarms."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from api.db.models.base import Base


class Handover(Base):
    """One wish to talk to a person, from the queue to its end. Statuses: see `api/live/states.py`.

    `places` is the position it had when it last entered the queue: with `queued_at` and `taken_at`, the measure of waits.
    """

    __tablename__ = "live_handovers"
    __table_args__ = (
        Index(
            "live_handovers_one_running",
            "conversation_id",
            unique=True,
            postgresql_where=text("status IN ('waiting', 'with_agent')"),
        ),
        Index("live_handovers_of_conversation", "conversation_id", "id"),
        Index("live_handovers_queue", "status", "priority", "queued_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    status: Mapped[str]
    team: Mapped[str]
    priority: Mapped[int]  # 0 comes back to the queue, 1 joins it
    operator_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("operators.id", ondelete="SET NULL"))
    agent_name: Mapped[str | None]  # the name that the learner reads
    triage: Mapped[dict[str, Any]] = mapped_column(default=dict)  # of the latest message that says a subject
    places: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    queued_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    learner_seen_at: Mapped[datetime]
    learner_typing_at: Mapped[datetime | None]
    agent_typing_at: Mapped[datetime | None]


class AgentPresence(Base):
    """Whether a staff member answers live. Present: `online`, and seen lately."""

    __tablename__ = "live_presences"

    operator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("operators.id", ondelete="CASCADE"), primary_key=True)
    status: Mapped[str]  # online | away
    name: Mapped[str]  # the name that learners read
    team: Mapped[str]
    seen_at: Mapped[datetime]


class SafetyAlarm(Base):
    """A message of danger, harassment or distress that somebody of the staff must see. `excerpt` is masked."""

    __tablename__ = "live_alarms"
    __table_args__ = (Index("live_alarms_open", "acknowledged_at", "raised_at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    conversation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    label: Mapped[str]  # danger | harcelement | detresse
    excerpt: Mapped[str]
    reference: Mapped[str]  # of the priority ticket
    raised_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("operators.id", ondelete="SET NULL"))
