"""Opening hours: the real content, holidays, seasons, changes of hour; call-back slots; faults with their line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from knowledge.content_file import CONTENT, ContentError
from knowledge.opening_hours import OpeningHours, load_hours

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(scope="module")
def hours() -> OpeningHours:
    return load_hours()


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23T08:29:59", False),
        ("2026-11-23T08:30", True),
        ("2026-11-23T17:59:59", True),
        ("2026-11-23T18:00", False),
        ("2026-06-01T18:29", True),  # from June
        ("2026-05-29T18:15", False),
        ("2026-10-30T18:15", True),  # to October
        ("2026-11-02T18:15", False),
        ("2026-11-21T10:00", False),  # a Saturday
        ("2026-11-22T10:00", False),
        ("2026-11-11T10:00", False),  # Armistice
        ("2026-04-06T10:00", False),  # Easter Monday moves
        ("2027-03-29T10:00", False),
        ("2026-07-14T10:00", False),
        ("2026-12-24T10:00", True),
    ],
)
def test_is_open(hours: OpeningHours, moment: str, is_open: bool) -> None:
    assert hours.is_open(paris(moment)) is is_open


def test_the_zone_is_that_of_paris_whatever_the_instant_is_written_in(hours: OpeningHours) -> None:
    assert hours.is_open(datetime(2026, 7, 1, 6, 30, tzinfo=UTC))  # 8 h 30 in summer
    assert not hours.is_open(datetime(2026, 12, 1, 6, 30, tzinfo=UTC))  # 7 h 30 in winter


def test_next_opening_skips_week_ends_and_holidays(hours: OpeningHours) -> None:
    assert hours.next_opening(paris("2026-12-24T19:00")) == paris("2026-12-28T08:30")
    assert hours.next_opening(paris("2026-11-23T07:00")) == paris("2026-11-23T08:30")
    assert hours.next_opening(paris("2026-11-23T09:00")) == paris("2026-11-24T08:30")


def test_slots_are_whole_ahead_and_in_opening_hours(hours: OpeningHours) -> None:
    now = paris("2026-11-20T16:10")  # a Friday
    slots = hours.slots(now, 6)
    assert slots[0].start == paris("2026-11-23T08:30")
    assert slots[0].label == "lundi 23 novembre, entre 8 h 30 et 9 h 30"
    assert [s.start - now >= timedelta(hours=1) for s in slots] == [True] * 6
    assert all(hours.is_open(s.start) and hours.is_open(s.end - timedelta(seconds=1)) for s in slots)
    assert len(hours.slots(now)) == hours.slots_offered
    assert hours.slots(paris("2026-05-29T08:00"), 30)[-1].label.startswith("mercredi 3 juin")
    assert "lundi 1er juin" in {s.label.split(",")[0] for s in hours.slots(paris("2026-05-29T08:00"), 30)}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("fuseau: Europe/Paris", "fuseau: Europe/Pariss", "fuseau"),
        ("jours_feries: FR", "jours_feries: ZZ", "jours_feries"),
        ('de: "8:30"', 'de: "8h30"', "une heure s'écrit"),
        ('a: "18:00"', 'a: "8:00"', "la fermeture vient après"),
        ("mois: [11, 12, 1, 2, 3, 4, 5]", "mois: [11, 12, 1, 2, 3, 4, 5, 6]", "se recouvrent"),
        ("mois: [6, 7, 8, 9, 10]", "mois: [13]", "un mois va de 1 à 12"),
        ("vendredi]", "vendredy]", "periodes"),
        ("fermetures: []", "fermetures: [demain]", "une date s'écrit"),
        ("  minutes: 60", "  minutes: 0", "durée"),
        ("jours_feries: FR\n", "", "clé absente : jours_feries"),
        ("jours_feries: FR", "jours_feries: FR\nautre: 1", "clé inconnue : autre"),
    ],
)
def test_faults_are_told_with_their_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = (CONTENT / "horaires.yml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "horaires.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as refused:
        load_hours(path)
    fault = refused.value.faults[0]
    assert message in fault.message
    assert fault.path == path
    assert fault.line >= 1


def test_no_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ContentError):
        load_hours(tmp_path / "horaires.yml")
