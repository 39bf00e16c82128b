"""`python -m nlu train | evaluate | benchmark`."""

from __future__ import annotations

import argparse
from pathlib import Path

from nlu.artifacts import MODELS
from nlu.embedding import DEFAULT_ENCODER, SentenceEmbedder


def main() -> None:
    """Run one command; its result goes to standard output."""
    parser = argparse.ArgumentParser(prog="python -m nlu", description=__doc__)
    parser.add_argument("--encoder", default=str(DEFAULT_ENCODER), help="sentence-transformers name or folder")
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="fit the classifiers on nlu/data/train")
    train.add_argument("--models", type=Path, default=MODELS)
    evaluate = commands.add_parser("evaluate", help="measure the classifiers on nlu/data/dev")
    evaluate.add_argument("--models", type=Path, default=MODELS)
    benchmark = commands.add_parser("benchmark", help="the product's classifier on any intents")
    benchmark.add_argument("--train", type=Path, required=True, help='JSON Lines of {"text","label"}')
    benchmark.add_argument("--test", type=Path, required=True)
    arguments = parser.parse_args()
    encoder = Path(arguments.encoder)
    embedder = SentenceEmbedder(encoder if encoder.exists() else arguments.encoder)
    if arguments.command == "train":
        from nlu.training.understanding import train as train_understanding

        train_understanding(embedder, arguments.models / "nlu")
        print(f"Modèles écrits dans {arguments.models / 'nlu'}")
    elif arguments.command == "evaluate":
        from nlu.evaluation import evaluate as evaluate_understanding
        from nlu.evaluation import print_json

        print_json(evaluate_understanding(arguments.models / "nlu", embedder))
    else:
        from nlu.benchmark import benchmark as run_benchmark
        from nlu.evaluation import print_json

        print_json(run_benchmark(arguments.train, arguments.test, embedder))


if __name__ == "__main__":
    main()
