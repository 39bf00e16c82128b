"""When people answer: content (`horaires.yml`), French public holidays, and the call-back slots that follow from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from knowledge.content_file import CONTENT, ContentError, Fault, Located, load_yaml

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
SCHOOL_ZONES = ("A", "B", "C")
FAR_DAYS = 60  # no opening in that many days: there is none
KEYS = ("dire", "source", "fuseau", "jours_feries", "periodes", "fermetures", "rappel")
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Period:
    """From `opens` to `closes` (local time) on these days of these months. `days`: 0 is Monday."""

    months: frozenset[int]
    days: frozenset[int]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Slot:
    """When somebody may be called back. `label` is how it is said: "lundi 23 novembre, entre 9 h et 10 h"."""

    start: datetime
    end: datetime

    @property
    def label(self) -> str:
        """In local time."""
        return f"{say_day(self.start)}, entre {say_time(self.start)} et {say_time(self.end)}"


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The hours of a service. Instants given and returned carry their zone."""

    spoken: str
    zone: ZoneInfo
    country: str
    periods: tuple[Period, ...]
    closed_on: frozenset[date]
    slot_length: timedelta
    slot_delay: timedelta
    slots_offered: int

    def is_open(self, now: datetime) -> bool:
        """True when people answer at `now`; the closing minute is closed."""
        return any(start <= now < end for start, end in self.openings_of(now.astimezone(self.zone).date()))

    def next_opening(self, now: datetime) -> datetime | None:
        """When people answer next: the start of an opening after `now`, in local time; None when none is near."""
        return next((start for start, _ in self._openings_from(now) if start > now), None)

    def slots(self, now: datetime, limit: int | None = None) -> tuple[Slot, ...]:
        """The next call-back slots: whole ones inside openings, on round times, not before the delay."""
        return tuple(islice(self._slots_from(now + self.slot_delay), limit or self.slots_offered))

    def _slots_from(self, earliest: datetime) -> Iterator[Slot]:
        for opens, closes in self._openings_from(earliest):
            start = opens
            while start + self.slot_length <= closes:
                if start >= earliest:
                    yield Slot(start, start + self.slot_length)
                start += self.slot_length

    def _openings_from(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        first = now.astimezone(self.zone).date()
        for offset in range(FAR_DAYS):
            yield from self.openings_of(first + timedelta(days=offset))

    def openings_of(self, day: date) -> list[tuple[datetime, datetime]]:
        """When people answer on a day, in local time, in order; none on a holiday or a day of closure."""
        if day in self.closed_on or day in _holidays(self.country, day.year):
            return []
        return sorted(
            (datetime.combine(day, p.opens, self.zone), datetime.combine(day, p.closes, self.zone))
            for p in self.periods
            if day.month in p.months and day.weekday() in p.days
        )


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    """`country` is FR, or FR-57 for the two days more of Alsace and Moselle, FR-974 for La Réunion…"""
    code, _, part = country.partition("-")
    return frozenset(holidays.country_holidays(code, subdiv=part or None, years=year))


@cache
def school_holidays(zone: str, year: int) -> frozenset[date]:
    """The days of a civil year that are school holidays in a zone (A, B, C), as the library knows them.

    Raises:
        ValueError: no such zone.
    """
    if zone not in SCHOOL_ZONES:
        raise ValueError(f"zone inconnue : {zone} (attendu : {', '.join(SCHOOL_ZONES)})")
    return frozenset(holidays.country_holidays("FR", subdiv=f"Zone {zone}", years=year, categories=("school",)))


def say_time(moment: datetime) -> str:
    """8 h 30, 18 h."""
    return f"{moment.hour} h {moment.minute:02d}" if moment.minute else f"{moment.hour} h"


def say_day(moment: datetime) -> str:
    """lundi 1er juin."""
    day = "1er" if moment.day == 1 else str(moment.day)
    return f"{DAYS[moment.weekday()]} {day} {MONTHS[moment.month - 1]}"


def load_hours(path: Path = CONTENT / "horaires.yml") -> OpeningHours:
    """Read the opening hours.

    Raises:
        ContentError: a key is missing or a value can't be used; every fault has its line.
    """
    content = load_yaml(path.read_text(encoding="utf-8"), path) if path.exists() else None
    if not isinstance(content, Located):
        raise ContentError([Fault(path, 1, "les horaires ne sont pas une liste de clés")])
    faults = [Fault(path, 1, f"clé absente : {key}") for key in KEYS if key not in content]
    faults += [Fault(path, content.lines.get(k, 1), f"clé inconnue : {k}") for k in content if k not in KEYS]
    if faults:
        raise ContentError(faults)
    values = {key: _read(path, content, key, read, faults) for key, read in _READERS.items()}
    if not faults and not values["periodes"]:
        faults.append(Fault(path, content.lines["periodes"], "aucune période d'ouverture"))
    if faults:
        raise ContentError(faults)
    length, delay, offered = values["rappel"]
    return OpeningHours(
        spoken=values["dire"],
        zone=values["fuseau"],
        country=values["jours_feries"],
        periods=values["periodes"],
        closed_on=values["fermetures"],
        slot_length=length,
        slot_delay=delay,
        slots_offered=offered,
    )


def _read(path: Path, content: Located, key: str, read: Any, faults: list[Fault]) -> Any:
    try:
        return read(content[key])
    except (ValueError, TypeError, KeyError, AttributeError, ZoneInfoNotFoundError, NotImplementedError) as error:
        faults.append(Fault(path, content.lines[key], f"{key} : {error}"))
        return ()


def _spoken(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or "!" in value:
        raise ValueError("une phrase, sans point d'exclamation, est attendue")
    return str(value)


def _country(value: Any) -> str:
    _holidays(value, datetime.now(UTC).year)
    return str(value)


def _periods(value: Any) -> tuple[Period, ...]:
    found = tuple(_period(row) for row in value)
    for index, one in enumerate(found):
        for other in found[:index]:
            if (
                one.months & other.months
                and one.days & other.days
                and one.opens < other.closes > other.opens < one.closes
            ):
                raise ValueError("deux périodes se recouvrent")
    return found


def _period(row: Any) -> Period:
    months, days = frozenset(int(m) for m in row["mois"]), frozenset(DAYS.index(d) for d in row["jours"])
    if not months or not months <= set(range(1, 13)):
        raise ValueError("un mois va de 1 à 12")
    opens, closes = _time(row["de"]), _time(row["a"])
    if opens >= closes:
        raise ValueError("la fermeture vient après l'ouverture")
    return Period(months, days, opens, closes)


def _time(value: Any) -> time:
    try:
        hours, minutes = str(value).split(":")
        return time(int(hours), int(minutes))
    except ValueError:
        raise ValueError(f'une heure s\'écrit "8:30" : {value}') from None


def _dates(value: Any) -> frozenset[date]:
    if not all(isinstance(day, date) for day in value):
        raise ValueError("une date s'écrit 2026-12-24")
    return frozenset(value)


def _slots(value: Any) -> tuple[timedelta, timedelta, int]:
    minutes, delay, offered = int(value["minutes"]), int(value["delai_minutes"]), int(value["proposes"])
    if not 5 <= minutes <= _DAY_MINUTES or delay < 0 or not 1 <= offered <= 12:
        raise ValueError("durée de 5 minutes au moins, délai positif, de 1 à 12 créneaux")
    return timedelta(minutes=minutes), timedelta(minutes=delay), offered


_READERS: dict[str, Any] = {
    "dire": _spoken,
    "source": _spoken,
    "fuseau": ZoneInfo,
    "jours_feries": _country,
    "periodes": _periods,
    "fermetures": _dates,
    "rappel": _slots,
}
