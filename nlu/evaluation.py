"""The nlu room measured alone on the dev split: service types, scope, safety, entities and unit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import f1_score, roc_auc_score

from nlu.training.data import DATA, OUT_OF_SCOPE, SAFETY, load_examples
from nlu.understanding import Understander


def evaluate(understander: Understander, data: Path = DATA) -> dict[str, Any]:
    """Accuracy and macro-F1 of the service types, AUROC of scope, recall and false alarms of safety, handling accuracy."""
    examples = load_examples("dev", data)
    readings = [understander.understand(e.text) for e in examples]
    pairs = list(zip(examples, readings, strict=True))
    requests = [(e, r) for e, r in pairs if e.is_request]
    wanted = [str(e.service_type) for e, _ in requests]
    given = [understander.types[int(r.types.argmax())] for _, r in requests]
    scope = [(e.group == OUT_OF_SCOPE, r.out_of_scope) for e, r in pairs if e.is_request or e.group == OUT_OF_SCOPE]
    alarms = [r.safety.label != "none" for e, r in pairs if e.group == SAFETY and e.name != "none"]
    innocent = [r.safety.label != "none" for e, r in pairs if e.group == SAFETY and e.name == "none"]
    return {
        "service_types": {
            "accuracy": _mean([w == g for w, g in zip(wanted, given, strict=True)]),
            "macro_f1": round(float(f1_score(wanted, given, average="macro")), 4),
        },
        "handling": {"accuracy": _mean([(r.general >= 0.5) == bool(e.article) for e, r in requests])},
        "out_of_scope": {"auroc": round(float(roc_auc_score(*zip(*scope, strict=True))), 4)},
        "safety": {"recall": _mean(alarms), "false_alarms": _mean(innocent)},
        "n": len(examples),
    }


def _mean(values: list[bool]) -> float:
    return round(float(np.mean(values)), 4)
