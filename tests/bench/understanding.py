"""`triage` and the FAQ search in process, alone on one core: reads texts on its input, writes timings on its output."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from tests.bench.timings import Timings, timings

WARM_UP = 20


def main() -> None:
    """Measure on the last core that this process may use."""
    order = json.load(sys.stdin)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    json.dump(measure(order), sys.stdout)


def measure(order: dict[str, Any]) -> dict[str, Any]:
    """`{"short", "mails", "searches"}` in texts, the same in timings out, and `load_s`."""
    from knowledge.decisions import Context
    from knowledge.triage import load_engine, triage

    began = time.perf_counter()
    engine = load_engine()
    loaded = time.perf_counter() - began
    chat, mail = Context(channel="chat"), Context(channel="mail")
    return {
        "load_s": loaded,
        "short": _timed(lambda t: triage(t, chat, engine=engine), order["short"]).to_json(),
        "mails": _timed(lambda t: triage(t, mail, engine=engine), order["mails"]).to_json(),
        "searches": _timed(lambda t: engine.search(t, 5), order["searches"]).to_json(),
    }


def _timed(operation: Callable[[str], object], texts: Sequence[str]) -> Timings:
    for text in texts[:WARM_UP]:
        operation(text)
    durations = []
    for text in texts:
        began = time.perf_counter()
        operation(text)
        durations.append((time.perf_counter() - began) * 1000)
    return timings(durations)


if __name__ == "__main__":
    main()
