"""Danger, harassment and distress: a classifier reads the message and its parts; a few words leave no doubt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

import yaml

from nlu.features import Features
from nlu.intents import IntentClassifier
from nlu.normalisation import clean, expand

_DATA = Path(__file__).parent / "data" / "surete.yml"
LABELS = ("danger", "harcelement", "detresse")
NONE = "none"


@dataclass(frozen=True, slots=True)
class SafetyReading:
    """The gravest reading of a message: label ("none" below the threshold) and score in [0, 1]."""

    label: str
    score: float


@dataclass(frozen=True, slots=True)
class SafetyDetector:
    """`threshold` and `part_threshold`: scores from which the whole message, or one of its parts, gives the alarm."""

    classifier: IntentClassifier
    threshold: float
    part_threshold: float

    def read(self, text: str, whole: Features, parts: Features) -> SafetyReading:
        """Read a message whose features are known: of the whole (one row) and of its parts (one row each)."""
        label, score = self.alarm(whole)
        if score >= self.threshold:
            return SafetyReading(label, score)
        if plain := plain_words(text):
            return SafetyReading(plain, 1.0)
        part_label, part_score = self.alarm(parts)
        if part_score >= self.part_threshold:
            return SafetyReading(part_label, part_score)
        return SafetyReading(NONE, score)

    def alarm(self, features: Features) -> tuple[str, float]:
        """Label and score of the gravest row."""
        probabilities = self.classifier.probabilities(features)
        columns = {name: i for i, name in enumerate(self.classifier.labels)}
        alarm = 1 - probabilities[:, columns[NONE]]
        row = int(alarm.argmax())
        label = max(LABELS, key=lambda name: probabilities[row, columns[name]])
        return label, float(alarm[row])


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
