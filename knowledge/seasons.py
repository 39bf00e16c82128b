"""Periods of the year in which an answer holds: "from 15 January to 15 September", each year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

_LEAP = 2024  # a year that has all days
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Season:
    """First and last day of the period, both in it, as (month, day). It may go over the new year."""

    start: tuple[int, int]
    end: tuple[int, int]

    def holds(self, day: date) -> bool:
        """Whether the day is in the period."""
        at = (day.month, day.day)
        return self.start <= at <= self.end if self.start <= self.end else at >= self.start or at <= self.end

    def written(self) -> dict[str, str]:
        """As content writes it: `{"from": "01-15", "until": "09-15"}`."""
        return {"from": "{:02}-{:02}".format(*self.start), "until": "{:02}-{:02}".format(*self.end)}

    def spoken(self) -> str:
        """ "du 15 janvier au 15 septembre"."""
        return f"du {_spoken(self.start)} au {_spoken(self.end)}"

    @classmethod
    def read(cls, value: Any) -> Self:
        """From content.

        Raises:
            ValueError: it is not two days of the year.
        """
        if not isinstance(value, dict) or set(value) != {"from", "until"}:
            raise ValueError("season")
        return cls(day_of_year(str(value["from"])), day_of_year(str(value["until"])))


def day_of_year(text: str) -> tuple[int, int]:
    """ "01-15" as (1, 15).

    Raises:
        ValueError: no such day.
    """
    month, _, day = text.partition("-")
    if not (len(month) == len(day) == 2 and text.isascii()):
        raise ValueError(text)
    found = date(_LEAP, int(month), int(day))
    return found.month, found.day


def _spoken(at: tuple[int, int]) -> str:
    month, day = at
    return f"{'1er' if day == 1 else day} {_MONTHS[month - 1]}"
