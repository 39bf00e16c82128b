"""E-mails to send and sent. The job queue (tables `procrastinate_*`) says when; these rows say what, and what became of it."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from api.db.models.base import Base


class Mail(Base):
    """One e-mail about a ticket. `key` makes it exist once. The address is the ticket's, read when it is sent."""

    __tablename__ = "mails"
    __table_args__ = (Index("mails_by_ticket", "ticket_id"), Index("mails_by_state", "state", "created_at"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    key: Mapped[str] = mapped_column(unique=True)
    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    kind: Mapped[str]  # confirmation | reply | reminder | resolved
    message_id: Mapped[int | None] = mapped_column(BigInteger)  # the ticket message it carries
    event_id: Mapped[int | None] = mapped_column(BigInteger)  # a reminder: the event that began the wait
    state: Mapped[str] = mapped_column(default="queued")  # queued | sent | dropped | refused | failed
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None]  # why it did not leave: a code, never what the server wrote
    due_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]


class MailStop(Base):
    """The person asked for no more e-mails about this ticket."""

    __tablename__ = "mail_stops"

    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
