"""The report on people not seen: what the product promises, measured on the dev split."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from sklearn.metrics import f1_score, roc_auc_score

from knowledge.decisions import Context, Triage
from knowledge.triage import Engine, triage
from nlu.training.data import DATA, OUT_OF_SCOPE, SAFETY, Example, load_examples

SUFFERING = "souffrance_harcelement"
ENTITIES, SEVERAL = "entites", "plusieurs_demandes"


@dataclass(frozen=True, slots=True)
class Judged:
    """A dev message and what the product did with it."""

    example: Example
    triage: Triage


def judge(engine: Engine, data: Path = DATA) -> list[Judged]:
    """Triage every dev message."""
    return [Judged(e, triage(e.text, Context(), engine=engine)) for e in load_examples("dev", data)]


def evaluate(engine: Engine, data: Path = DATA) -> dict[str, Any]:
    """All figures, by theme; shares are in [0, 1] and None where nothing was to be judged."""
    judged = judge(engine, data)
    requests = [j for j in judged if j.example.is_request]
    return {
        "n": len(judged),
        "articles": _articles(requests),
        "service_types": _service_types(requests),
        "answer": _answers(requests),
        "calibration": _calibration(requests),
        "safety": _safety(judged),
        "out_of_scope": _out_of_scope(judged),
        "entities": _entities([j for j in judged if j.example.group == ENTITIES]),
        "several_requests": _several(judged),
    }


def _articles(requests: Sequence[Judged]) -> dict[str, Any]:
    voices: dict[str, list[int]] = defaultdict(list)
    for j in requests:
        if j.example.article:
            ids = [a.id for a in j.triage.articles]
            rank = ids.index(j.example.article) + 1 if j.example.article in ids else 0
            voices[j.example.voice].append(rank)
    everyone = [r for ranks in voices.values() for r in ranks]
    return {"all": _ranked(everyone), **{voice: _ranked(ranks) for voice, ranks in sorted(voices.items())}}


def _ranked(ranks: Sequence[int]) -> dict[str, Any]:
    found = np.array(ranks)
    reciprocal = np.where(found > 0, 1 / np.maximum(found, 1), 0)
    return {
        "acc@1": _mean(found == 1),
        "acc@3": _mean((found > 0) & (found <= 3)),
        "mrr@5": _mean(reciprocal),
        "n": len(ranks),
    }


def _service_types(requests: Sequence[Judged]) -> dict[str, Any]:
    wanted = [str(j.example.service_type) for j in requests]
    given = [str(j.triage.service_type) for j in requests]
    return {
        "accuracy": _mean([w == g for w, g in zip(wanted, given, strict=True)]),
        "macro_f1": round(float(f1_score(wanted, given, average="macro")), 4) if wanted else None,
        "n": len(wanted),
    }


def _answers(requests: Sequence[Judged]) -> dict[str, Any]:
    """`precision`: the article answered is right and the request needed no person; `coverage`: of answerable requests."""
    answered = [j for j in requests if j.triage.decision == "answer"]
    offered = [j for j in requests if j.triage.decision == "choices"]
    return {
        "precision": _mean([_right(j) for j in answered]),
        "coverage": _mean([j.triage.decision == "answer" for j in requests if j.example.article]),
        "choices_precision": _mean([_among(j) for j in offered]),
        "choices_share": _mean([j.triage.decision == "choices" for j in requests]),
    }


def _right(j: Judged) -> bool:
    return j.example.article is not None and j.triage.article in j.example.accepted_articles


def _among(j: Judged) -> bool:
    return bool(j.example.accepted_articles & {a.id for a in j.triage.articles[:3]})


def _calibration(requests: Sequence[Judged], bins: int = 10) -> dict[str, Any]:
    """Expected calibration error of the service type's probability, and its reliability diagram."""
    score = np.array([j.triage.request_types[0].score for j in requests])
    right = np.array([j.triage.service_type == j.example.service_type for j in requests])
    bucket = np.minimum((score * bins).astype(int), bins - 1)
    diagram = [
        {"confidence": _mean(score[bucket == b]), "accuracy": _mean(right[bucket == b]), "n": int((bucket == b).sum())}
        for b in range(bins)
        if (bucket == b).any()
    ]
    error = sum(abs(row["confidence"] - row["accuracy"]) * row["n"] for row in diagram) / max(1, len(score))
    return {"expected_calibration_error": round(float(error), 4), "reliability": diagram}


