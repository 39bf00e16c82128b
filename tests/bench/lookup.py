"""`python -m tests.bench.lookup [--size 20000] [--queries n]`: the look-up beside other searches, on the same articles and
queries, in one process on one core. The queries are the messages of nlu/data/dev that an article answers."""

from __future__ import annotations

import argparse
import copy
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from knowledge.articles import Article
from knowledge.lookup import LONGEST, Lookup, lookup_of
from knowledge.triage import Engine, load_engine
from nlu.embedding import RememberingEmbedder
from nlu.training.data import Example, load_examples
from tests.bench.corpus import large_faq
from tests.bench.processes import ROOT
from tests.bench.rivals import TOP, Search, bm25, postgres_french, tantivy_french
from tests.bench.timings import timings

OUT = ROOT / "build" / "bench"
VECTORS = OUT / "vectors"  # of the large FAQ: encoded once, a minute or two
LARGE = 20_000
WARM_UP = 20
SEED = 17
GOALS_MS = {149: 8, LARGE: 25}
Json = dict[str, Any]


def main() -> int:
    """Measure, write build/bench/lookup.json, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.lookup", description=__doc__)
    parser.add_argument("--size", type=int, default=LARGE, help="articles of the large FAQ")
    parser.add_argument("--queries", type=int, default=0, help="how many queries (0: all)")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    OUT.mkdir(parents=True, exist_ok=True)
    figures = measure_lookup(arguments.size, arguments.queries)
    (OUT / "lookup.json").write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
    print("\n".join(lookup_table(figures)))
    return 0


def measure_apart(*, quick: bool) -> Json:
    """The figures, measured by a process of its own on one core."""
    few = ["--size", "2500", "--queries", "60"] if quick else []
    subprocess.run([sys.executable, "-m", "tests.bench.lookup", *few], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    figures: Json = json.loads((OUT / "lookup.json").read_text(encoding="utf-8"))
    return figures


def measure_lookup(size: int = LARGE, queries: int = 0) -> Json:
    """Figures by number of articles, then by search."""
    from api.db.embedded import embedded_postgres

    engine, asked = load_engine(), _queries(queries)
    large, embedder = _large(engine, size)
    found: Json = {}
    with tempfile.TemporaryDirectory() as folder, embedded_postgres(Path(folder) / "postgres") as url:
        for articles, lookup in ((engine.articles, lookup_of(engine)), (large.articles, lookup_of(large))):
            embedder.remembering.save()
            found[str(len(articles))] = _compare(list(articles.values()), lookup, asked, url)
    return found


def _large(engine: Engine, size: int) -> tuple[Engine, _Mixed]:
    """The engine with the large FAQ: its articles encoded once for all, its queries each time."""
    embedder = engine.understander.extractor.embedder
    remembering = _Mixed(RememberingEmbedder(embedder, VECTORS), embedder)
    extractor = copy.copy(engine.understander.extractor)
    extractor.embedder = remembering
    understander = replace(engine.understander, extractor=extractor)
    return replace(engine, articles=large_faq(engine.articles, size), understander=understander), remembering


class _Mixed:
    """Many texts at once are articles, remembered from a run to the next; one text is a query, encoded."""

    def __init__(self, remembering: RememberingEmbedder, embedder: Any) -> None:
        self.remembering, self.embedder = remembering, embedder
        self.name, self.dimension = embedder.name, embedder.dimension

    def encode(self, texts: Sequence[str]) -> Any:
        """Vectors of shape (len(texts), dimension)."""
        return self.embedder.encode(texts) if len(texts) == 1 else self.remembering.encode(texts)


def _queries(number: int) -> list[Example]:
    """Messages no longer than what the box takes, always in the same order."""
    asked = [e for e in load_examples("dev") if e.article and len(e.text) <= LONGEST]
    random.Random(SEED).shuffle(asked)
    return asked[:number] if number else asked


def _compare(articles: list[Article], lookup: Lookup, asked: list[Example], url: str) -> Json:
    figures: Json = {"queries": len(asked), "typing": _typing(lookup, asked)}
    with ExitStack() as stack:
        searches: dict[str, Search] = {
            "Aiguillage": lambda q: [s.id for s in lookup.search(q, settled=True, limit=TOP).found],
            "Aiguillage, mots seuls": lambda q: [s.id for s in _words_only(lookup, q)],
            "PostgreSQL, français": stack.enter_context(postgres_french(articles, url)),
            "tantivy, français": tantivy_french(articles),
            "BM25 (bm25s, PyStemmer)": bm25(articles),
        }
        figures |= {name: _measured(search, asked) for name, search in searches.items()}
    return figures


def _words_only(lookup: Lookup, query: str) -> Iterator[Any]:
    matches = lookup.words.match(query, typing=False)
    for row in (matches.scores * matches.coverage).argsort()[::-1][:TOP]:
        yield lookup.articles[lookup.ids[row]]


def _measured(search: Callable[[str], list[str]], asked: list[Example]) -> Json:
    for example in asked[:WARM_UP]:
        search(f"{example.text} ?")
    first, third, durations, worked = 0, 0, [], []
    for example in asked:
        began, processor = time.perf_counter(), time.process_time()
        found = search(example.text)
        worked.append((time.process_time() - processor) * 1000)
        durations.append((time.perf_counter() - began) * 1000)
        first += found[:1] == [example.article]
        third += example.article in found[:3]
    quality = {"acc@1": first / len(asked), "acc@3": third / len(asked)}
    return {**quality, **timings(durations).to_json(), "processor_p95": timings(worked).p95}


def _typing(lookup: Lookup, asked: Sequence[Example]) -> Json:
    """Each query typed key by key, at most forty keys, as twenty agents one after the other."""
    durations = []
    for example in asked[:60]:
        text = example.text[:40]
        for end in range(2, len(text) + 1):
            began = time.perf_counter()
            lookup.search(text[:end], settled=False)
            durations.append((time.perf_counter() - began) * 1000)
    return timings(durations).to_json()


def lookup_table(figures: Mapping[str, Any]) -> Iterator[str]:
    """The comparison as people read it."""
    for size, found in figures.items():
        yield f"\nRecherche sur {size} articles ({found['queries']} messages de personnes non apprises, un cœur)"
        yield f"  {'':<34}{'acc@1':>8}{'acc@3':>8}{'p50 ms':>9}{'p95 ms':>9}{'proc. p95':>11}"
        for name, row in found.items():
            if isinstance(row, dict) and "acc@1" in row:
                times = f"{row['p50']:>9.2f}{row['p95']:>9.2f}{row['processor_p95']:>11.2f}"
                yield f"  {name:<34}{row['acc@1']:>8.3f}{row['acc@3']:>8.3f}{times}"
        typing = found["typing"]
        yield f"  {'Aiguillage, à chaque touche':<34}{'':>16}{typing['p50']:>9.2f}{typing['p95']:>9.2f}"
        goal = GOALS_MS.get(int(size))
        if goal:
            met = "tenu" if found["Aiguillage"]["p95"] <= goal else "MANQUÉ"
            yield f"  objectif : p95 ≤ {goal} ms, {met}"


if __name__ == "__main__":
    sys.exit(main())
