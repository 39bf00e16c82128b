"""How the delays of the catalogue are counted: content (`delais.yml`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from knowledge.content_file import CONTENT, ContentError, Fault, Located, load_yaml
from knowledge.opening_hours import school_holidays

KEYS = ("heures_par_jour", "rappels", "vacances_scolaires")


@dataclass(frozen=True, slots=True)
class DelayRules:
    """`day_hours`: the worked hours that 24 h of the catalogue stand for. `reminders`: percentages, in order.

    `suspended`: the teams whose clock stops in the school holidays of `zone`.
    """

    day_hours: float
    reminders: tuple[int, ...]
    zone: str
    suspended: frozenset[str]

    def worked(self, catalogue_hours: int) -> timedelta:
        """The worked time that a delay of the catalogue stands for."""
        return timedelta(hours=catalogue_hours / 24 * self.day_hours)


def load_delays(content: Path = CONTENT, teams: frozenset[str] | None = None) -> DelayRules:
    """Read `delais.yml`; with `teams`, those it names must be among them.

    Raises:
        ContentError: a key is missing or a value can't be used; every fault has its line.
    """
    path = content / "delais.yml"
    rows = load_yaml(path.read_text(encoding="utf-8"), path) if path.exists() else None
    if not isinstance(rows, Located):
        raise ContentError([Fault(path, 1, "les délais ne sont pas une liste de clés")])
    faults = [Fault(path, 1, f"clé absente : {key}") for key in KEYS if key not in rows]
    faults += [Fault(path, rows.lines.get(k, 1), f"clé inconnue : {k}") for k in rows if k not in KEYS]
    if faults:
        raise ContentError(faults)
    values: dict[str, Any] = {}
    readers: dict[str, Callable[[Any], Any]] = {
        "heures_par_jour": _day_hours,
        "rappels": _reminders,
        "vacances_scolaires": lambda value: _holidays(value, teams),
    }
    for key, read in readers.items():
        try:
            values[key] = read(rows[key])
        except (ValueError, TypeError, KeyError) as error:
            faults.append(Fault(path, rows.lines[key], f"{key} : {error}"))
    if faults:
        raise ContentError(faults)
    zone, suspended = values["vacances_scolaires"]
    return DelayRules(values["heures_par_jour"], values["rappels"], zone, suspended)


def _day_hours(value: Any) -> float:
    if not 0 < float(value) <= 24:
        raise ValueError("entre 0 et 24 heures de travail")
    return float(value)


def _reminders(value: Any) -> tuple[int, ...]:
    found = tuple(int(percent) for percent in value)
    if not found or found != tuple(sorted(set(found))) or not 0 < found[0] <= found[-1] <= 100:
        raise ValueError("des pourcentages croissants, de 1 à 100")
    return found


def _holidays(value: Any, teams: frozenset[str] | None) -> tuple[str, frozenset[str]]:
    zone, suspended = str(value["zone"]), frozenset(str(team) for team in value["suspendent"])
    school_holidays(zone, datetime.now(UTC).year)
    if teams is not None and (unknown := suspended - teams):
        raise ValueError(f"équipe inconnue : {', '.join(sorted(unknown))}")
    return zone, suspended
