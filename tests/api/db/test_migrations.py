"""The tables that migrations make are those of the models, and processes that migrate together don't clash."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from api.db.migrate import latest_revision, migrate
from api.db.models import Base
from api.db.session import psycopg_url


def _ours(name: str | None, kind: str, _: object) -> bool:
    """The tables of the job queue are procrastinate's own."""
    return kind != "table" or not str(name).startswith("procrastinate_")


def test_migrations_make_the_tables_of_the_models(empty_database_url: str) -> None:
    assert migrate(empty_database_url) == latest_revision()
    engine = create_engine(psycopg_url(empty_database_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _ours})
        assert compare_metadata(context, Base.metadata) == []
        assert connection.scalar(text("SELECT count(*) FROM pg_namespace WHERE nspname = 'rasa'")) == 1
    engine.dispose()


def test_migrating_again_changes_nothing(empty_database_url: str) -> None:
    assert migrate(empty_database_url) == migrate(empty_database_url)


def test_two_processes_at_once(empty_database_url: str) -> None:
    command = [sys.executable, "-c", f"from api.db.migrate import migrate; print(migrate({empty_database_url!r}))"]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [p.communicate(timeout=60)[0].strip() for p in processes] == [latest_revision()] * 2
    assert [p.returncode for p in processes] == [0, 0]


def test_many_threads_at_once(empty_database_url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(migrate, [empty_database_url] * 8)) == {latest_revision()}


def test_a_database_that_does_not_answer_is_said() -> None:
    with pytest.raises(OperationalError):
        migrate("postgresql://postgres@127.0.0.1:9/nowhere")


def test_the_tables_of_follow_up_come_and_go(empty_database_url: str) -> None:
    """Down and up again: tickets stay, with a status that each version knows."""
    from alembic import command

    from api.db.migrate import _config

    migrate(empty_database_url)
    engine = create_engine(psycopg_url(empty_database_url))
    ticket = (
        "INSERT INTO tickets (id, reference, draft_key, channel, service_type, team, priority, status, subject, fields,"
        " transcript, triage) VALUES (gen_random_uuid(), :r, :r, 'chat', 's', 't', 2, :s, '', '{}', '[]', '{}')"
    )
    config = _config()
    with engine.begin() as connection:
        for reference, status in (("A", "assigne"), ("B", "rouvert"), ("C", "clos")):
            connection.execute(text(ticket), {"r": reference, "s": status})
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        statuses = connection.scalars(text("SELECT status FROM tickets ORDER BY reference")).all()
        assert statuses == ["en_cours", "en_cours", "clos"]
        left = connection.scalar(text("SELECT count(*) FROM pg_class WHERE relname LIKE 'procrastinate%'"))
        assert left == 0
        command.upgrade(config, "head")
        statuses = connection.scalars(text("SELECT status FROM tickets ORDER BY reference")).all()
        assert statuses == ["assigne", "assigne", "clos"]
        assert connection.scalar(text("SELECT count(*) FROM ticket_events WHERE kind = 'opened'")) == 3
    engine.dispose()
