"""The classifier on somebody else's intents."""

from __future__ import annotations

from pathlib import Path

import orjson

from nlu.benchmark import benchmark
from tests.nlu.embedders import HashEmbedder
from tests.nlu.test_intents import ROWS


def write(path: Path, rows: list[tuple[str, str]]) -> Path:
    path.write_bytes(b"\n".join(orjson.dumps({"text": t, "label": label}) for t, label in rows) + b"\n\n")
    return path


def test_figures(tmp_path: Path) -> None:
    test = [("mon colis", "colis"), ("ma facture", "facture"), ("mon stage", "stage"), ("facture", "stage")]
    figures = benchmark(write(tmp_path / "train.jsonl", ROWS), write(tmp_path / "test.jsonl", test), HashEmbedder())
    assert set(figures) == {"accuracy", "macro_f1", "predict_p50_ms", "predict_p95_ms", "fit_seconds", "n"}
    assert figures["n"] == 4
    assert figures["accuracy"] == 0.75
    assert 0.7 < figures["macro_f1"] < 0.8
    assert figures["predict_p95_ms"] >= figures["predict_p50_ms"] > 0
