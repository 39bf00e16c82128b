"""The operational unit a message points to, from its entities (École, Collège, Lycée, Pro, Sup-concours, Langues)."""

from __future__ import annotations

from collections.abc import Iterable

from nlu.entities import GENERAL_VALUES, Entity


def unit(entities: Iterable[Entity]) -> str | None:
    """Id of the unit, None when the message does not tell or tells two.

    A vocational training or a SEGPA class decides before the class ("terminale bac pro" is Pro, "3e SEGPA" École); a class
    decides before a diploma in view ("en terminale, je vise un BTS" is Lycée); "lycée" or "collège" alone come last,
    since they often name another school. A BTS, the CPF and the CGE belong to no single unit. Source: rapport d'activité 2024.
    """
    found = [e for e in entities if e.label in ("niveau", "formation")]
    levels = [e for e in found if e.label == "niveau" and e.value not in GENERAL_VALUES]
    trainings = [e for e in found if e.label == "formation"]
    vocational = [e for e in trainings if e.unit == "pro"]
    special = [e for e in levels if e.value == "SEGPA"]
    school_diplomas = [e for e in trainings if e.value in ("brevet", "bac général", "bac technologique")]
    other_trainings = [e for e in trainings if e not in school_diplomas]
    if any(e.unit == "pro" for e in vocational) and not special and all(e.unit in ("lycee", "pro") for e in levels):
        return "pro"
    for group in (special, levels, other_trainings, school_diplomas, found):
        if group:
            units = {e.unit for e in group}
            return units.pop() if len(units) == 1 else None
    return None
