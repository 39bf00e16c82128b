"""`python -m knowledge triage | benchmark | check | build | evaluate`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TextIO

import orjson

from knowledge.content_file import CONTENT
from nlu.artifacts import MODELS, VECTORS, ArtifactMismatch, is_current
from nlu.embedding import DEFAULT_ENCODER, RememberingEmbedder, SentenceEmbedder, model_name
from nlu.training.data import DATA


def main() -> int:
    """Run one command; its result goes to standard output, 0 is success."""
    arguments = _parser().parse_args()
    try:
        return int(_COMMANDS[arguments.command](arguments))
    except ArtifactMismatch as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__)
    parser.add_argument("--encoder", default=str(DEFAULT_ENCODER), help="sentence-transformers name or folder")
    parser.add_argument("--models", type=Path, default=MODELS)
    parser.add_argument("--content", type=Path, default=CONTENT)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("triage", help='JSON Lines of {"text"} on standard input, triaged on standard output')
    commands.add_parser("check", help="refuse content that can't be published, with file and line")
    phrasings = commands.add_parser(
        "phrasings", help="the articles' phrasings as a file of messages, in Rasa NLU format"
    )
    phrasings.add_argument("--out", type=Path, required=True)
    build = commands.add_parser("build", help="build the index and fit the thresholds")
    build.add_argument("--if-needed", action="store_true", help="only when articles, nlu models or encoder changed")
    _evaluation_arguments(commands.add_parser("evaluate", help="measure everything on people not seen"))
    benchmark = commands.add_parser("benchmark", help="the product's search on any FAQ")
    benchmark.add_argument("--docs", type=Path, required=True, help='JSON Lines of {"doc_id","title","text"}')
    benchmark.add_argument("--queries", type=Path, required=True, help='JSON Lines of {"query","doc_id"}')
    benchmark.add_argument("--fields", default="title", help="title, text or title,text")
    return parser


def _evaluation_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--split", action="append", help="dev or epreuve, may be repeated; without it, all there are")
    parser.add_argument("--out", type=Path, default=Path("build/evaluation"))
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the splits")
    parser.add_argument(
        "--baselines", choices=("needed", "again", "kept", "none"), default="needed",
        help="other systems: measured where not yet kept in var/evaluation, again, only what is kept, or not at all",
    )  # fmt: skip
    parser.add_argument("--minilm", type=Path, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--epochs", type=int, help="of the stock Rasa's learning")
    parser.add_argument("--record", type=Path, help="write the headline figures as floors into this file")


def _triage(arguments: argparse.Namespace) -> int:
    from knowledge.decisions import Context
    from knowledge.triage import load_engine, triage

    engine = load_engine(arguments.models, arguments.content, _encoder(arguments))
    for row in _rows(sys.stdin):
        context = Context(subject=row.get("subject"))
        result = triage(str(row["text"]), context, engine=engine).to_dict()
        sys.stdout.buffer.write(orjson.dumps({**row, **result}) + b"\n")
        sys.stdout.buffer.flush()
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from knowledge.checking import check

    faults = check(arguments.content)
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(faults)} faute(s) dans le contenu" if faults else "Contenu vérifié : aucune faute")
    return 1 if faults else 0


def _phrasings(arguments: argparse.Namespace) -> int:
    from knowledge.articles import load_articles
    from knowledge.phrasings import as_messages

    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(as_messages(load_articles(arguments.content)), encoding="utf-8")
    return 0


def _build(arguments: argparse.Namespace) -> int:
    from knowledge.building import build

    if arguments.if_needed and _is_current(arguments):
        return 0
    print("Construction de l'index et des seuils (environ deux minutes)…", flush=True)
    remembering = RememberingEmbedder(SentenceEmbedder(_encoder(arguments), threads=os.cpu_count() or 1), VECTORS)
    build(arguments.models, remembering, arguments.content)
    remembering.save()
    print(f"Index écrit dans {arguments.models / 'knowledge'}")
    return 0


def _is_current(arguments: argparse.Namespace) -> bool:
    from knowledge.articles import load_articles
    from knowledge.triage import content_digest

    digest = content_digest(load_articles(arguments.content), arguments.models)
    return is_current(arguments.models / "knowledge", encoder=model_name(_encoder(arguments)), digest=digest)


def _evaluate(arguments: argparse.Namespace) -> int:
    from knowledge.evaluation.command import run
    from knowledge.triage import load_engine

    return run(arguments, load_engine(arguments.models, arguments.content, _encoder(arguments)))


def _benchmark(arguments: argparse.Namespace) -> int:
    from knowledge.benchmark import benchmark

    docs, queries = (_rows(path.open(encoding="utf-8")) for path in (arguments.docs, arguments.queries))
    figures = benchmark(docs, queries, arguments.fields.split(","), SentenceEmbedder(_encoder(arguments)))
    print(orjson.dumps(figures).decode())
    return 0


def _encoder(arguments: argparse.Namespace) -> str | Path:
    path = Path(arguments.encoder)
    return path if path.exists() else str(arguments.encoder)


def _rows(lines: TextIO) -> list[dict[str, str]]:
    return [orjson.loads(line) for line in lines if line.strip()]


_COMMANDS = {
    "triage": _triage,
    "check": _check,
    "phrasings": _phrasings,
    "build": _build,
    "benchmark": _benchmark,
    "evaluate": _evaluate,
}

if __name__ == "__main__":
    sys.exit(main())
