"""Bring a database to the tables this version of the code expects."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from api.db.session import CONNECT_TIMEOUT_S, psycopg_url

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 0x4149_4755  # "AIGU": any number, the same for every process


def migrate(url: str) -> str:
    """Apply what is missing, in one transaction, and return the revision reached. Processes migrating at once queue."""
    config = _config()
    engine = create_engine(
        psycopg_url(url),
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S, "application_name": "aiguillage migrate"},
    )
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        revision = MigrationContext.configure(connection).get_current_revision()
    assert revision is not None
    return revision


def latest_revision() -> str:
    """The revision that this version of the code expects."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
