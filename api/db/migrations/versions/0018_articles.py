"""The FAQ in the database: articles, versions, publications, and which process answers with which."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "articles",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("live", sa.Integer),
        _moment("archived_at", nullable=True),
        sa.Column("owner_id", sa.Uuid),
        sa.Column("owner", sa.Text),
        _moment("created_at"),
    )
    op.create_table(
        "article_versions",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        _article(),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("body", JSONB, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("author_id", sa.Uuid),
        sa.Column("author", sa.Text),
        sa.Column("reviewer_id", sa.Uuid),
        sa.Column("reviewer", sa.Text),
        sa.Column("review_note", sa.Text),
        _moment("created_at"),
        _moment("decided_at", nullable=True),
        sa.UniqueConstraint("article", "number", name="article_versions_once"),
    )
    op.create_table(
        "article_publications",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        _article(),
        sa.Column("version", sa.Integer),
        sa.Column("by_id", sa.Uuid),
        sa.Column("by", sa.Text),
        sa.Column("misled", JSONB, nullable=False),
        sa.Column("signature", sa.Text),
        _moment("at", now=sa.func.clock_timestamp()),
    )
    op.create_index("article_publications_by_article", "article_publications", ["article", "id"])
    _processes()


def _processes() -> None:
    op.create_table(
        "article_heads",
        _article(primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("models", sa.Text, primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "article_processes",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("publication", sa.BigInteger, nullable=False),
        sa.Column("failure", sa.Text),
        _moment("at"),
    )
    op.create_table(
        "editor_addresses",
        sa.Column("operator_id", sa.Uuid, primary_key=True),
        sa.Column("address", sa.Text, nullable=False),
    )
    op.create_table(
        "article_reminders",
        _article(primary_key=True),
        sa.Column("review_by", sa.Date, primary_key=True),
        sa.Column("days", sa.Integer, primary_key=True, autoincrement=False),
        _moment("at"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in (
        "article_reminders", "editor_addresses", "article_processes", "article_heads", "article_publications",
        "article_versions", "articles",
    ):  # fmt: skip
        op.drop_table(table)


def _article(**options: Any) -> sa.Column[Any]:
    options.setdefault("nullable", False)
    return sa.Column("article", sa.Text, sa.ForeignKey("articles.id", ondelete="CASCADE"), **options)


def _moment(name: str, *, nullable: bool = False, now: Any = None) -> sa.Column[Any]:
    default = None if nullable else (now if now is not None else sa.func.now())
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, server_default=default)
