"""The figures that every system has: articles, service types, safety, scope, time of one reading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from knowledge.evaluation.intervals import NOTHING, Figure, resampled, share
from knowledge.evaluation.verdicts import NO_ALARM, Verdict, is_alarm, is_foreign, is_hard_negative, is_ordinary, voice
from nlu.training.data import Example

Json = dict[str, Any]


def compared(verdicts: Sequence[Verdict], split: str) -> Json:
    """All of them, by theme."""
    return {
        "articles": articles(verdicts, split),
        "service_types": service_types(verdicts),
        "safety": safety(verdicts),
        "out_of_scope": out_of_scope(verdicts),
        "latency": {"all": milliseconds(verdicts)},
    }


def articles(verdicts: Sequence[Verdict], split: str) -> Json:
    """acc@1, acc@3 and mean reciprocal rank (on five) of the requests that an article answers: all, then by voice."""
    answerable = [v for v in verdicts if v.example.article]
    voices: dict[str, list[Verdict]] = defaultdict(list)
    for v in answerable:
        voices[voice(v.example, split)].append(v)
    accepted = share([v.accepted_rank == 1 for v in answerable])
    return {
        "all": {**_ranked(answerable), "accepted@1": accepted},
        "voices": {n: _ranked(voices[n]) for n in sorted(voices)},
    }


def _ranked(answerable: Sequence[Verdict]) -> Json:
    ranks = np.array([v.rank for v in answerable])
    reciprocal = np.where((ranks > 0) & (ranks <= 5), 1 / np.maximum(ranks, 1), 0)
    return {"acc@1": share(ranks == 1), "acc@3": share((ranks > 0) & (ranks <= 3)), "mrr": share(reciprocal)}


def service_types(verdicts: Sequence[Verdict]) -> Json:
    """Accuracy, and mean over the service types of F1."""
    requests = [v for v in verdicts if v.example.is_request]
    names = {str(n) for v in requests for n in (v.example.service_type, v.service_type)}
    number = {name: i for i, name in enumerate(sorted(names))}
    wanted = np.array([number[str(v.example.service_type)] for v in requests], dtype=int)
    given = np.array([number[str(v.service_type)] for v in requests], dtype=int)
    f1 = resampled(lambda rows: macro_f1(wanted[rows], given[rows], len(number)), len(requests))
    return {"accuracy": share(wanted == given), "macro_f1": f1}


def macro_f1(wanted: npt.NDArray[np.int_], given: npt.NDArray[np.int_], labels: int) -> float:
    """Mean of F1 over the labels that are wanted or given."""
    right = np.bincount(wanted[wanted == given], minlength=labels)
    total = np.bincount(wanted, minlength=labels) + np.bincount(given, minlength=labels)
    return float(np.mean(2 * right[total > 0] / total[total > 0]))


def safety(verdicts: Sequence[Verdict]) -> Json:
    """Recall of alarms (all, by label, by kind) and false alarms (hard negatives, by kind; ordinary requests)."""
    alarms = [v for v in verdicts if is_alarm(v.example)]
    innocent = [v for v in verdicts if is_hard_negative(v.example)]
    return {
        "recall": share([_rings(v) for v in alarms]),
        "right_label": share([v.alarm == v.example.name for v in alarms]),
        "recall_by_label": _by(alarms, lambda e: e.name, _rings),
        "recall_by_kind": _by(alarms, _kind, _rings),
        "false_alarms": share([_rings(v) for v in innocent]),
        "false_alarms_by_kind": _by(innocent, _kind, _rings),
        "false_alarms_requests": share([_rings(v) for v in verdicts if is_ordinary(v.example)]),
    }


def out_of_scope(verdicts: Sequence[Verdict]) -> Json:
    """Area under the ROC curve of "foreign" against "request": all, and kind by kind against every request."""
    foreign = [v for v in verdicts if is_foreign(v.example)]
    requests = [v.out_of_scope for v in verdicts if v.example.is_request]
    kinds = sorted({_kind(v.example) or v.example.name for v in foreign})
    by_kind = {k: [v for v in foreign if (_kind(v.example) or v.example.name) == k] for k in kinds}
    scores = {kind: [v.out_of_scope for v in some] for kind, some in by_kind.items()}
    return {
        "auroc": auroc([v.out_of_scope for v in foreign], requests),
        "auroc_by_kind": {kind: auroc(some, requests) for kind, some in scores.items()},
    }


def auroc(positive: Sequence[float], negative: Sequence[float]) -> Figure:
    """Probability that a positive scores above a negative, ties counting half; `n` is the number of positives."""
    if not positive or not negative:
        return NOTHING
    scores, is_positive = np.array([*positive, *negative]), np.arange(len(positive) + len(negative)) < len(positive)

    def area(rows: npt.NDArray[np.intp]) -> float:
        ours = is_positive[rows]
        k, others = int(ours.sum()), int((~ours).sum())
        if not k or not others:
            return float("nan")
        return float((rankdata(scores[rows])[ours].sum() - k * (k + 1) / 2) / (k * others))

    found = resampled(area, len(scores))
    return Figure(found.value, found.low, found.high, len(positive))


def milliseconds(verdicts: Sequence[Verdict]) -> Json:
    """p50 and p95 of one reading, in milliseconds of processor."""
    times = [v.milliseconds for v in verdicts]
    if not times:
        return {"p50": None, "p95": None, "n": 0}
    p50, p95 = (round(float(p), 2) for p in np.percentile(times, [50, 95]))
    return {"p50": p50, "p95": p95, "n": len(times)}


def _rings(verdict: Verdict) -> bool:
    return verdict.alarm != NO_ALARM


def _kind(example: Example) -> str:
    return str(example.metadata.get("kind", ""))


def _by(verdicts: Sequence[Verdict], name: Callable[[Example], str], hit: Callable[[Verdict], bool]) -> Json:
    """A share by name; messages without one are left out."""
    groups: dict[str, list[bool]] = defaultdict(list)
    for v in verdicts:
        if name(v.example):
            groups[name(v.example)].append(hit(v))
    return {key: share(groups[key]) for key in sorted(groups)}
