"""Rasa's side, with Rasa's own tools and python: the add-on, the data, the stories."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}

pytestmark = [pytest.mark.rasa, pytest.mark.skipif(not PYTHON.exists(), reason="the Rasa environment is not there")]


def run(*command: str, **environment: str) -> str:
    done = subprocess.run(
        [str(PYTHON), *command],
        env=os.environ | QUIET | environment,
        capture_output=True,
        text=True,
        cwd=ROOT / "bot",
        check=False,
    )
    output = done.stdout + done.stderr
    assert done.returncode == 0, output[-3000:]
    return output


def test_addon(empty_database_url: str, rasa_model: Path) -> None:
    from api.db.migrate import migrate

    migrate(empty_database_url)
    url = "postgresql://" + empty_database_url.partition("://")[2]
    given = {"TEST_DATABASE_URL": url, "TEST_MODEL": str(rasa_model), "POSTGRESQL_SCHEMA": "rasa"}
    output = run(str(ROOT / "tests" / "bot" / "addon_checks.py"), **given)
    assert "OK" in output
    assert "skipped" not in output


def test_stories(rasa_model: Path, tmp_path: Path) -> None:
    output = run(
        "-m", "rasa", "test", "core", "--model", str(rasa_model), "--stories", "tests", "--endpoints", os.devnull,
        "--out", str(tmp_path), "--fail-on-prediction-errors", "--no-plot",
    )  # fmt: skip
    assert "Accuracy:         1.000" in output
