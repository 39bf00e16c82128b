"""What a baseline is: something that learns the training messages and reads others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from knowledge.evaluation.verdicts import NO_ALARM, Verdict
from nlu.training.data import SAFETY, Example

KEPT = 5  # articles of a reading


@dataclass(frozen=True, slots=True)
class Reading:
    """One message read. The fields are those of `Verdict`."""

    articles: tuple[str, ...]
    service_type: str | None
    out_of_scope: float
    alarm: str
    milliseconds: float

    def verdict(self, example: Example) -> Verdict:
        """Beside what was to be found."""
        return Verdict(example, self.articles, self.service_type, self.out_of_scope, self.alarm, self.milliseconds)


class NotMeasured(Exception):
    """The baseline can't run here. The message, in French, says what it lacks."""


class Baseline(Protocol):
    """`name` is a file name; `label` and `note` are what people read; `version` changes when its readings would."""

    name: str
    label: str
    note: str
    version: str

    def read(self, training: Sequence[Example], texts: Sequence[str]) -> list[Reading]:
        """Learn the training messages, then read each text.

        Raises:
            NotMeasured: it can't run here.
        """
        ...


def alarm_of(example: Example) -> str:
    """The safety label that a training message teaches, "none" for an innocent one."""
    return example.name if example.group == SAFETY else NO_ALARM
