"""Opinions on answers; and every new message tells the processes that listen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0013"
branch_labels = None
depends_on = None

# The payload is the conversation's id alone: PostgreSQL sends equal payloads of a transaction once.
TELL = """
CREATE FUNCTION tell_new_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('aiguillage_conversations', NEW.conversation_id::text);
    RETURN NULL;
END
$$
"""
TRIGGER = """
CREATE TRIGGER messages_tell AFTER INSERT ON messages FOR EACH ROW EXECUTE FUNCTION tell_new_message()
"""


def upgrade() -> None:
    """The table and the trigger."""
    op.create_table(
        "message_feedback",
        sa.Column("message_id", sa.BigInteger, sa.ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("conversation_id", sa.Uuid, sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
        sa.Column("article", sa.Text),
        sa.Column("useful", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("comment", sa.Text),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.create_index("message_feedback_by_conversation", "message_feedback", ["conversation_id"])
    op.execute(TELL)
    op.execute(TRIGGER)


def downgrade() -> None:
    """Neither."""
    op.execute("DROP TRIGGER messages_tell ON messages")
    op.execute("DROP FUNCTION tell_new_message()")
    op.drop_table("message_feedback")
