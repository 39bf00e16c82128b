"""Chat: the measured delays of teams, rate limits shared by processes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "measured_delays",
        sa.Column("team", sa.Text, primary_key=True),
        sa.Column("seconds", sa.Double, nullable=False),
        sa.Column("answers", sa.Integer, nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.create_table(
        "rate_buckets",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("full_at", sa.DateTime(timezone=True), nullable=False),
        prefixes=["UNLOGGED"],
    )
    op.create_index("rate_buckets_old", "rate_buckets", ["full_at"])
    op.create_index("tickets_by_time", "tickets", ["created_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("tickets_by_time", "tickets")
    op.drop_table("rate_buckets")
    op.drop_table("measured_delays")
