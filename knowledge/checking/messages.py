"""Messages point to known ids, lead to one subject each, and nobody is on two sides of the split."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path

from knowledge.checking.comparing import comparable
from knowledge.content_file import Fault, load_yaml
from knowledge.service_types import Catalogue
from knowledge.splits import SPLITS, TRAIN
from nlu.training.data import PERSONAL_FILE, Example, read_file

EXCERPT = 60  # characters


@dataclass(frozen=True, slots=True)
class Message:
    """An example and where it stands: its split, its file, its place among those of the file."""

    example: Example
    split: str
    path: Path
    number: int

    @property
    def subject(self) -> str:
        """The intent it teaches."""
        return f"{self.example.group}/{self.example.name}"

    @property
    def line(self) -> int:
        """Where its text starts, 1-based. The file is read again: only for what is told to people."""
        return _lines(self.path)[self.number]

    def fault(self, message: str) -> Fault:
        """A fault where it stands."""
        return Fault(self.path, self.line, f"{message} : {self.example.text[:EXCERPT]}")


def load_messages(data: Path) -> list[Message]:
    """Those of every split, training first."""
    return [
        Message(example, split, path, number)
        for split in (TRAIN, *SPLITS)
        for path in sorted((data / split).glob("*.yml"))
        for number, example in enumerate(read_file(path))
    ]


def message_faults(
    messages: Sequence[Message], types: dict[str, str], catalogue: Catalogue, data: Path
) -> Iterator[Fault]:
    """`types`: the service type of each article."""
    for message in messages:
        for fault in _unknown(message.example, types, catalogue):
            yield message.fault(fault)
    yield from _repeated(messages)
    yield from _shared_writers(messages, data)


def _unknown(example: Example, types: dict[str, str], catalogue: Catalogue) -> Iterator[str]:
    if example.is_request and example.group not in catalogue.types:
        yield f"service-type inconnu {example.group}"
    elif example.article and types.get(example.article) != example.group:
        yield f"article inconnu ou d'un autre service-type {example.article}"
    for article in example.metadata.get("also", ()):
        if article != PERSONAL_FILE and article not in types:
            yield f"autre article inconnu {article}"
    for kind in example.metadata.get("request_types", ()):
        if kind not in catalogue.types:
            yield f"service-type inconnu {kind}"


def _repeated(messages: Sequence[Message]) -> Iterator[Fault]:
    """A training message (accents, case and punctuation aside) has one subject and is in no other split."""
    subjects: dict[str, str] = {}
    for message in messages:
        key = comparable(message.example.text)
        if not key:
            continue
        if message.split == TRAIN:
            if subjects.setdefault(key, message.subject) != message.subject:
                yield message.fault(f"message sous deux sujets ({subjects[key]}, {message.subject})")
        elif key in subjects:
            yield message.fault("message de mesure présent dans l'entraînement")


def _shared_writers(messages: Sequence[Message], data: Path) -> Iterator[Fault]:
    writers = {split: {m.example.writer for m in messages if m.split == split} - {""} for split in (TRAIN, *SPLITS)}
    for one, other in combinations(writers, 2):
        for writer in sorted(writers[one] & writers[other]):
            yield Fault(
                data / other, 1, f"le passage d'écriture {writer} est des deux côtés de la séparation ({one}, {other})"
            )


@lru_cache(maxsize=64)
def _lines(path: Path) -> list[int]:
    document = load_yaml(path.read_text(encoding="utf-8"), path)
    return [row["text"].line for block in document["nlu"] for row in block["examples"]]
