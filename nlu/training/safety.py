"""Training of the safety detector: a classifier of whole messages, and two thresholds fitted on people not seen in training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from nlu.features import FeatureExtractor, readable_parts
from nlu.safety import NONE, SafetyDetector, plain_words
from nlu.training.corpus import Corpus, fit_balanced
from nlu.training.data import SAFETY, Example

SUFFERING = "souffrance_harcelement"
STRENGTH = 0.3  # of the classifier: measured on the dev split
ORDINARY_ALARMS = 0.023  # share of ordinary requests that may give the alarm
INNOCENT_ALARMS = 0.03  # share of the innocent messages that use the words of alarms
STEPS = 60  # candidate values of each threshold

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Readings:
    """Of n messages: alarm of the whole, of the gravest part, and what they are ("alarm", "innocent" or "ordinary")."""

    whole: Floats
    part: Floats
    kinds: npt.NDArray[np.str_]


def train_safety(corpus: Corpus, extractor: FeatureExtractor, dev: Sequence[Example]) -> SafetyDetector:
    """Requests about suffering are neither alarms nor innocent: they are left out."""
    rows = [i for i, e in enumerate(corpus.examples) if e.group != SUFFERING]
    labels = [e.name if e.group == SAFETY else NONE for e in (corpus.examples[i] for i in rows)]
    detector = SafetyDetector(fit_balanced(corpus, rows, labels, strength=STRENGTH), 1.01, 1.01)
    found = [_read(example, detector, extractor) for example in dev if _kind(example)]
    if not any(kind == "alarm" for _, _, kind in found):
        return replace(detector, threshold=0.5)
    whole, part, kinds = zip(*found, strict=True)
    first, second = thresholds(Readings(np.array(whole), np.array(part), np.array(kinds)))
    return replace(detector, threshold=first, part_threshold=second)


def thresholds(readings: Readings) -> tuple[float, float]:
    """Alarm of the whole message and of one of its parts from which it is given: the pair that hears most alarms while the
    innocent messages stay under their limits; of equal ones, the calmest.
    """
    alarm = readings.kinds == "alarm"
    limits = {"ordinary": ORDINARY_ALARMS, "innocent": INNOCENT_ALARMS}
    best, heard = (1.01, 1.01), -1.0
    for first in _candidates(readings.whole[alarm]):
        for second in _candidates(readings.part[alarm]):
            raised = (readings.whole >= first) | (readings.part >= second)
            quiet = all(_share(raised[readings.kinds == kind]) <= limit for kind, limit in limits.items())
            if quiet and _share(raised[alarm]) > heard:
                best, heard = (first, second), _share(raised[alarm])
    return best


def _candidates(scores: Floats) -> list[float]:
    """From the calmest."""
    spread = np.unique(np.quantile(scores, np.linspace(0, 0.6, STEPS)))
    return [1.01, *(float(s) for s in spread[::-1] if s > 0.05)]


def _share(found: npt.NDArray[np.bool_]) -> float:
    return float(found.mean()) if found.size else 0.0


def _read(example: Example, detector: SafetyDetector, extractor: FeatureExtractor) -> tuple[float, float, str]:
    whole, parts = extractor.extract_parts(readable_parts(example.text))
    certain = 1.0 if plain_words(example.text) else 0.0
    return max(certain, detector.alarm(whole)[1]), detector.alarm(parts)[1], _kind(example)


def _kind(example: Example) -> str:
    if example.group == SAFETY:
        return "innocent" if example.name == NONE else "alarm"
    return "ordinary" if example.is_request and example.group != SUFFERING else ""
