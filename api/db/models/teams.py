"""Who is in which team, who is away, and what each is told."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from api.db.models.base import Base


class TeamMember(Base):
    """A member of staff in a team. `unit` None: all of its units. `capacity`: open tickets at once, 0: takes none."""

    __tablename__ = "team_members"
    __table_args__ = (Index("team_members_by_team", "team"),)

    operator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("operators.id", ondelete="CASCADE"), primary_key=True)
    team: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str | None]
    lead: Mapped[bool] = mapped_column(default=False)
    capacity: Mapped[int] = mapped_column(default=20)
    disciplines: Mapped[list[Any]] = mapped_column(default=list)  # in lower case; empty: any
    skills: Mapped[list[Any]] = mapped_column(default=list)  # service types; empty: any
    given_at: Mapped[datetime | None]  # when a ticket was last given to them: equals take turns


class Absence(Base):
    """Days, both included, when somebody of the staff is away."""

    __tablename__ = "staff_absences"
    __table_args__ = (Index("staff_absences_of", "operator_id", "last_day"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    operator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("operators.id", ondelete="CASCADE"))
    first_day: Mapped[date]
    last_day: Mapped[date]


class Referent(Base):
    """The person of a team who knows a learner. `learner`: an identifier in the form that compares; `discipline` may be ""."""

    __tablename__ = "referents"
    __table_args__ = (Index("referents_of_operator", "operator_id"),)

    learner: Mapped[str] = mapped_column(primary_key=True)
    team: Mapped[str] = mapped_column(primary_key=True)
    discipline: Mapped[str] = mapped_column(primary_key=True)
    operator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("operators.id", ondelete="CASCADE"))


class StaffNotice(Base):
    """Something that one person of the staff must know of a ticket. `key` makes it told once."""

    __tablename__ = "staff_notices"
    __table_args__ = (
        Index("staff_notices_once", "operator_id", "key", unique=True),
        Index("staff_notices_unseen", "operator_id", postgresql_where=text("seen_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    operator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("operators.id", ondelete="CASCADE"))
    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    key: Mapped[str]
    kind: Mapped[str]  # reminder | escalation | absence
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {"clock","percent"}
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    seen_at: Mapped[datetime | None]
