"""Starts Rasa in its own environment, with the add-on: `.venv-rasa/bin/python bot/serve.py`.

Environment: DATABASE_URL (PostgreSQL of the service), AIGUILLAGE_SERVICE_URL, AIGUILLAGE_RASA_TOKEN,
AIGUILLAGE_RASA_HOST, AIGUILLAGE_RASA_PORT, AIGUILLAGE_RASA_MODEL (a model or a folder; default bot/models).
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEFAULTS = {
    "AIGUILLAGE_SERVICE_URL": "http://127.0.0.1:8000",
    "AIGUILLAGE_RASA_TOKEN": "",
    "AIGUILLAGE_RASA_HOST": "127.0.0.1",
    "AIGUILLAGE_RASA_PORT": "5005",
    "AIGUILLAGE_RASA_MODEL": str(HERE / "models"),
    "POSTGRESQL_SCHEMA": "rasa",
    "POSTGRESQL_POOL_SIZE": "5",
    # After a kill in mid-turn, how long the next message of that conversation may wait; more than a turn can take.
    "TICKET_LOCK_LIFETIME": "6",
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "OMP_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
}


def psycopg2_url(url: str) -> str:
    """The same database for SQLAlchemy 1.4 with psycopg2, whatever driver the service's URL names."""
    scheme, _, rest = url.partition("://")
    return f"postgresql://{rest}" if scheme.split("+")[0] in ("postgres", "postgresql") else url


def main() -> None:
    """Set the environment, install the add-on, run Rasa's own command."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    database_url = os.environ.get("DATABASE_URL", "")
    if not database_url:
        sys.exit("DATABASE_URL manque : Rasa garde l'état du dialogue dans la même base PostgreSQL que le service.")
    os.environ["RASA_DATABASE_URL"] = psycopg2_url(database_url)
    sys.path.insert(0, str(HERE))
    gc.disable()  # until Rasa is loaded (addon.process): nothing that loads is garbage
    sys.modules["jax"] = None  # type: ignore[assignment]  # TensorFlow Lite would import it and can do without

    from addon import action_calls, events, logs, predictions, process

    logs.install()
    action_calls.install()
    events.install()
    predictions.install()
    process.install()
    sys.argv = [
        "rasa", "run", "--quiet",
        "--model", os.environ["AIGUILLAGE_RASA_MODEL"],
        "--endpoints", str(HERE / "endpoints.yml"),
        "--credentials", str(HERE / "credentials.yml"),
        "--interface", os.environ["AIGUILLAGE_RASA_HOST"],
        "--port", os.environ["AIGUILLAGE_RASA_PORT"],
    ]  # fmt: skip
    from rasa.__main__ import main as rasa

    rasa()


if __name__ == "__main__":
    main()
