"""Conversations, messages, tickets, staff accounts; and the schema of Rasa's tracker."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    op.execute("CREATE SCHEMA IF NOT EXISTS rasa")
    _conversations()
    _tickets()
    _operators()


def downgrade() -> None:
    """Drop everything of the service. The schema of Rasa's tracker holds conversations: it is left alone."""
    for table in ("login_attempts", "operator_sessions", "operators", "tickets", "messages", "conversations"):
        op.drop_table(table)


def _moment(name: str, *, now: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now() if now else None)


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("state", JSONB, nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("conversation_id", sa.Uuid, sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("payload", JSONB, nullable=False),
        sa.Column("in_reply_to", sa.BigInteger),
        sa.Column("client_message_id", sa.Text),
        _moment("created_at"),
        sa.UniqueConstraint("conversation_id", "client_message_id", name="messages_once"),
    )
    op.create_index("messages_by_conversation", "messages", ["conversation_id", "id"])


def _tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("reference", sa.Text, nullable=False, unique=True),
        sa.Column("draft_key", sa.Text, nullable=False, unique=True),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("service_type", sa.Text, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("unit", sa.Text),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("fields", JSONB, nullable=False),
        sa.Column("transcript", JSONB, nullable=False),
        sa.Column("triage", JSONB, nullable=False),
        sa.Column("contact_email", sa.Text),
        sa.Column("contact_phone", sa.Text),
        sa.Column("conversation_id", sa.Uuid, sa.ForeignKey("conversations.id", ondelete="SET NULL")),
        _moment("created_at"),
        _moment("updated_at"),
    )
    op.create_index("tickets_waiting", "tickets", ["status", "priority", "created_at"])
    op.create_index("tickets_by_conversation", "tickets", ["conversation_id"])


def _operators() -> None:
    op.create_table(
        "operators",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("login", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True)),
        _moment("created_at"),
    )
    op.create_table(
        "operator_sessions",
        sa.Column("token_hash", sa.LargeBinary, primary_key=True),
        sa.Column("operator_id", sa.Uuid, sa.ForeignKey("operators.id", ondelete="CASCADE"), nullable=False),
        _moment("created_at"),
        _moment("expires_at", now=False),
    )
    op.create_table(
        "login_attempts",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("login", sa.Text, nullable=False),
        _moment("at"),
    )
    op.create_index("login_attempts_recent", "login_attempts", ["login", "at"])
