"""The content of delays: the project's own, and each fault with its line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from knowledge.content_file import CONTENT, ContentError
from knowledge.delays import load_delays
from knowledge.service_types import load_catalogue

TEXT = (CONTENT / "delais.yml").read_text(encoding="utf-8")


def test_two_days_of_the_catalogue_are_two_days_of_work() -> None:
    rules = load_delays(CONTENT, frozenset(load_catalogue().teams))
    assert rules.worked(48) == timedelta(hours=19)
    assert rules.reminders == (75, 100)


def test_tutoring_has_its_delay_and_most_services_have_none() -> None:
    types = load_catalogue().types
    assert types["aide_disciplinaire"].delay_hours == 48
    assert types["convention_stage"].resolution_hours == 72
    assert types["contact_horaires"].delay_hours is types["contact_horaires"].resolution_hours is None


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("heures_par_jour: 9.5", "heures_par_jour: 25", 7, "entre 0 et 24"),
        ("heures_par_jour: 9.5", "heures_par_jour: neuf", 7, "heures_par_jour"),
        ("rappels: [75, 100]", "rappels: [100, 75]", 9, "croissants"),
        ("rappels: [75, 100]", "rappels: []", 9, "croissants"),
        ("zone: A ", "zone: D ", 10, "zone inconnue"),
        ("suspendent: [] ", "suspendent: [profs] ", 10, "équipe inconnue : profs"),
        ("rappels: [75, 100]", "relances: [75, 100]", 1, "clé absente : rappels"),
    ],
)
def test_faults(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    assert old in TEXT
    (tmp_path / "delais.yml").write_text(TEXT.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError, match=message) as error:
        load_delays(tmp_path, frozenset(load_catalogue().teams))
    assert error.value.faults[0].line == line
