"""Labelled messages: Rasa NLU YAML in `nlu/data`, read as examples. Intent: "<service type>/<article>"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent.parent / "data"
PERSONAL_FILE = "dossier_personnel"
SAFETY = "surete"
OUT_OF_SCOPE = "hors_sujet"
CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class Example:
    """A message and what it asks. `group` and `name` are the two parts of its intent; `voice` and `writer` who wrote it."""

    text: str
    group: str
    name: str
    voice: str
    writer: str
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def is_request(self) -> bool:
        """It asks for one of the institution's services (not safety, out of scope, or a turn of conversation)."""
        return bool(self.name) and self.group not in (SAFETY, OUT_OF_SCOPE, CONVERSATION)

    @property
    def service_type(self) -> str | None:
        """Service type of a request."""
        return self.group if self.is_request else None

    @property
    def article(self) -> str | None:
        """The article that answers it, None when only a person can."""
        return self.name if self.is_request and self.name != PERSONAL_FILE else None

    @property
    def accepted_articles(self) -> frozenset[str]:
        """Every article that answers it."""
        return frozenset([*([self.article] if self.article else []), *self.metadata.get("also", ())])


def load_examples(split: str, data: Path = DATA, more: Path | None = None) -> list[Example]:
    """Messages of `nlu/data/<split>/*.yml` ("train" or "dev"), in file order, then those of the file `more`.

    Raises:
        ValueError: a file that is not in Rasa's NLU format; the message names it.
    """
    examples: list[Example] = []
    for path in sorted((data / split).glob("*.yml")):
        examples += read_file(path)
    return examples + (read_file(more) if more else [])


def read_file(path: Path) -> list[Example]:
    """Messages of one file."""
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    if not isinstance(document, dict) or not isinstance(document.get("nlu"), list):
        raise ValueError(f"{path}: not a Rasa NLU file (no `nlu` list)")
    examples = []
    for block in document["nlu"]:
        group, _, name = str(block["intent"]).partition("/")
        shared = block.get("metadata", {})
        for row in block["examples"]:
            metadata = {**shared, **row.get("metadata", {})}
            voice, writer = str(metadata.pop("voice", path.stem)), str(metadata.pop("writer", ""))
            examples.append(Example(str(row["text"]).strip(), group, name, voice, writer, metadata))
    return examples


def texts(examples: Sequence[Example]) -> list[str]:
    """Their texts."""
    return [e.text for e in examples]
