"""`python -m nlu train | evaluate | benchmark | train-encoder`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

import orjson

from nlu.artifacts import MODELS, VECTORS, is_current
from nlu.embedding import DEFAULT_ENCODER, RememberingEmbedder, SentenceEmbedder, model_name
from nlu.understanding import Understander

SHARED = Path(__file__).parent.parent.parent / "shared"


def main() -> None:
    """Run one command; its result goes to standard output."""
    parser = argparse.ArgumentParser(prog="python -m nlu", description=__doc__)
    parser.add_argument("--encoder", default=str(DEFAULT_ENCODER), help="sentence-transformers name or folder")
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="fit the classifiers on nlu/data/train")
    train.add_argument("--models", type=Path, default=MODELS)
    train.add_argument("--more", type=Path, help="a further file of messages, in Rasa NLU format")
    train.add_argument("--if-needed", action="store_true", help="only when messages, code or encoder changed")
    evaluate = commands.add_parser("evaluate", help="measure the classifiers on nlu/data/dev")
    evaluate.add_argument("--models", type=Path, default=MODELS)
    benchmark = commands.add_parser("benchmark", help="the product's classifier on any intents")
    benchmark.add_argument("--train", type=Path, required=True, help='JSON Lines of {"text","label"}')
    benchmark.add_argument("--test", type=Path, required=True)
    encode = commands.add_parser("train-encoder", help="make the sentence encoder; hours on two cores, resumable")
    encode.add_argument("--student", type=Path, help="folder to start from; without it, transplanted from the teacher")
    encode.add_argument("--teacher", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    encode.add_argument("--pairs", type=Path, default=SHARED / "data" / "embeddings" / "en_fr_pairs.tsv")
    encode.add_argument("--texts", type=Path, nargs="*", default=sorted((SHARED / "domain").glob("*.md")))
    encode.add_argument("--vocabulary", type=int, default=24_000, help="French subwords of the transplant, at most")
    encode.add_argument("--aligned-pairs", type=int, default=150_000, help="pairs the transplant reads, at most")
    encode.add_argument("--steps", type=int, default=3000)
    encode.add_argument("--start-share", type=float, default=0.3, help="weight of the starting model in the average")
    encode.add_argument("--out", type=Path, default=MODELS.parent / "encoder")
    arguments = parser.parse_args()
    if arguments.command == "train-encoder":
        _train_encoder(arguments)
        return
    encoder = Path(arguments.encoder) if Path(arguments.encoder).exists() else arguments.encoder
    if (
        arguments.command == "train"
        and arguments.if_needed
        and _is_current(arguments.models / "nlu", encoder, arguments.more)
    ):
        return
    if arguments.command == "train":
        from nlu.training.understanding import train as train_understanding

        print("Entraînement de la compréhension (environ deux minutes)…", flush=True)
        remembering = RememberingEmbedder(SentenceEmbedder(encoder, threads=os.cpu_count() or 1), VECTORS)
        train_understanding(remembering, arguments.models / "nlu", more=arguments.more)
        remembering.save()
        print(f"Modèles écrits dans {arguments.models / 'nlu'}")
    elif arguments.command == "evaluate":
        from nlu.evaluation import evaluate as evaluate_understanding

        _print(evaluate_understanding(Understander.load(arguments.models / "nlu", SentenceEmbedder(encoder))))
    else:
        from nlu.benchmark import benchmark as run_benchmark

        _print(run_benchmark(arguments.train, arguments.test, SentenceEmbedder(encoder)))


def _train_encoder(arguments: argparse.Namespace) -> None:
    from nlu.training.encoder import Sources, average, distil, export

    start = arguments.student or _transplant(arguments)
    sources = Sources(start, arguments.teacher, arguments.pairs)
    trained = distil(sources, arguments.out, arguments.steps)
    share = arguments.start_share
    mean = average([(trained, 1 - share), (start, share)], arguments.out / "mean")
    export(mean, arguments.out / "exported")
    print(f"Encodeur écrit dans {arguments.out / 'exported'} : mesurez-le, puis copiez-le dans nlu/models/encoder")


def _transplant(arguments: argparse.Namespace) -> Path:
    """The model to start from, made when none is given."""
    from nlu.training.transplant import OtherRecipe, Recipe, transplant

    texts, size, most = tuple(arguments.texts), arguments.vocabulary, arguments.aligned_pairs
    try:
        return transplant(Recipe(arguments.teacher, arguments.pairs, texts, size, most), arguments.out / "transplant")
    except OtherRecipe as error:
        sys.exit(str(error))


def _print(figures: dict[str, Any]) -> None:
    print(orjson.dumps(figures, option=orjson.OPT_INDENT_2).decode())


def _is_current(folder: Path, encoder: str | Path, more: Path | None) -> bool:
    from nlu.training.understanding import training_digest

    return is_current(folder, encoder=model_name(encoder), digest=training_digest(more=more))


if __name__ == "__main__":
    main()
