"""Due dates of tickets, teams and their leads, absences, what staff are told."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OPEN = "status IN ('nouveau', 'rouvert', 'assigne', 'en_attente')"
COLUMNS = ("due_at", "due_kind", "clock", "left_s", "needed_by", "remind_at", "press_at", "assignee_id")
INDEXES = ("tickets_pressing", "tickets_pressing_team", "tickets_by_press", "tickets_to_remind", "tickets_of_assignee")


def upgrade() -> None:
    """Add the columns; the worker counts the delays of what is open (`remind_at`) at its first round."""
    for name in ("due_at", "needed_by", "remind_at"):
        op.add_column("tickets", _moment(name, nullable=True))
    op.add_column("tickets", sa.Column("due_kind", sa.Text))
    op.add_column("tickets", sa.Column("clock", sa.Text, nullable=False, server_default="none"))
    op.add_column("tickets", sa.Column("left_s", sa.Integer))
    op.add_column("tickets", _moment("press_at", default=sa.text("'9999-01-01 00:00:00+00'")))
    op.add_column("tickets", sa.Column("assignee_id", sa.Uuid, sa.ForeignKey("operators.id", ondelete="SET NULL")))
    op.execute("UPDATE tickets SET press_at = '1970-01-01 00:00:00+00' WHERE priority = 0")
    op.execute(f"UPDATE tickets SET remind_at = now() WHERE {OPEN}")  # noqa: S608
    order = ["press_at", "created_at", "id"]
    op.create_index("tickets_pressing", "tickets", order, postgresql_where=sa.text(OPEN))
    op.create_index("tickets_pressing_team", "tickets", ["team", *order], postgresql_where=sa.text(OPEN))
    op.create_index("tickets_by_press", "tickets", order)
    op.create_index("tickets_to_remind", "tickets", ["remind_at"], postgresql_where=sa.text("remind_at IS NOT NULL"))
    op.create_index(
        "tickets_of_assignee", "tickets", ["assignee_id"],
        postgresql_where=sa.text(f"assignee_id IS NOT NULL AND {OPEN}"),
    )  # fmt: skip
    _teams()


def downgrade() -> None:
    """Drop it all."""
    for table in ("staff_notices", "staff_absences", "team_members"):
        op.drop_table(table)
    for index in INDEXES:
        op.drop_index(index, "tickets")
    for column in COLUMNS:
        op.drop_column("tickets", column)


def _teams() -> None:
    op.create_table(
        "team_members",
        _operator(primary_key=True),
        sa.Column("team", sa.Text, primary_key=True),
        sa.Column("unit", sa.Text),
        sa.Column("lead", sa.Boolean, nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        sa.Column("disciplines", JSONB, nullable=False),
        sa.Column("skills", JSONB, nullable=False),
    )
    op.create_index("team_members_by_team", "team_members", ["team"])
    op.create_table(
        "staff_absences",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        _operator(),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
    )
    op.create_index("staff_absences_of", "staff_absences", ["operator_id", "last_day"])
    op.create_table(
        "staff_notices",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        _operator(),
        sa.Column("ticket_id", sa.Uuid, sa.ForeignKey("tickets.id", ondelete="CASCADE"), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("data", JSONB, nullable=False),
        _moment("at", default=sa.func.now()),
        _moment("seen_at", nullable=True),
    )
    op.create_index("staff_notices_once", "staff_notices", ["operator_id", "key"], unique=True)
    op.create_index(
        "staff_notices_unseen", "staff_notices", ["operator_id"], postgresql_where=sa.text("seen_at IS NULL")
    )


def _moment(name: str, *, default: Any = None, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def _operator(*, primary_key: bool = False) -> sa.Column[Any]:
    where = sa.ForeignKey("operators.id", ondelete="CASCADE")
    return sa.Column("operator_id", sa.Uuid, where, nullable=False, primary_key=primary_key)
