"""Referents from a CSV file: a report by line, a dry run, nothing written while a line is wrong."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from api.teams.referents import BadFile, read_lines
from tests.api.operators.test_commands import run

__all__ = ["run"]
PERSON = uuid.uuid4()
PEOPLE = {("enseignants", "lea.martin"): PERSON}
TEAMS = frozenset({"enseignants", "crc"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize(("separator", "end"), [(";", "\r\n"), (",", "\n")])
def test_files_as_spreadsheets_write_them(encoding: str, separator: str, end: str) -> None:
    rows = [
        ["Identifiant", "COMPTE", "equipe", "discipline"],
        ["1234 567-89a", "Lea.Martin", "enseignants", "Mathématiques"],
    ]
    raw = end.join(separator.join(row) for row in rows).encode(encoding)
    (line,) = read_lines(raw, PEOPLE, TEAMS)
    assert (line.learner, line.team, line.discipline, line.operator_id) == (
        "123456789A", "enseignants", "mathematiques", PERSON,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("12;lea.martin;enseignants", "trop court"),
        (";lea.martin;enseignants", "trop court"),
        ("123456;lea.martin;profs", "équipe inconnue : profs"),
        ("123456;paul;enseignants", "paul n'est pas un compte ouvert"),
        ("123456;lea.martin;crc", "n'est pas un compte ouvert de l'équipe crc"),
        ("123456", "équipe inconnue : (vide)"),
        ("99999;lea.martin;enseignants", "qu'à la ligne 2"),
    ],
)
def test_each_wrong_line_says_why(row: str, why: str) -> None:
    raw = f"identifiant;compte;equipe\n99999;lea.martin;enseignants\n{row}\n".encode()
    first, second = read_lines(raw, PEOPLE, TEAMS)
    assert first.error is None
    assert why in (second.error or "")


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\x00", b"nom;prenom\nA;B\n"])
def test_a_file_that_is_not_one(raw: bytes) -> None:
    with pytest.raises(BadFile, match="Colonne absente"):
        read_lines(raw, PEOPLE, TEAMS)


def test_the_command(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    run("operators", "create", "lea.martin")
    run("teams", "set", "lea.martin", "enseignants")
    file = tmp_path / "referents.csv"
    file.write_text("identifiant;compte;equipe\n123456;lea.martin;enseignants\n654321;lea.martin;enseignants\n")
    tried = run("import-referents", str(file), "--dry-run")
    assert tried.returncode == 0, tried.stderr
    assert "Rien n'est écrit (essai) : 2 référent(s) changeraient" in tried.stdout
    done = run("import-referents", str(file))
    assert "ligne 2 : enregistrée" in done.stdout
    assert "2 référent(s) changés" in done.stdout
    assert "ligne 2 : déjà connue" in run("import-referents", str(file)).stdout
    file.write_text("identifiant;compte;equipe\n777777;lea.martin;enseignants\n1;x;y\n")
    wrong = run("import-referents", str(file))
    assert wrong.returncode == 1
    assert "ligne 3 : identifiant absent" in wrong.stdout
    assert "Rien n'est écrit (1 ligne(s) à corriger)" in wrong.stdout
    file.write_text("identifiant;compte;equipe\n777777;lea.martin;enseignants\n")
    assert "ligne 2 : enregistrée" in run("import-referents", str(file)).stdout
    assert run("import-referents", str(tmp_path / "absent.csv")).returncode == 1
