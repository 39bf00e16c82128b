"""`python -m tests.bench [--quick]`: a table on the output, everything in build/bench/bench.json."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

from tests.bench import chat
from tests.bench.lookup import measure_apart
from tests.bench.measuring import FULL, QUICK, measure_product, measure_stock, measure_understanding
from tests.bench.processes import ROOT, BenchError
from tests.bench.report import table
from tests.bench.texts import Texts, load_texts

OUT = ROOT / "build" / "bench"
STOPS = (signal.SIGINT, signal.SIGTERM)


def main() -> int:
    """Measure, write, print; the process's exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Vitesse et mémoire sur cette machine.")
    parser.add_argument("--quick", action="store_true", help="peu de tours, sans Rasa d'origine")
    arguments = parser.parse_args()
    for number in STOPS:
        signal.signal(number, _interrupt)
    folder = Path(tempfile.mkdtemp(prefix="aiguillage-bench-"))
    try:
        figures = measure(folder, quick=arguments.quick)
    except KeyboardInterrupt:
        print("Mesures interrompues, tout est arrêté.", file=sys.stderr)
        return 130
    except BenchError as error:
        print(f"Mesures impossibles : {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "bench.json").write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
    print(table(figures))
    return 0


def measure(folder: Path, *, quick: bool) -> dict[str, Any]:
    """Every figure of the run."""
    texts, size = load_texts(), QUICK if quick else FULL
    before = os.getloadavg()[0]
    _say("compréhension, sur un cœur")
    figures: dict[str, Any] = {"understanding": measure_understanding(texts, size, folder)}
    _say("recherche : le produit et d'autres, mêmes articles et mêmes questions")
    figures["lookup"] = measure_apart(quick=quick)
    _say("le produit : PostgreSQL, service, Rasa")
    figures["product"], said = measure_product(texts, size, folder)
    _say("le chat : flux ouverts, poids de la page, 4G lente")
    figures["chat"] = _chat(texts, folder, quick=quick)
    if not quick:
        _say("Rasa d'origine : apprentissage, puis les mêmes tours")
        OUT.mkdir(parents=True, exist_ok=True)
        figures["stock"] = measure_stock(said, folder / "stock", OUT)
    return {"machine": _machine(before), **figures}


def _chat(texts: Texts, folder: Path, *, quick: bool) -> dict[str, Any]:
    (folder / "chat").mkdir()
    return chat.measure_chat(texts, chat.QUICK if quick else chat.FULL, folder / "chat")


def _machine(load_before: float) -> dict[str, Any]:
    return {
        "date": datetime.now().astimezone().isoformat(timespec="minutes"),
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "load_before": load_before,
        "load_after": os.getloadavg()[0],
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Leave through every `finally`, undisturbed by a second signal."""
    for one in STOPS:
        signal.signal(one, signal.SIG_IGN)
    raise KeyboardInterrupt


def _say(what: str) -> None:
    print(f"… {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
