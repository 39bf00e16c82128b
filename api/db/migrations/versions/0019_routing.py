"""Who looks at a ticket and who writes; why a ticket went where it did; the learners' own referents."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None

OPEN = "status IN ('nouveau', 'rouvert', 'assigne', 'en_attente')"


def upgrade() -> None:
    """Create the tables; tickets that exist have no reason to show."""
    op.create_table(
        "ticket_presences",
        sa.Column("ticket_id", sa.Uuid, sa.ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True),
        _operator(primary_key=True),
        _moment("seen_at", default=sa.func.now()),
        _moment("writing_at", nullable=True),
    )
    op.create_table(
        "referents",
        sa.Column("learner", sa.Text, primary_key=True),
        sa.Column("team", sa.Text, primary_key=True),
        sa.Column("discipline", sa.Text, primary_key=True),
        _operator(),
    )
    op.create_index("referents_of_operator", "referents", ["operator_id"])
    op.create_index(
        "tickets_open_counts", "tickets", ["status", "team", "unit", "service_type"], postgresql_where=sa.text(OPEN)
    )
    op.add_column("tickets", sa.Column("routing", JSONB, nullable=False, server_default="{}"))
    op.add_column("team_members", _moment("given_at", nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("team_members", "given_at")
    op.drop_index("tickets_open_counts", "tickets")
    op.drop_column("tickets", "routing")
    op.drop_table("referents")
    op.drop_table("ticket_presences")


def _moment(name: str, *, default: Any = None, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def _operator(*, primary_key: bool = False) -> sa.Column[Any]:
    where = sa.ForeignKey("operators.id", ondelete="CASCADE")
    return sa.Column("operator_id", sa.Uuid, where, nullable=False, primary_key=primary_key)
