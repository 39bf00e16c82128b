"""Exchanges and events of tickets, secret links, ratings, e-mails; the tables of the job queue."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything; tickets that exist get the event that opened them."""
    _exchanges()
    _followup()
    _mail()
    op.create_index("tickets_by_email", "tickets", ["contact_email", "created_at"])
    op.execute("UPDATE tickets SET status = 'assigne' WHERE status = 'en_cours'")
    op.execute(
        "INSERT INTO ticket_events (ticket_id, actor, kind, data, at)"
        " SELECT id, 'learner', 'opened', '{}'::jsonb, created_at FROM tickets ORDER BY created_at"
    )
    # Several statements with dollar quotes: sent as they are. The schema is that of procrastinate 3.10 (pinned); a later
    # version comes with a migration of its own, made of the files in procrastinate/sql/migrations.
    connection = op.get_bind().connection.driver_connection
    assert connection is not None
    connection.execute(SchemaManager.get_schema())


def downgrade() -> None:
    """Drop everything; the queue with its jobs."""
    op.execute(
        "DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers CASCADE"
    )
    op.execute(
        "DO $$ DECLARE f regprocedure; BEGIN FOR f IN SELECT oid::regprocedure FROM pg_proc"
        " WHERE proname LIKE 'procrastinate\\_%' AND pronamespace = current_schema()::regnamespace"
        " LOOP EXECUTE 'DROP FUNCTION ' || f || ' CASCADE'; END LOOP; END $$"
    )
    op.execute("DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_event_type, procrastinate_job_status")
    for table in ("mail_stops", "mails", "followup_ratings", "followup_links", "ticket_events", "ticket_messages"):
        op.drop_table(table)
    op.drop_index("tickets_by_email", "tickets")
    op.execute("UPDATE tickets SET status = 'en_cours' WHERE status IN ('assigne', 'rouvert')")


def _moment(name: str, *, default: Any = None, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def _ticket(**options: Any) -> sa.Column[Any]:
    options.setdefault("nullable", False)
    return sa.Column("ticket_id", sa.Uuid, sa.ForeignKey("tickets.id", ondelete="CASCADE"), **options)


def _operator() -> sa.Column[Any]:
    return sa.Column("operator_id", sa.Uuid, sa.ForeignKey("operators.id", ondelete="SET NULL"))


def _exchanges() -> None:
    op.create_table(
        "ticket_messages",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        _ticket(),
        sa.Column("author", sa.Text, nullable=False),
        _operator(),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("client_id", sa.Uuid),
        _moment("at", default=sa.func.clock_timestamp()),
        sa.UniqueConstraint("ticket_id", "client_id", name="ticket_messages_once"),
    )
    op.create_index("ticket_messages_by_ticket", "ticket_messages", ["ticket_id", "id"])
    op.create_table(
        "ticket_events",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        _ticket(),
        sa.Column("actor", sa.Text, nullable=False),
        _operator(),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("data", JSONB, nullable=False),
        sa.Column("why", sa.Text),
        _moment("at", default=sa.func.clock_timestamp()),
    )
    op.create_index("ticket_events_by_ticket", "ticket_events", ["ticket_id", "id"])


def _followup() -> None:
    op.create_table(
        "followup_links",
        sa.Column("token_hash", sa.LargeBinary, primary_key=True),
        _ticket(),
        _moment("created_at", default=sa.func.now()),
        _moment("expires_at"),
    )
    op.create_index("followup_links_by_ticket", "followup_links", ["ticket_id"])
    op.create_table(
        "followup_ratings",
        _ticket(primary_key=True),
        sa.Column("rating", sa.Integer, nullable=False),
        sa.Column("word", sa.Text),
        _moment("at", default=sa.func.now()),
    )


def _mail() -> None:
    op.create_table(
        "mails",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        _ticket(),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("event_id", sa.BigInteger),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text),
        _moment("due_at"),
        _moment("created_at", default=sa.func.now()),
        _moment("sent_at", nullable=True),
    )
    op.create_index("mails_by_ticket", "mails", ["ticket_id"])
    op.create_index("mails_by_state", "mails", ["state", "created_at"])
    op.create_table("mail_stops", _ticket(primary_key=True), _moment("at", default=sa.func.now()))
