"""The product as `make run` starts it: PostgreSQL, the commands of the Procfile, on free ports and an empty database."""

from __future__ import annotations

import os
import secrets
import shlex
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from honcho.environ import parse_procfile

from api.db.embedded import embedded_postgres
from api.db.migrate import migrate
from tests.bench.processes import ROOT, Running, free_port, running


@dataclass(frozen=True, slots=True)
class Product:
    """The three parts, running; `port` is the service's."""

    port: int
    service: Running
    rasa: Running
    postgres: Running

    @property
    def parts(self) -> dict[str, Running]:
        """Each by its name in the report."""
        return {"service": self.service, "Rasa": self.rasa, "PostgreSQL": self.postgres}


@contextmanager
def product(folder: Path) -> Iterator[Product]:
    """Run it for the time of the block, everything it writes under `folder`.

    The service starts first and Rasa once it answers, so that neither slows the other's start.
    """
    commands = {name: shlex.split(c) for name, c in parse_procfile((ROOT / "Procfile").read_text()).processes.items()}
    port, rasa_port = free_port(), free_port()
    address = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        url = stack.enter_context(embedded_postgres(folder / "postgres"))
        migrate(url)
        env = _environment(url, port, rasa_port)
        service = stack.enter_context(
            running(commands["service"], probe=f"{address}/readyz", log=folder / "service.log", env=env)
        )
        rasa = stack.enter_context(
            running(commands["dialogue"], probe=f"http://127.0.0.1:{rasa_port}/", log=folder / "rasa.log", env=env)
        )
        yield Product(port, service, rasa, _postgres(folder / "postgres"))


def _environment(url: str, port: int, rasa_port: int) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": url,
        "AIGUILLAGE_RATE_CONVERSATION": "0",
        "AIGUILLAGE_RATE_ADDRESS": "0",
        "AIGUILLAGE_RATE_OPENINGS": "0",
        "AIGUILLAGE_PORT": str(port),
        "AIGUILLAGE_SERVICE_URL": f"http://127.0.0.1:{port}",
        "AIGUILLAGE_RASA_URL": f"http://127.0.0.1:{rasa_port}",
        "AIGUILLAGE_RASA_PORT": str(rasa_port),
        "AIGUILLAGE_RASA_TOKEN": secrets.token_urlsafe(24),
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": "1",
    }


def _postgres(data: Path) -> Running:
    pid = int((data / "postmaster.pid").read_text().splitlines()[0])
    return Running(psutil.Process(pid), 0.0)
