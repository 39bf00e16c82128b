"""Deadlines as people write them, on Sunday 22 November 2026."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from knowledge.content_file import CONTENT, ContentError
from knowledge.deadlines import DeadlineWords, day_of_field, find_deadline, load_deadline_words
from knowledge.french_dates import find_dates

TODAY = date(2026, 11, 22)
TEXT = (CONTENT / "echeances.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def words() -> DeadlineWords:
    return load_deadline_words()


@pytest.mark.parametrize(
    ("text", "day", "included", "said"),
    [
        ("il me faut ce papier avant vendredi", "2026-11-27", False, "avant vendredi"),
        (
            "il me faut ce papier avant le vendredi 27 novembre svp",
            "2026-11-27",
            False,
            "avant le vendredi 27 novembre",
        ),
        ("L'inscription se termine le 15 décembre, aidez-moi", "2026-12-15", True, "se termine le 15 décembre"),
        ("examen lundi et rien reçu", "2026-11-23", False, "examen lundi"),
        ("j'ai un oral demain", "2026-11-23", False, "oral demain"),
        ("et c'est lundi la date limite", "2026-11-23", True, "lundi la date limite"),
        ("les inscriptions se terminent dans trois semaines", "2026-12-13", True, "se terminent dans trois semaines"),
        ("la CAF me le réclame avant le 30", "2026-11-30", False, "avant le 30"),
        ("avant le 3", "2026-12-03", False, "avant le 3"),
        ("à rendre pour le 12/12", "2026-12-12", True, "à rendre pour le 12/12"),
        ("date limite : 05/01/2027", "2027-01-05", True, "date limite : 05/01/2027"),
        ("réponse d'ici la fin de la semaine svp", "2026-11-27", True, "d'ici la fin de la semaine"),
        ("Je passe mon examen le 2 décembre", "2026-12-02", False, "examen le 2 décembre"),
        ("avant le 12 janvier ou avant jeudi", "2026-11-26", False, "avant jeudi"),
        ("c'est à rendre ce soir", "2026-11-22", True, "à rendre ce soir"),
        ("EXAMEN LUNDI", "2026-11-23", False, "EXAMEN LUNDI"),
    ],
)
def test_what_is_a_deadline(words: DeadlineWords, text: str, day: str, included: bool, said: str) -> None:
    found = find_deadline(text, TODAY, words)
    assert found is not None
    assert (found.day, found.included, found.said) == (date.fromisoformat(day), included, said)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bonjour je voudrais un certificat",
        "c'est urgent",
        "mon examen était lundi",
        "l'examen de lundi dernier",
        "j'ai envoyé mon dossier avant le 12 novembre",
        "je n'ai rien reçu depuis lundi",
        "avant j'arrivais à me connecter",
        "quelle est la date limite ?",
        "avant le 31 février",
        "la date limite était le 15 novembre 2025",
        "je suis né le 3 mars 2010",
        "mon fils est en 3e, il a 12 ans",
        "le 12/12",
        "avant le 4 octobre 2026",
        "Si elle rend son devoir dimanche, d'ici combien de jours aura-t-elle la note ?",
        "un billet pour le rejoindre, je pars vendredi",
        "elle a terminé le 15 décembre ses cinq semaines",
    ],
)
def test_what_is_none(words: DeadlineWords, text: str) -> None:
    assert find_deadline(text, TODAY, words) is None


def test_exams_that_are_named_count_from_their_dates(words: DeadlineWords) -> None:
    assert find_deadline("ma convocation au bac", TODAY, words) is None  # not fixed
    dated = replace(words, exams=(replace(words.exams[0], dates=(date(2026, 6, 1), date(2026, 11, 25))),))
    found = find_deadline("ma convocation au BAC", TODAY, dated)
    assert found is not None
    assert (found.day, found.included) == (date(2026, 11, 25), False)
    assert find_deadline("un bachelor", TODAY, dated) is None


def test_a_field_that_asks_for_a_date_needs_no_word() -> None:
    found = day_of_field("vers le 15 décembre", TODAY, "Date limite")
    assert found is not None
    assert (found.day, found.said) == (date(2026, 12, 15), "Date limite : vers le 15 décembre")
    assert day_of_field("je ne sais pas", TODAY, "Date limite") is None
    assert day_of_field("15 octobre 2026", TODAY, "Date limite") is None


@pytest.mark.parametrize(
    ("said", "today", "day"),
    [
        ("dimanche", "2026-11-22", "2026-11-29"),  # said on a Sunday, it is the next one
        ("lundi prochain", "2026-11-22", "2026-11-23"),
        ("apres-demain", "2026-12-30", "2027-01-01"),
        ("le 5", "2026-12-30", "2027-01-05"),
        ("1er janvier", "2026-11-22", "2027-01-01"),
        ("fin du mois", "2028-02-10", "2028-02-29"),
        ("2027-01-05", "2026-11-22", "2027-01-05"),
        ("dans 48 h", "2026-11-22", "2026-11-24"),
        ("10 novembre", "2026-11-22", "2026-11-10"),
    ],
)
def test_dates(said: str, today: str, day: str) -> None:
    assert [f.day for f in find_dates(said, date.fromisoformat(today))] == [date.fromisoformat(day)]


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ("urgent_sous_heures: 72", "urgent_sous_heures: bientot", "urgent_sous_heures", "nombre d'heures"),
        ("  - epreuve\n", "  - épreuve\n", "avant", "sans accent"),
        ("    mots: [bac, baccalaureat]\n", "", "id", "clé absente : mots"),
        ("mots: [brevet, dnb]\n    dates: []", "mots: [brevet, dnb]\n    dates: [juin]", "id", "2027-06-14"),
    ],
)
def test_faults(tmp_path: Path, old: str, new: str, at: str, message: str) -> None:
    assert old in TEXT
    (tmp_path / "echeances.yml").write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError, match=message) as error:
        load_deadline_words(tmp_path)
    lines = (tmp_path / "echeances.yml").read_text(encoding="utf-8").split("\n")
    assert lines[error.value.faults[0].line - 1].split(":")[0].strip(" -") == at
