"""Enough training messages of each kind: fewer, and the figures of the kind mean little."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.checking.messages import Message
from knowledge.content_file import Fault
from knowledge.service_types import Catalogue
from knowledge.splits import TRAIN
from nlu.training.data import OUT_OF_SCOPE, SAFETY

_INNOCENT = "none"


@dataclass(frozen=True, slots=True)
class Least:
    """Training messages wanted: of each article, of each service type, and in all out of scope, alarming, innocent."""

    article: int = 16
    service_type: int = 80
    out_of_scope: int = 400
    alarms: int = 300
    innocent: int = 300


LEAST = Least()


def count_faults(
    messages: Sequence[Message], types: dict[str, str], catalogue: Catalogue, data: Path, least: Least
) -> Iterator[Fault]:
    """What is short. `types`: the service type of each article."""
    examples = [m.example for m in messages if m.split == TRAIN]
    articles = Counter(e.article for e in examples if e.article)
    groups = Counter(e.service_type for e in examples if e.is_request)
    alarms = sum(e.group == SAFETY and e.name != _INNOCENT for e in examples)
    wanted = [
        *((f"article {a}", articles[a], least.article) for a in sorted(types)),
        *((f"service-type {t}", groups[t], least.service_type) for t in sorted(catalogue.types)),
        ("hors sujet", sum(e.group == OUT_OF_SCOPE for e in examples), least.out_of_scope),
        ("alertes de sécurité", alarms, least.alarms),
        ("innocents aux mots trompeurs", sum(e.group == SAFETY for e in examples) - alarms, least.innocent),
    ]
    for name, found, enough in wanted:
        if found < enough:
            yield Fault(data / TRAIN, 1, f"{name} : {found} messages d'entraînement (attendu : au moins {enough})")
