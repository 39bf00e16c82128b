"""Danger, harassment and distress: a classifier read sentence by sentence, and words that leave no doubt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

import numpy as np
import yaml

from nlu.features import FeatureExtractor, Features
from nlu.intents import IntentClassifier
from nlu.normalisation import body, clean, expand

_DATA = Path(__file__).parent / "data" / "surete.yml"
LABELS = ("danger", "harcelement", "detresse")
NONE = "none"
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_SHORT = 25  # characters: a shorter piece is read with the one before it


@dataclass(frozen=True, slots=True)
class SafetyReading:
    """The gravest reading of a message: label ("none" below the threshold) and score in [0, 1]."""

    label: str
    score: float


@dataclass(frozen=True, slots=True)
class SafetyDetector:
    """`gate`: n-gram-only score above which a sentence of a long message is read by itself; `threshold` and
    `sentence_threshold`: scores from which the whole message, or one of its sentences, gives the alarm.
    """

    classifier: IntentClassifier
    extractor: FeatureExtractor
    gate: float
    threshold: float
    sentence_threshold: float

    def read(self, text: str, whole: Features) -> SafetyReading:
        """Read a message whose features (one row) are known; the sentences of a long one are read one by one."""
        label, score = self.alarm(whole)
        if score >= self.threshold:
            return SafetyReading(label, score)
        if plain := plain_words(text):
            return SafetyReading(plain, 1.0)
        sentence_label, sentence_score = self.worst_sentence(text)
        if sentence_score >= self.sentence_threshold:
            return SafetyReading(sentence_label, sentence_score)
        return SafetyReading(NONE, score)

    def worst_sentence(self, text: str) -> tuple[str, float]:
        """Label and score of the gravest sentence of a long message; score 0 for a message of one sentence."""
        pieces = sentences(text)
        suspects = self._suspects(pieces) if len(pieces) > 1 else []
        return self.alarm(self.extractor.extract(suspects)) if suspects else (NONE, 0.0)

    def alarm(self, features: Features) -> tuple[str, float]:
        """Label and score of the gravest row."""
        probabilities = self.classifier.probabilities(features)
        columns = {name: i for i, name in enumerate(self.classifier.labels)}
        alarm = 1 - probabilities[:, columns[NONE]]
        row = int(alarm.argmax())
        label = max(LABELS, key=lambda name: probabilities[row, columns[name]])
        return label, float(alarm[row])

    def _suspects(self, pieces: list[str]) -> list[str]:
        """Pieces whose words alone are suspicious enough to be worth a sentence vector."""
        scores = np.asarray(self.extractor.ngrams(pieces) @ self.classifier.ngram_weights) + self.classifier.bias
        none = self.classifier.labels.index(NONE)
        others = np.delete(scores, none, axis=1).max(axis=1) - scores[:, none]
        ranked = np.argsort(-others)[:4]
        return [pieces[i] for i in ranked if others[i] > self.gate]


def sentences(text: str) -> list[str]:
    """The sentences of a message in readable form, very short ones joined to the one before."""
    pieces: list[str] = []
    for piece in _SENTENCE.split(body(clean(text))):
        if not piece.strip():
            continue
        if pieces and (len(piece) < _SHORT or len(pieces[-1]) < _SHORT):
            pieces[-1] += " " + piece
        else:
            pieces.append(piece)
    return [expand(piece) for piece in pieces]


def plain_words(text: str) -> str | None:
    """The label of words that leave no doubt, whatever the classifier thinks; None without such words."""
    folded = expand(clean(text)).replace(" - ", " ")
    for label, patterns in _plain().items():
        if any(p.search(folded) for p in patterns):
            return label
    return None


@cache
def _plain() -> dict[str, list[re.Pattern[str]]]:
    rows = cast(dict[str, list[str]], yaml.safe_load(_DATA.read_text(encoding="utf-8")))
    return {label: [re.compile(p) for p in patterns] for label, patterns in rows.items()}
