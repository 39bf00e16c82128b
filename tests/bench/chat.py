"""`python -m tests.bench.chat [--quick]`: the chat of the product alone: open streams, first replies, weight, slow line."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.bench.processes import ROOT, BenchError
from tests.bench.product import Product, product
from tests.bench.slow_phone import DOWN, LATENCY_MS, measure_page
from tests.bench.streams import Crowd
from tests.bench.texts import Texts, load_texts
from tests.bench.timings import timings

OUT = ROOT / "build" / "bench"
PER_SECOND = 20  # messages
WIDGET_KB = 30  # to stay under
WARM_UP = 3  # requests
WIDTH = 44
WEIGHTS = {
    "html": "page /assistant",
    "own": "nos styles et scripts",
    "design": "styles du DSFR",
    "fonts": "polices et icônes du DSFR",
    "other": "autres",
}
MOMENTS = {
    "drawn": "premier texte à l'écran",
    "ready": "page prête, script compris",
    "replied": "première réponse affichée",
    "waited": "dont attente après « Envoyer »",
}
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChatSize:
    """How much is measured: streams, seconds of messages, visits on the slow line."""

    streams: int
    seconds: float
    visits: int


FULL = ChatSize(streams=500, seconds=25, visits=7)  # one message a conversation
QUICK = ChatSize(streams=50, seconds=5, visits=2)


def main() -> int:
    """Measure, write build/bench/chat.json, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.chat", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="50 flux, 5 secondes")
    size = QUICK if parser.parse_args().quick else FULL
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="aiguillage-bench-") as folder:
        try:
            figures = measure_chat(load_texts(), size, Path(folder))
        except BenchError as error:
            print(f"Mesures impossibles : {error}", file=sys.stderr)
            return 1
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "chat.json").write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"Charge de la machine : {before:.1f} avant, {os.getloadavg()[0]:.1f} après. Durées en millisecondes.")
    print("\n".join(chat_table(figures)))
    return 0


def measure_chat(texts: Texts, size: ChatSize, folder: Path) -> Json:
    """The figures, on a product of its own: one service process, an empty database."""
    with product(folder) as running:
        crowd = asyncio.run(_crowd(running, texts.questions, size))
        page = measure_page(f"http://127.0.0.1:{running.port}", visits=size.visits)
    return {"size": asdict(size), **crowd, **page}


async def _crowd(running: Product, questions: Sequence[str], size: ChatSize) -> Json:
    number = round(size.seconds * PER_SECOND)
    async with Crowd(running.port) as crowd:
        await crowd.warm_up(questions[:WARM_UP])
        await crowd.open_conversations(size.streams)
        memory = {"before": asdict(running.service.memory())}
        await crowd.follow()
        memory["open"] = asdict(running.service.memory())
        cpu = running.service.cpu_s()
        durations = await crowd.write(questions, number=number, per_second=PER_SECOND)
        memory["after"] = asdict(running.service.memory())
        spent = running.service.cpu_s() - cpu
        lost = sum(follower.ended for follower in crowd.followers)
    return {
        "memory_mb": memory,
        "first_reply": timings(durations, size.seconds).to_json(),
        "sent": number,
        "closed_streams": lost,
        "service_cpu_ms": spent * 1000 / number,
    }


def chat_table(figures: Json) -> Iterator[str]:
    """The part of the report that speaks of the chat; nothing when it was not measured."""
    if figures:
        yield from _crowd_rows(figures)
        yield from _memory_rows(figures)
        yield from _page_rows(figures)


def _crowd_rows(figures: Json) -> Iterator[str]:
    streams, found = figures["size"]["streams"], figures["first_reply"]
    yield _heading(f"Chat : {streams} flux ouverts, {PER_SECOND} messages/s", "p50", "p95", "par s", "")
    row = f"{found['p50']:>9.1f}{found['p95']:>9.1f}{found['per_second']:>9.1f}"
    yield f"  {'première réponse, par le flux':<{WIDTH}}{row}"
    missing = figures["sent"] - found["n"]
    yield (
        f"  {figures['sent']} messages, {missing} sans réponse, {figures['closed_streams']} flux coupés, "
        f"{figures['service_cpu_ms']:.1f} ms de processeur du service par message"
    )


def _memory_rows(figures: Json) -> Iterator[str]:
    streams, memory = figures["size"]["streams"], figures["memory_mb"]
    moments = {"before": "avant les flux", "open": f"{streams} flux ouverts", "after": "après les messages"}
    yield _heading("Chat : mémoire du service (Mo)", "RSS", "PSS", "", "")
    for key, label in moments.items():
        yield f"  {label:<{WIDTH}}{memory[key]['rss']:>9.1f}{memory[key]['pss']:>9.1f}"
    each = [(memory["open"][k] - memory["before"][k]) * 1000 / streams for k in ("rss", "pss")]
    yield f"  {'hausse par flux, au moins (Ko)':<{WIDTH}}{each[0]:>9.1f}{each[1]:>9.1f}"


def _page_rows(figures: Json) -> Iterator[str]:
    yield _heading("Chat : poids (Ko de 1 000 octets, comprimés)", "envoyés", "", "", "objectif")
    weight = figures.get("weight", {})
    for key, label in WEIGHTS.items():
        if weight.get(key):
            yield f"  {label:<{WIDTH}}{weight[key] / 1000:>9.1f}"
    if weight:
        yield f"  {'total de la première visite':<{WIDTH}}{sum(weight.values()) / 1000:>9.1f}"
    kilobytes = figures["widget"]["sent"] / 1000
    met = "tenu" if kilobytes < WIDGET_KB else "MANQUÉ"
    yield f"  {'widget.js, avant ouverture':<{WIDTH}}{kilobytes:>9.1f}{'':>18}  < {WIDGET_KB} : {met}"
    if not weight:
        yield "  page et 4G lente non mesurées : Chromium n'est pas installé"
        return
    title = f"Chat : 4G lente ({DOWN / 1e6:.1f} Mbit/s, {LATENCY_MS} ms)".replace(".", ",")
    yield _heading(title, "p50", "p95", "visites", "")
    for key, label in MOMENTS.items():
        found = figures["slow_4g"][key]
        yield f"  {label:<{WIDTH}}{found['p50']:>9.0f}{found['p95']:>9.0f}{found['n']:>9}"


def _heading(title: str, *columns: str) -> str:
    return f"\n{title:<{WIDTH + 2}}" + "".join(f"{c:>9}" for c in columns[:3]) + f"  {columns[3]}".rstrip()


if __name__ == "__main__":
    raise SystemExit(main())