def _safety(judged: Sequence[Judged]) -> dict[str, Any]:
    alarms = [j for j in judged if j.example.group == SAFETY and j.example.name != "none"]
    innocent = [j for j in judged if j.example.group == SAFETY and j.example.name == "none"]
    ordinary = [j for j in judged if j.example.is_request and j.example.group != SUFFERING]
    return {
        "recall": _mean([j.triage.safety.label != "none" for j in alarms]),
        "label_accuracy": _mean([j.triage.safety.label == j.example.name for j in alarms]),
        "false_alarms_hard_negatives": _mean([j.triage.safety.label != "none" for j in innocent]),
        "false_alarms_requests": _mean([j.triage.safety.label != "none" for j in ordinary]),
        "n": len(alarms) + len(innocent),
    }


def _out_of_scope(judged: Sequence[Judged]) -> dict[str, Any]:
    foreign = [j.triage.out_of_scope for j in judged if j.example.group == OUT_OF_SCOPE]
    requests = [j.triage.out_of_scope for j in judged if j.example.is_request]
    if not foreign or not requests:
        return {"auroc": None, "n": 0}
    auroc = roc_auc_score([1] * len(foreign) + [0] * len(requests), foreign + requests)
    answered = [j.triage.decision == "answer" for j in judged if j.example.group == OUT_OF_SCOPE]
    refused = [j.triage.decision == "out_of_scope" for j in judged if j.example.is_request]
    return {
        "auroc": round(float(auroc), 4),
        "answered": _mean(answered),
        "requests_refused": _mean(refused),
        "n": len(foreign),
    }


def _entities(judged: Sequence[Judged]) -> dict[str, Any]:
    """Micro F1 over the entities (a date or a training counts when one form holds the other), accuracy of the unit."""
    right, given, wanted = 0, 0, 0
    for j in judged:
        expected = {k: str(v).lower() for k, v in j.example.metadata["entities"].items()}
        found = {k: v.lower() for k, v in j.triage.entities.items()}
        given, wanted = given + len(found), wanted + len(expected)
        right += sum(_same(k, expected[k], found[k]) for k in expected.keys() & found.keys())
    told = [j for j in judged if j.example.metadata.get("unite")]
    return {
        "f1": round(2 * right / max(1, given + wanted), 4),
        "unit_accuracy": _mean([j.triage.unite == j.example.metadata["unite"] for j in told]),
        "n": len(judged),
    }


def _same(label: str, expected: str, found: str) -> bool:
    return expected == found or (label in ("date", "formation") and (expected in found or found in expected))


def _several(judged: Sequence[Judged]) -> dict[str, Any]:
    several = [j for j in judged if j.example.group == SEVERAL]
    single = [j for j in judged if j.example.is_request]
    return {
        "all_found": _mean(
            [set(j.example.metadata["request_types"]) <= set(j.triage.all_request_types) for j in several]
        ),
        "single_split": _mean([len(j.triage.all_request_types) > 1 for j in single]),
        "n": len(several),
    }


def _mean(values: Any) -> Any:
    values = np.asarray(values, dtype=float)
    return round(float(values.mean()), 4) if values.size else None


def write_report(figures: dict[str, Any], folder: Path) -> None:
    """Write `report.json` and a readable `report.html`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_bytes(orjson.dumps(figures, option=orjson.OPT_INDENT_2))
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>" for name, value in _flat(figures))
    page = f'<!doctype html><html lang="fr"><meta charset="utf-8"><title>Mesures</title><table>{rows}</table></html>'
    (folder / "report.html").write_text(page, encoding="utf-8")


def _flat(figures: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for name, value in figures.items():
        if isinstance(value, dict):
            rows += _flat(value, f"{prefix}{name} · ")
        elif not isinstance(value, list):
            rows.append((f"{prefix}{name}", value))
    return rows
