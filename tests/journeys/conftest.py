"""The whole dialogue for journeys: the service on real PostgreSQL, and the real Rasa, each started once."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser

from tests.conftest import new_database, use_fake_triage
from tests.fakes import HandClock
from tests.journeys.browser.browsing import chromium
from tests.journeys.engine import JourneyEngine

ROOT = Path(__file__).parents[2]
BOT = ROOT / "bot"
PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
TOKEN = "jeton-des-parcours"
START_S = 90
Json = dict[str, Any]


def await_until(condition: Callable[[], bool], what: str, *, within_s: float = START_S) -> None:
    """Wait for a condition, never for a time."""
    end = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"{what}: not within {within_s} s")
        time.sleep(0.05)


def answers(url: str) -> bool:
    """True when something answers there."""
    try:
        return httpx.get(url, timeout=1.0).status_code < 500
    except httpx.HTTPError:
        return False


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@dataclass
class Rasa:
    """Rasa's process, which a test may kill and start again."""

    port: int
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        with self.log.open("ab") as log:
            command = [str(PYTHON), str(BOT / "serve.py")]
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, cwd=ROOT)
        await_until(lambda: self._alive() and answers(f"http://127.0.0.1:{self.port}/"), "Rasa answers")

    def kill(self) -> None:
        """As a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def _alive(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            pytest.fail(f"Rasa stopped: {self.log.read_text(errors='replace')[-2000:]}")
        return True


@dataclass
class Learner:
    """Somebody who writes to the assistant."""

    http: httpx.Client
    id: str
    headers: dict[str, str]
    last: list[Json] = field(default_factory=list)

    def say(self, text: str, **more: Any) -> list[Json]:
        """The typed messages that answer."""
        response = self.http.post(
            f"/v1/conversations/{self.id}/messages", json={"text": text, **more}, headers=self.headers
        )
        assert response.status_code == 200, response.text
        self.last = response.json()["messages"]
        assert self.last, "never an empty answer"
        return self.last

    def answer_form(self, answers: dict[str, str], *, until: str = "summary") -> Json:
        """Answer what is asked until a message of kind `until`; fields not in `answers` are passed."""
        for _ in range(15):
            if found := [m for m in self.last if m["kind"] == until]:
                return found[0]
            asked = [m["asks"] for m in self.last if m["kind"] == "question"]
            assert asked, self.last
            self.say(answers.get(asked[-1], "passer"))
        pytest.fail("the form never ends")

    def history(self) -> list[Json]:
        """The conversation, read again."""
        response = self.http.get(f"/v1/conversations/{self.id}/messages", headers=self.headers)
        messages: list[Json] = response.json()["messages"]
        return messages

    @property
    def kinds(self) -> list[str]:
        """Kinds of the last messages."""
        return [m["kind"] for m in self.last]

    @property
    def text(self) -> str:
        """Texts of the last messages."""
        return "\n".join(m["text"] for m in self.last)


@pytest.fixture(scope="session")
def rasa_model() -> Path:
    """A model of the rules as they are, trained once for each version of them."""
    if not PYTHON.exists():
        pytest.skip("the Rasa environment is not there (make setup)")
    sources = [ROOT / "config.yml", *sorted((BOT / "domain").rglob("*.yml")), *sorted((BOT / "data").rglob("*.yml"))]
    digest = hashlib.sha256(b"".join(p.read_bytes() for p in sources)).hexdigest()[:16]
    model = ROOT / "build" / "rasa-tests" / f"{digest}.tar.gz"
    if not model.exists():
        model.parent.mkdir(parents=True, exist_ok=True)
        command = [
            str(PYTHON), "-m", "rasa", "train", "core", "--config", str(ROOT / "config.yml"),
            "--domain", str(BOT / "domain"),
            "--stories", str(BOT / "data"), "--out", str(model.parent), "--fixed-model-name", digest,
        ]  # fmt: skip
        quiet = os.environ | {"RASA_TELEMETRY_ENABLED": "false", "CUDA_VISIBLE_DEVICES": "-1"}
        trained = subprocess.run(command, env=quiet, capture_output=True, cwd=BOT, check=False)
        assert trained.returncode == 0, trained.stderr.decode(errors="replace")[-2000:]
    return model


@pytest.fixture(scope="session")
def journey_database(server_url: str) -> Iterator[str]:
    """A database for journeys."""
    from api.db.migrate import migrate

    with new_database(server_url) as url:
        migrate(url)
        yield url


@pytest.fixture(scope="session")
def addresses() -> tuple[int, int]:
    """Ports of the service and of Rasa."""
    return free_port(), free_port()


@pytest.fixture(scope="session")
def journey_clock() -> HandClock:
    """The clock of the service: the real hour until a journey sets another."""
    return HandClock()


@pytest.fixture(scope="session")
def service(journey_database: str, addresses: tuple[int, int], journey_clock: HandClock) -> Iterator[str]:
    """The service, in a thread, on the journeys' engine; its address."""
    from api.app import create_app
    from api.settings import Settings

    port, rasa_port = addresses
    settings = Settings(
        database_url=journey_database,
        rasa_url=f"http://127.0.0.1:{rasa_port}",
        rasa_token=TOKEN,
        rasa_timeout_s=5.0,
        live_heartbeat_s=1.0,
        live_sweep_s=0.3,
        rate_conversation=0,  # these learners type fast
        rate_address=0,
        rate_openings=0,
        rate_sign_ins=0,
        widget_origins="http://127.0.0.1:* http://localhost:*",
    )
    engine = JourneyEngine()
    with pytest.MonkeyPatch.context() as patch:
        app = create_app(settings, clock=journey_clock, load=lambda: engine)  # type: ignore[arg-type, return-value]
        use_fake_triage(patch)
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", timeout_keep_alive=30))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        await_until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "the service answers", within_s=30)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join(timeout=20)


@pytest.fixture(scope="session")
def rasa(
    service: str,
    journey_database: str,
    addresses: tuple[int, int],
    rasa_model: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Rasa]:
    """The real Rasa, running."""
    environment = os.environ | {
        "DATABASE_URL": journey_database,
        "AIGUILLAGE_SERVICE_URL": service,
        "AIGUILLAGE_RASA_TOKEN": TOKEN,
        "AIGUILLAGE_RASA_PORT": str(addresses[1]),
        "AIGUILLAGE_RASA_MODEL": str(rasa_model),
    }
    rasa = Rasa(addresses[1], environment, tmp_path_factory.mktemp("rasa") / "rasa.log")
    rasa.start()
    yield rasa
    rasa.kill()


@pytest.fixture(scope="session")
def http(service: str) -> Iterator[httpx.Client]:
    """A client of the service."""
    with httpx.Client(base_url=service, timeout=30) as client:
        yield client


@pytest.fixture
def learner(http: httpx.Client, rasa: Rasa) -> Learner:
    """Somebody new, with Rasa running."""
    return new_learner(http)


def new_learner(http: httpx.Client) -> Learner:
    """A conversation of its own."""
    response = http.post("/v1/conversations")
    assert response.status_code == 201, response.text
    opened = response.json()
    return Learner(http, opened["id"], {"Authorization": f"Bearer {opened['token']}"})


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys: two drivers do not live in one process."""
    with chromium() as browser:
        yield browser
