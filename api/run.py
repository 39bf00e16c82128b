"""`python -m api run`: the embedded database if none is given, the migrations, then the processes of the Procfile."""

from __future__ import annotations

import os
import secrets
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

import honcho.manager
import httpx
from honcho.environ import parse_procfile

from api.settings import Settings

ROOT = Path(__file__).parent.parent
STOPPING_S = 15  # what the processes get to finish their requests before they are killed
READY_S = 120


def run(settings: Settings, url: str) -> int:
    """Run every process of the Procfile until one ends or a signal comes; the exit status of the whole."""
    if taken := [port for port in (settings.port, _rasa_port(settings)) if _is_taken(port)]:
        print(
            f"Le port {taken[0]} est déjà pris : arrêtez l'autre programme ou choisissez AIGUILLAGE_PORT.",
            file=sys.stderr,
        )
        return 1
    honcho.manager.KILL_WAIT = STOPPING_S
    manager = honcho.manager.Manager()
    environment = _environment(settings, url)
    for name, command in parse_procfile((ROOT / "Procfile").read_text()).processes.items():
        manager.add_process(name, command, env=environment, cwd=str(ROOT))
    threading.Thread(target=_announce, args=(settings,), daemon=True).start()
    manager.loop()
    return int(manager.returncode or 0) if manager.returncode not in (-2, -15, 130, 143) else 0


def _environment(settings: Settings, url: str) -> dict[str, str]:
    token = settings.rasa_token or secrets.token_urlsafe(24)
    return {
        **os.environ,
        "DATABASE_URL": url,
        "AIGUILLAGE_RASA_TOKEN": token,
        "AIGUILLAGE_SERVICE_URL": f"http://127.0.0.1:{settings.port}",
        "AIGUILLAGE_RASA_PORT": str(_rasa_port(settings)),
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore",  # of Rasa's libraries
        "OMP_NUM_THREADS": "1",
    }


def _rasa_port(settings: Settings) -> int:
    return httpx.URL(settings.rasa_url).port or 5005


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _announce(settings: Settings) -> None:
    """Print the address once the service and the dialogue both answer."""
    address = f"http://127.0.0.1:{settings.port}"
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        if _everything_answers(f"{address}/readyz"):
            lines = f"  Assistant : {address}/assistant\n  Conseillers : {address}/console\n{_mails(settings)}"
            print(f"\nAiguillage est prêt.\n{lines}", flush=True)
            return
        time.sleep(0.3)  # between two questions to /readyz
    print("Le service tarde à répondre : voyez les messages ci-dessus.", file=sys.stderr, flush=True)


def _mails(settings: Settings) -> str:
    """What to know of e-mails when none can leave."""
    if settings.smtp_host and settings.mail_from:
        return ""
    address = f"http://127.0.0.1:{settings.port}/console/courriels"
    return f"  Courriels : aucun serveur d'envoi n'est réglé, ils restent en file ({address}, docs/exploitation.md)\n"


def _everything_answers(address: str) -> bool:
    try:
        ready: Any = httpx.get(address, timeout=2).json()
    except (httpx.HTTPError, ValueError):
        return False
    return bool(ready.get("status") == "ready")
