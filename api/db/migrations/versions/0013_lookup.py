"""Look-up: counts, recents and favourites of agents, and the questions that no article answers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "lookup_counts",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("article", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
    )
    for name in ("lookup_recents", "lookup_favourites"):
        op.create_table(
            name,
            sa.Column("operator_id", sa.Uuid, sa.ForeignKey("operators.id", ondelete="CASCADE"), primary_key=True),
            sa.Column("article", sa.Text, primary_key=True),
            _now("at"),
        )
    op.create_table(
        "gaps",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("public", sa.Text),
        sa.Column("level", sa.Text),
        sa.Column("unit", sa.Text),
        sa.Column("person", sa.Text),
        _now("created_at"),
    )
    op.create_index("gaps_by_time", "gaps", ["created_at"])


def downgrade() -> None:
    """Drop them."""
    for table in ("gaps", "lookup_favourites", "lookup_recents", "lookup_counts"):
        op.drop_table(table)


def _now(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
