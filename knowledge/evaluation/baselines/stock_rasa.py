"""A stock Rasa (DIET and ResponseSelector), trained and read in its own environment. Slow: its model is kept."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from knowledge.evaluation.baselines.rasa_project import project
from knowledge.evaluation.baselines.reading import KEPT, NotMeasured, Reading
from knowledge.evaluation.verdicts import NO_ALARM
from nlu.training.data import OUT_OF_SCOPE, SAFETY, Example

EPOCHS, ADVISED = 8, 100  # what is done, what its documentation says: each takes minutes on two cores
ENVIRONMENT = Path(__file__).parents[3] / ".venv-rasa"
NICENESS = 15
_READER = Path(__file__).with_name("rasa_reader.py")
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1", "MPLBACKEND": "agg", "PYTHONWARNINGS": "ignore",
}  # fmt: skip


class StockRasa:
    """Service type: the intent; article: the response selected; foreign or alarming: intents of their own."""

    name = "rasa"
    label = "Rasa d'origine (DIET et ResponseSelector)"

    def __init__(
        self, kept: Path, *, epochs: int = EPOCHS, environment: Path = ENVIRONMENT, niceness: int = NICENESS
    ) -> None:
        self._kept, self._epochs, self._environment, self._niceness = kept, epochs, environment, niceness
        self.note = (
            f"chaîne conseillée hors anglais, {epochs} époques d'apprentissage au lieu des {ADVISED} conseillées"
        )
        self.version = f"1-{epochs}"

    def read(self, training: Sequence[Example], texts: Sequence[str]) -> list[Reading]:
        """Train unless a former run kept the model of these messages, then read each text."""
        if not (self._environment / "bin" / "rasa").exists():
            raise NotMeasured("l'environnement de Rasa n'est pas installé (bin/setup rasa)")
        model = self._model(project(training, self._epochs))
        lines = b"".join(orjson.dumps({"text": text}) + b"\n" for text in texts)
        output = self._run(["python", str(_READER), str(model)], cwd=model.parent, given=lines)
        rows = [orjson.loads(line) for line in output.splitlines() if line.startswith(b'{"intents"')]
        if len(rows) != len(texts):
            raise NotMeasured(f"Rasa a lu {len(rows)} messages sur {len(texts)}")
        types = {e.group for e in training if e.is_request}
        articles = {e.article for e in training if e.article}
        return [_reading(row, types, articles) for row in rows]

    def _model(self, files: dict[str, str]) -> Path:
        digest = hashlib.sha256("".join(files[name] for name in sorted(files)).encode()).hexdigest()[:16]
        model = self._kept / f"rasa-{digest}.tar.gz"
        if model.exists():
            return model
        self._kept.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="rasa-") as folder:
            for name, content in files.items():
                (Path(folder) / name).write_text(content, encoding="utf-8")
            command = [
                "rasa",
                "train",
                "nlu",
                "--quiet",
                "--nlu",
                "nlu.yml",
                "--domain",
                "domain.yml",
                "--config",
                "config.yml",
            ]
            self._run([*command, "--out", folder, "--fixed-model-name", "trained"], cwd=Path(folder))
            shutil.move(Path(folder) / "trained.tar.gz", model)  # another file system, maybe
        return model

    def _run(self, command: Sequence[str], *, cwd: Path, given: bytes = b"") -> bytes:
        program, *arguments = command
        ran = subprocess.run(  # noqa: S603 - our own command, in a folder of ours
            ["nice", "-n", str(self._niceness), str(self._environment / "bin" / program), *arguments],  # noqa: S607
            input=given, capture_output=True, cwd=cwd, env={**os.environ, **_QUIET}, check=False,
        )  # fmt: skip
        if ran.returncode:
            raise NotMeasured(f"Rasa a échoué : {ran.stderr.decode(errors='replace')[-500:]}")
        return ran.stdout


def _reading(row: dict[str, Any], types: set[str], articles: set[str]) -> Reading:
    confidences: dict[str, float] = dict(row["intents"])
    ranked = [name for name, _ in row["intents"] if name != "nlu_fallback"]
    selected = [str(key).partition("/")[2] for key, _ in row["responses"]]
    first = ranked[0] if ranked else ""
    innocent = f"{SAFETY}_{NO_ALARM}"
    rings = first.startswith(f"{SAFETY}_") and first != innocent
    return Reading(
        articles=tuple(dict.fromkeys(a for a in selected if a in articles))[:KEPT],
        service_type=next((name for name in ranked if name in types), None),
        out_of_scope=confidences.get(OUT_OF_SCOPE, 0.0),
        alarm=first.removeprefix(f"{SAFETY}_") if rings else NO_ALARM,
        milliseconds=float(row["ms"]),
    )
