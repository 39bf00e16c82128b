"""`python -m api operators …` and `python -m api demo`, as somebody types them."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest


@pytest.fixture
def run(empty_database_url: str):  # type: ignore[no-untyped-def]
    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "api", *arguments],
            env=os.environ | {"DATABASE_URL": empty_database_url},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return command


def test_an_account_from_nothing(run) -> None:  # type: ignore[no-untyped-def]
    made = run("operators", "create", "lea.martin", "--name", "Léa Martin", "--role", "superviseur")
    assert made.returncode == 0, made.stderr
    assert re.search(r"Mot de passe : [a-z2-9]{5}(-[a-z2-9]{5}){3}\n", made.stdout)
    again = run("operators", "create", "lea.martin")
    assert again.returncode == 1
    assert "existe déjà" in again.stderr
    assert run("operators", "list").stdout == "lea.martin\tsuperviseur\touvert\tLéa Martin\n"
    assert run("operators", "disable", "lea.martin").returncode == 0
    assert "fermé" in run("operators", "list").stdout
    assert run("operators", "disable", "personne").returncode == 1


def test_the_demo_account_is_shown_once(run) -> None:  # type: ignore[no-untyped-def]
    first = run("demo")
    assert "affiché cette seule fois : " in first.stdout
    password = first.stdout.rsplit(" : ", 1)[1].strip()
    second = run("demo")
    assert second.returncode == 0
    assert password not in second.stdout
    assert "existe déjà" in second.stdout


def test_migrate_says_where_the_database_is(run) -> None:  # type: ignore[no-untyped-def]
    assert run("migrate").stdout.startswith("Base à jour : version ")
