"""The embedded server: started by the first user, stopped by the last, found again with its data."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from api.db.embedded import embedded_postgres

HOLD = """
import sys, time
from pathlib import Path
from api.db.embedded import embedded_postgres
with embedded_postgres(Path(sys.argv[1])) as url:
    print(url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="aig-", ignore_cleanup_errors=True) as folder:
        yield Path(folder) / "pg"


def hold(data: Path) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def test_data_outlives_the_server(data: Path) -> None:
    with embedded_postgres(data) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
    assert not answers(url)
    with embedded_postgres(data) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (42,)
    assert not answers(url)


def test_the_last_user_stops_it(data: Path) -> None:
    with embedded_postgres(data) as url:
        process, same_url = hold(data)
        assert same_url == url
        process.communicate("", timeout=30)
        assert answers(url)
    assert not answers(url)


def test_a_killed_user_does_not_count(data: Path) -> None:
    process, url = hold(data)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)
    assert answers(url)  # nobody could stop it
    with embedded_postgres(data) as url:
        assert answers(url)
    assert not answers(url)


def test_a_process_id_left_behind_is_forgotten(data: Path) -> None:
    sleeper = subprocess.Popen(["sleep", "60"])
    try:
        lines = [str(sleeper.pid), str(data), "1", "5432", str(data), "", "1 1", "ready"]
        (data / "postmaster.pid").write_text("\n".join(lines) + "\n")
        started = time.monotonic()
        with embedded_postgres(data) as url:
            assert answers(url)
        assert time.monotonic() - started < 30
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()
