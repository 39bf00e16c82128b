"""What is measured, in order: each function starts nothing that it does not stop, and gives plain JSON."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.bench.processes import BenchError, Running, finished
from tests.bench.product import product
from tests.bench.stock import stock, train_stock
from tests.bench.texts import Texts
from tests.bench.timings import timings

Json = dict[str, Any]
Conversations = list[list[Json]]
WARM_UP = 4  # conversations


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured. `alone`, `together`: conversations, of about six turns each."""

    short: int
    mails: int
    searches: int
    alone: int
    together: int


FULL = Size(short=400, mails=60, searches=300, alone=48, together=160)
QUICK = Size(short=60, mails=10, searches=40, alone=8, together=24)
AT_ONCE = 8


def measure_understanding(texts: Texts, size: Size, folder: Path) -> Json:
    """Triage and FAQ search in process, on one core."""
    order = {
        "short": _taken(texts.short, size.short),
        "mails": _taken(texts.mails, size.mails),
        "searches": _taken(texts.questions, size.searches),
    }
    return _child("tests.bench.understanding", order, folder)


def measure_product(texts: Texts, size: Size, folder: Path) -> tuple[Json, Json]:
    """The product through HTTP: its figures, and what was said in each phase, to be said again to another."""
    with product(folder) as running:
        client = _Client("product", running.port, running.parts, folder)
        first = client.converse(texts.questions[:WARM_UP], 1)[0]
        searched = _child("tests.bench.client", {"port": running.port, "searches": list(texts.questions)}, folder)["ms"]
        alone, said_alone = client.converse(_taken(texts.questions, size.alone), 1)
        together, said_together = client.converse(_taken(texts.questions[::-1], size.together), AT_ONCE)
        _check_dialogue(alone)
        figures = {
            "first_turn_ms": first["first_turn_ms"],
            "faq_search": timings(searched[: size.searches]).to_json(),
            "alone": alone,
            "together": together,
            "cold_start_s": {name: part.cold_start_s for name, part in running.parts.items() if part.cold_start_s},
            "memory_mb": {name: asdict(part.memory()) for name, part in running.parts.items()},
        }
    return figures, {"alone": said_alone, "together": said_together}


def measure_stock(said: dict[str, Conversations], folder: Path, kept: Path) -> Json:
    """The same turns said to a stock Rasa."""
    folder.mkdir()
    model, training_s = train_stock(folder, kept, questions=_form_length(said["alone"]))
    with stock(folder, model) as (port, rasa):
        client = _Client("rasa", port, {"Rasa": rasa}, folder)
        first = client.converse(said["alone"][:WARM_UP], 1)[0]
        return {
            "training_s": training_s,
            "first_turn_ms": first["first_turn_ms"],
            "alone": client.converse(said["alone"], 1)[0],
            "together": client.converse(said["together"], AT_ONCE)[0],
            "cold_start_s": {"Rasa": rasa.cold_start_s},
            "memory_mb": {"Rasa": asdict(rasa.memory())},
        }


@dataclass(frozen=True, slots=True)
class _Client:
    assistant: str
    port: int
    parts: dict[str, Running]
    folder: Path

    def converse(self, conversations: Sequence[Any], at_once: int) -> tuple[Json, Conversations]:
        """Hold conversations from a process of its own: figures, and what was said."""
        before, busy = {name: part.cpu_s() for name, part in self.parts.items()}, _others_s()
        order = {
            "assistant": self.assistant,
            "port": self.port,
            "at_once": at_once,
            "conversations": list(conversations),
        }
        measured = _child("tests.bench.client", order, self.folder)
        said: Conversations = measured["conversations"]
        turns = [turn for conversation in said for turn in conversation]
        spent = {name: (part.cpu_s() - before[name]) * 1000 / len(turns) for name, part in self.parts.items()}
        others = (_others_s() - busy) - sum(spent.values()) * len(turns) / 1000
        return _summed(turns, measured["elapsed_s"]) | {
            "cpu_ms_per_turn": spent,
            "others_cores": max(0.0, others / measured["elapsed_s"]),
        }, said


def _others_s() -> float:
    """Seconds of processor spent on this machine, those of the bench and its client left out."""
    machine, own = psutil.cpu_times(), os.times()
    mine = own.user + own.system + own.children_user + own.children_system
    return float(machine.user + machine.nice + machine.system - mine)


def _summed(turns: list[Json], elapsed_s: float) -> Json:
    labels = sorted({turn["label"] for turn in turns})
    return {
        "turns": timings([turn["ms"] for turn in turns], elapsed_s).to_json(),
        "by_label": {label: timings([t["ms"] for t in turns if t["label"] == label]).to_json() for label in labels},
        "unanswered": sum(not turn["kinds"] for turn in turns),
        "tickets": sum("ticket" in turn["kinds"] for turn in turns),
        "alarms": sum("safety" in turn["kinds"] for turn in turns),
        "first_turn_ms": turns[0]["ms"],
    }


def _check_dialogue(alone: Json) -> None:
    """Only Rasa leads to a ticket: without one, what was measured is the service answering without Rasa."""
    if not alone["tickets"]:
        raise BenchError(
            "aucune demande n'a abouti : le dialogue ne fonctionne pas, les durées ne voudraient rien dire"
        )


def _form_length(conversations: Conversations) -> int:
    return max(len([turn for turn in c if turn["label"] == "réponse au formulaire"]) for c in conversations)


def _taken(texts: Sequence[str], number: int) -> list[str]:
    """So many texts, again from the first when there are fewer."""
    return [texts[n % len(texts)] for n in range(number)]


def _child(module: str, order: Json, folder: Path) -> Json:
    env = {**os.environ, "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    command = [sys.executable, "-m", module]
    output = finished(command, given=json.dumps(order).encode(), env=env, log=folder / "bench.log")
    result: Json = json.loads(output)
    return result
