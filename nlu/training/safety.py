"""Training of the safety detector: a classifier, and two thresholds fitted on readings by models that had not seen the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import GroupKFold

from nlu.features import FeatureExtractor
from nlu.intents import IntentClassifier, fit, fit_temperature
from nlu.safety import NONE, SafetyDetector
from nlu.training.corpus import Corpus
from nlu.training.data import SAFETY, Example

SUFFERING = "souffrance_harcelement"
GATE = -0.6
FOLDS = 4
ORDINARY_ALARMS = 0.012  # share of ordinary requests that may give the alarm
INNOCENT_ALARMS = 0.03  # share of the innocent messages that use the words of alarms
CONVERSATION_ALARMS = 0.01  # share of the turns of conversation that ask for nothing
STEPS = 80  # candidate values of each threshold

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Readings:
    """Of n messages by models that had not seen them: alarm of the whole, of the worst sentence, and what they are."""

    whole: Floats
    sentence: Floats
    kinds: npt.NDArray[np.str_]  # "alarm", "innocent", "ordinary" or "conversation"


def train_safety(corpus: Corpus, extractor: FeatureExtractor) -> SafetyDetector:
    """Requests about suffering are neither alarms nor innocent: they are left out."""
    rows = [i for i, e in enumerate(corpus.examples) if e.group != SUFFERING]
    labels = [label_of(corpus.examples[i]) for i in rows]
    classifier = fit(corpus.select(rows), labels, weights=rarity(labels))
    temperature, readings = _held_out_readings(corpus, rows, labels, extractor)
    detector = SafetyDetector(replace(classifier, temperature=temperature), extractor, GATE, 1.0, 1.0)
    whole, sentence = thresholds(readings)
    return replace(detector, threshold=whole, sentence_threshold=sentence)


def label_of(example: Example) -> str:
    """Its alarm, or "none"."""
    return example.name if example.group == SAFETY else NONE


def rarity(labels: Sequence[str]) -> Floats:
    """Weight of each text: rare classes weigh more, by the square root of their rarity."""
    counts = Counter(labels)
    return np.array([(len(labels) / (len(counts) * counts[label])) ** 0.5 for label in labels])


def thresholds(readings: Readings) -> tuple[float, float]:
    """Alarm of the whole message and of one of its sentences from which it is given: the pair that hears most alarms
    while the innocent ones stay under their limits.
    """
    alarm = readings.kinds == "alarm"
    limits = {"ordinary": ORDINARY_ALARMS, "innocent": INNOCENT_ALARMS, "conversation": CONVERSATION_ALARMS}
    best, heard = (1.0, 1.0), -1.0
    for first in _candidates(readings.whole[alarm]):
        for second in _candidates(readings.sentence[alarm]):
            raised = (readings.whole >= first) | (readings.sentence >= second)
            quiet = all(_share(raised[readings.kinds == kind]) <= limit for kind, limit in limits.items())
            if quiet and _share(raised[alarm]) > heard:
                best, heard = (first, second), _share(raised[alarm])
    return best


def _candidates(scores: Floats) -> list[float]:
    spread = np.unique(np.quantile(scores, np.linspace(0, 0.6, STEPS)))
    return [float(s) for s in spread if s > 0.05] + [1.01]


def _share(found: npt.NDArray[np.bool_]) -> float:
    return float(found.mean()) if found.size else 0.0


def _held_out_readings(
    corpus: Corpus, rows: list[int], labels: list[str], extractor: FeatureExtractor
) -> tuple[float, Readings]:
    """The temperature that calibrates held-out scores, and every original message read by a model without it."""
    origins = np.array([corpus.origins[i] for i in rows])
    names, targets = np.unique(labels, return_inverse=True)
    scores = np.zeros((len(rows), len(names)), dtype=np.float32)
    folds: list[tuple[npt.NDArray[np.int64], IntentClassifier]] = []
    for known, unseen in GroupKFold(FOLDS).split(rows, groups=origins):
        model = fit(
            corpus.select([rows[i] for i in known]),
            [labels[i] for i in known],
            weights=rarity([labels[i] for i in known]),
        )
        scores[unseen] = model.scores(corpus.select([rows[i] for i in unseen]))
        folds.append((unseen, model))
    temperature = fit_temperature(scores, targets)
    found = [
        _read(corpus, rows[i], SafetyDetector(replace(model, temperature=temperature), extractor, GATE, 1.0, 1.0))
        for unseen, model in folds
        for i in unseen
        if corpus.is_original(rows[i])
    ]
    whole, sentence, kinds = zip(*found, strict=True)
    return temperature, Readings(np.array(whole), np.array(sentence), np.array(kinds))


def _read(corpus: Corpus, row: int, detector: SafetyDetector) -> tuple[float, float, str]:
    example = corpus.examples[row]
    _, whole = detector.alarm(corpus.select([row]))
    _, sentence = detector.worst_sentence(example.text)
    return whole, sentence, _kind(example)


def _kind(example: Example) -> str:
    if example.group == SAFETY:
        return "innocent" if example.name == NONE else "alarm"
    return "ordinary" if example.is_request else "conversation"
