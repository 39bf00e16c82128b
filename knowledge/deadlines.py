"""The date that a person depends on: deadline words (content `echeances.yml`) beside a date, and the dates of exams."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.content_file import CONTENT, ContentError, Fault, Located, line_of, load_yaml
from knowledge.french_dates import FoundDate, find_dates
from nlu.normalisation import clean, fold

KEYS = ("urgent_sous_heures", "avant", "jusque", "apres", "passe", "examens")
BEFORE_CHARS, AFTER_CHARS = 45, 25  # how far from a date its word may stand
_SENTENCE = re.compile(r"[.!?;\n]+(?!\d)")


@dataclass(frozen=True, slots=True)
class Exam:
    """An exam and its dates; none: not fixed."""

    id: str
    label: str
    words: re.Pattern[str]
    dates: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class DeadlineWords:
    """`before`: the day itself is too late; `until`: it is not; `behind`: the same, said after the date."""

    urgent_hours: int
    before: re.Pattern[str]
    until: re.Pattern[str]
    behind: re.Pattern[str]
    past: re.Pattern[str]
    exams: tuple[Exam, ...]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that the person depends on. `included`: an answer on that day is still of use. `said`: in their words."""

    day: date
    included: bool
    said: str


def find_deadline(text: str, today: date, words: DeadlineWords) -> Deadline | None:
    """The nearest deadline of a text, today or later; None when it says none."""
    text = clean(text)
    found: list[Deadline] = []
    for sentence in _SENTENCE.split(text):
        folded = fold(sentence)
        if len(folded) != len(sentence):  # letters were folded into several: words are then shown folded
            sentence = folded
        dates = list(find_dates(folded, today))
        found += [d for one in dates if (d := _of_date(one, folded, sentence, words)) is not None and d.day >= today]
        found += _of_exams(folded, today, words)
    return min(found, key=lambda d: (d.day, d.included), default=None)


def day_of_field(text: str, today: date, label: str) -> Deadline | None:
    """The deadline that a field asks for: its date alone is enough."""
    dates = [found.day for found in find_dates(fold(clean(text)), today) if found.day >= today]
    return Deadline(min(dates), True, f"{label} : {text.strip()}") if dates else None


def _of_date(one: FoundDate, folded: str, sentence: str, words: DeadlineWords) -> Deadline | None:
    before, after = folded[max(0, one.start - BEFORE_CHARS) : one.start], folded[one.end : one.end + AFTER_CHARS]
    if words.past.search(folded[: one.start]) or words.past.match(after.lstrip()):
        return None
    cues = [
        (match.end() - len(before), included, one.start - len(before) + match.start(), one.end)
        for pattern, included in ((words.before, False), (words.until, True))
        for match in pattern.finditer(before)
    ]
    if not cues and (match := words.behind.search(after)):
        cues = [(0, True, one.start, one.end + match.end())]
    if not cues:
        return None
    _, included, start, end = max(cues)
    return Deadline(one.day, included, sentence[start:end].strip())


def _of_exams(folded: str, today: date, words: DeadlineWords) -> list[Deadline]:
    """Exams that are named, at their next date."""
    return [
        Deadline(min(coming), False, exam.label)
        for exam in words.exams
        if (coming := [day for day in exam.dates if day >= today]) and exam.words.search(folded)
    ]


def load_deadline_words(content: Path = CONTENT) -> DeadlineWords:
    """Read `echeances.yml`.

    Raises:
        ContentError: a key is missing or a value can't be used; every fault has its line.
    """
    path = content / "echeances.yml"
    rows = load_yaml(path.read_text(encoding="utf-8"), path) if path.exists() else None
    if not isinstance(rows, Located):
        raise ContentError([Fault(path, 1, "les échéances ne sont pas une liste de clés")])
    faults = [Fault(path, 1, f"clé absente : {key}") for key in KEYS if key not in rows]
    faults += [Fault(path, rows.lines.get(k, 1), f"clé inconnue : {k}") for k in rows if k not in KEYS]
    if faults:
        raise ContentError(faults)
    patterns: dict[str, re.Pattern[str]] = {}
    for key in ("avant", "jusque", "apres", "passe"):
        try:
            patterns[key] = _pattern(rows[key])
        except (ValueError, TypeError) as error:
            faults.append(Fault(path, rows.lines[key], f"{key} : {error}"))
    exams = tuple(exam for row in rows["examens"] or () if (exam := _exam(row, path, faults)) is not None)
    hours = rows["urgent_sous_heures"]
    if not isinstance(hours, int) or isinstance(hours, bool) or hours <= 0:
        faults.append(
            Fault(path, rows.lines["urgent_sous_heures"], "urgent_sous_heures : un nombre d'heures est attendu")
        )
    if faults:
        raise ContentError(faults)
    return DeadlineWords(hours, patterns["avant"], patterns["jusque"], patterns["apres"], patterns["passe"], exams)


def _pattern(words: Sequence[Any]) -> re.Pattern[str]:
    listed = [str(word) for word in words]
    if not listed or any(fold(word) != word or not word.strip() for word in listed):
        raise ValueError("des mots sans accent, en minuscules")
    longest_first = sorted(listed, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in longest_first) + r")(?!\w)")


def _exam(row: Any, path: Path, faults: list[Fault]) -> Exam | None:
    try:
        dates = tuple(row["dates"])
        if not all(isinstance(day, date) for day in dates):
            raise ValueError("une date s'écrit 2027-06-14")
        if dates and not str(row["source"]).strip():
            raise ValueError("une date a une source")
        return Exam(str(row["id"]), str(row["libelle"]), _pattern(row["mots"]), dates)
    except KeyError as error:
        faults.append(Fault(path, line_of(row), f"examens : clé absente : {error.args[0]}"))
    except (ValueError, TypeError) as error:
        faults.append(Fault(path, line_of(row), f"examens : {error}"))
    return None
