"""The product's own classifier on any intents: sentence vector ⊕ n-grams, trained on the given training side alone."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import orjson
from sklearn.metrics import f1_score

from nlu.embedding import Embedder
from nlu.features import FeatureExtractor, readable
from nlu.intents import fit


def benchmark(train: Path, test: Path, embedder: Embedder) -> dict[str, float | int]:
    """Fit on `train`, predict `test` (JSON Lines of {"text","label"}).

    Gives accuracy, macro_f1, p50 and p95 of one prediction in milliseconds, seconds of the fit, n.
    """
    known, unseen = _rows(train), _rows(test)
    start = time.perf_counter()
    texts = [readable(r["text"]) for r in known]
    extractor = FeatureExtractor.fit(texts, embedder, max_ngrams=None)
    classifier = fit(extractor.extract(texts), [r["label"] for r in known])
    fit_seconds = time.perf_counter() - start
    predictions, seconds = [], []
    for row in unseen:
        start = time.perf_counter()
        scores = classifier.scores(extractor.extract([readable(row["text"])]))
        predictions.append(classifier.labels[int(scores.argmax())])
        seconds.append(time.perf_counter() - start)
    wanted = [r["label"] for r in unseen]
    return {
        "accuracy": round(float(np.mean(np.array(predictions) == np.array(wanted))), 4),
        "macro_f1": round(float(f1_score(wanted, predictions, average="macro")), 4),
        "predict_p50_ms": round(float(np.percentile(seconds, 50)) * 1000, 3),
        "predict_p95_ms": round(float(np.percentile(seconds, 95)) * 1000, 3),
        "fit_seconds": round(fit_seconds, 2),
        "n": len(unseen),
    }


def _rows(path: Path) -> list[dict[str, str]]:
    rows = [orjson.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    return [{"text": str(r["text"]), "label": str(r["label"])} for r in rows]
