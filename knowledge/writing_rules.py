"""What the writing room of the FAQ advises and proposes (`redaction.yml`), and the facts articles rest on (`faits.yml`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from knowledge.content_file import CONTENT, ContentError, Fault, load_yaml
from knowledge.seasons import day_of_year

Standing = Literal["etabli", "date", "a_verifier"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A verifiable statement and how sure it is."""

    standing: Standing
    text: str


@dataclass(frozen=True, slots=True)
class WritingRules:
    """`jargon` maps a hard word to a plain one; `registers` an id to its label; `moments` a (month, day) to its name."""

    longest_sentence: int
    mean_sentence: int
    jargon: Mapping[str, str]
    registers: Mapping[str, str]
    moments: Mapping[tuple[int, int], str]
    reminder_days: tuple[int, ...]
    mail_subject: str
    mail_text: str
    facts: Mapping[str, Fact]

    def next_moments(self, day: date) -> list[tuple[date, str]]:
        """The coming dates of the school calendar, the next first."""
        dates = [(date(day.year, *at), name) for at, name in self.moments.items()]
        return sorted((d if d > day else d.replace(year=d.year + 1), name) for d, name in dates)


def load_writing_rules(content: Path = CONTENT) -> WritingRules:
    """Read `redaction.yml` and `faits.yml`; those of the project when this content has none.

    Raises:
        ContentError: a part is missing or of the wrong kind.
    """
    path = _own(content, "redaction.yml")
    found = load_yaml(path.read_text(encoding="utf-8"), path)
    try:
        rules = WritingRules(
            longest_sentence=int(found["mots_par_phrase"]),
            mean_sentence=int(found["mots_en_moyenne"]),
            jargon={str(k): _text(v) for k, v in found["jargon"].items()},
            registers={str(k): _text(v) for k, v in found["registres"].items()},
            moments={day_of_year(str(k)): _text(v) for k, v in found["reperes"].items()},
            reminder_days=tuple(int(d) for d in found["rappels_jours"]),
            mail_subject=_text(found["courriel_objet"]),
            mail_text=_text(found["courriel_texte"]),
            facts=_facts(_own(content, "faits.yml")),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ContentError([Fault(path, 1, f"contenu illisible : {error}")]) from None
    missing = [w for w in ("{liste}", "{lien}") if w not in rules.mail_text]
    if missing or "{nombre}" not in rules.mail_subject:
        raise ContentError([Fault(path, 1, "mot entre accolades absent du courriel de rappel")])
    return rules


def _facts(path: Path) -> dict[str, Fact]:
    found = load_yaml(path.read_text(encoding="utf-8"), path)
    facts: dict[str, Fact] = {}
    for id_, row in found.items():
        if row["certitude"] not in get_args(Standing) or not re.fullmatch(r"[A-Z]+-\d+", id_):
            raise ContentError([Fault(path, found.lines[id_], f"fait mal formé : {id_}")])
        facts[id_] = Fact(row["certitude"], _text(row["texte"]))
    return facts


def _own(content: Path, name: str) -> Path:
    path = content / name
    return path if path.exists() else CONTENT / name


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("une phrase est vide")
    return value.strip()
