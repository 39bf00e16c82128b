"""Live hand-over: the queue, the agents' presence, the safety alarms."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the three tables."""
    _handovers()
    op.create_table(
        "live_presences",
        sa.Column("operator_id", sa.Uuid, sa.ForeignKey("operators.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        _moment("seen_at"),
    )
    op.create_table(
        "live_alarms",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("conversation_id", sa.Uuid, sa.ForeignKey("conversations.id", ondelete="CASCADE")),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("excerpt", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        _moment("raised_at"),
        _moment("acknowledged_at", nullable=True),
        sa.Column("acknowledged_by", sa.Uuid, sa.ForeignKey("operators.id", ondelete="SET NULL")),
    )
    op.create_index("live_alarms_open", "live_alarms", ["acknowledged_at", "raised_at"])


def downgrade() -> None:
    """Drop them."""
    for table in ("live_alarms", "live_presences", "live_handovers"):
        op.drop_table(table)


def _moment(name: str, *, nullable: bool = False, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, **more)


def _handovers() -> None:
    op.create_table(
        "live_handovers",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("conversation_id", sa.Uuid, sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("operator_id", sa.Uuid, sa.ForeignKey("operators.id", ondelete="SET NULL")),
        sa.Column("agent_name", sa.Text),
        sa.Column("triage", JSONB, nullable=False),
        sa.Column("places", sa.Integer, nullable=False),
        _moment("created_at", server_default=sa.func.now()),
        _moment("queued_at"),
        _moment("taken_at", nullable=True),
        _moment("ended_at", nullable=True),
        sa.Column("end_reason", sa.Text),
        _moment("learner_seen_at"),
        _moment("learner_typing_at", nullable=True),
        _moment("agent_typing_at", nullable=True),
    )
    running = sa.text("status IN ('waiting', 'with_agent')")
    op.create_index(
        "live_handovers_one_running", "live_handovers", ["conversation_id"], unique=True, postgresql_where=running
    )
    op.create_index("live_handovers_of_conversation", "live_handovers", ["conversation_id", "id"])
    op.create_index("live_handovers_queue", "live_handovers", ["status", "priority", "queued_at"])
