"""Dates as people write them, seen from a day: "vendredi", "le 15", "12/12", "dans trois jours", "fin du mois"."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
NUMBERS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "dix": 10, "quinze": 15,
}  # fmt: skip
_NUMBER = rf"(?:\d{{1,2}}|{'|'.join(NUMBERS)})"
_DATE = re.compile(
    r"\b(?:"
    rf"(?:(?:{'|'.join(DAYS)}) )?(?P<day>1er|\d{{1,2}}) (?P<month>{'|'.join(MONTHS)})(?: (?P<year>\d{{4}}))?"
    r"|(?P<iso>\d{4}-\d{2}-\d{2})"
    r"|(?P<d>\d{1,2})[/.](?P<m>\d{1,2})(?:[/.](?P<y>\d{4}|\d{2}))?(?![\d/])"
    r"|(?P<near>aujourd'?hui|ce soir|ce matin|cet apres[ -]midi|apres[ -]demain|demain)"
    rf"|(?P<weekday>{'|'.join(DAYS)})(?P<next> prochain)?(?! (?:derniere?|passee?)\b)"
    rf"|dans (?P<count>{_NUMBER}) (?P<unit>jours?|semaines?|mois|heures?|h)\b"
    r"|(?P<end>fin (?:de )?(?:la |cette )?semaine|fin (?:du|de ce|de) mois|ce week[ -]end|la semaine prochaine)"
    rf"|(?:le |ce )(?P<alone>\d{{1,2}})(?![\d/.:%-])(?! ?(?:h\b|heures?|ans\b|euros?|copies?|devoirs?|e\b|{'|'.join(MONTHS)}))"
    r")"
)
_NEAR = {"demain": 1, "apres-demain": 2, "apres demain": 2}


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text, and where it stands."""

    start: int
    end: int
    day: date


def find_dates(folded: str, today: date) -> Iterator[FoundDate]:
    """The dates of a folded text (lower case, no accent), as `today` understands them; past ones too, impossible ones not.

    A date without its year is the next one that comes: in November "le 12 janvier" is in two months.
    """
    for match in _DATE.finditer(folded):
        try:
            day = _day(match, today)
        except ValueError:  # 31 February
            continue
        yield FoundDate(match.start(), match.end(), day)


def _day(match: re.Match[str], today: date) -> date:
    found = match.groupdict()
    if found["iso"]:
        return date.fromisoformat(found["iso"])
    if found["month"]:
        number = 1 if found["day"] == "1er" else int(found["day"])
        return _coming(number, MONTHS.index(found["month"]) + 1, found["year"], today)
    if found["d"]:
        return _coming(int(found["d"]), int(found["m"]), found["y"], today)
    if found["near"]:
        return today + timedelta(days=_NEAR.get(found["near"], 0))
    if found["weekday"]:
        return today + timedelta(days=(DAYS.index(found["weekday"]) - today.weekday() - 1) % 7 + 1)
    if found["count"]:
        return _after(found["count"], found["unit"], today)
    if found["end"]:
        return _end(found["end"], today)
    return _this_month_or_next(int(found["alone"]), today)


def _coming(day: int, month: int, year: str | None, today: date) -> date:
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this = date(today.year, month, day)
    return this if (today - this).days < 60 else date(today.year + 1, month, day)


def _after(count: str, unit: str, today: date) -> date:
    number = NUMBERS.get(count) or int(count)
    if unit.startswith("h"):
        return today + timedelta(days=number // 24)
    return today + timedelta(days=number * (7 if unit.startswith("semaine") else 30 if unit == "mois" else 1))


def _end(said: str, today: date) -> date:
    if "mois" in said:
        return today.replace(day=monthrange(today.year, today.month)[1])
    if "prochaine" in said:
        return today + timedelta(days=7 - today.weekday())
    return today + timedelta(days=(4 - today.weekday()) % 7)


def _this_month_or_next(day: int, today: date) -> date:
    if day >= today.day:
        return today.replace(day=day)
    month = today.month % 12 + 1
    return date(today.year + (month == 1), month, day)
