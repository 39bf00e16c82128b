"""Alembic runs this. The connection, its transaction and its lock come from `api.db.migrate`."""

from __future__ import annotations

from alembic import context

from api.db.models import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
