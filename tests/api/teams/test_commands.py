"""`python -m api teams …`, as somebody types it."""

from __future__ import annotations

from tests.api.operators.test_commands import run

__all__ = ["run"]


def test_a_team_from_nothing(run) -> None:  # type: ignore[no-untyped-def]
    run("operators", "create", "lea.martin", "--name", "Léa Martin")
    made = run(
        "teams", "set", "lea.martin", "enseignants", "--unit", "lycee", "--lead", "--disciplines", "Maths, Physique"
    )
    assert made.returncode == 0, made.stderr
    assert run("teams", "away", "lea.martin", "2026-01-01", "2099-01-01").returncode == 0
    listed = run("teams", "list").stdout
    assert "enseignants\tlea.martin\tLéa Martin\tlycee ; capacité 20 ; encadre ; en absence" in listed
    assert "mathematiques, physique-chimie" in listed
    for refused, why in (
        (("set", "lea.martin", "inconnue"), "Équipe inconnue"),
        (("set", "personne", "crc"), "Aucun compte"),
        (("set", "lea.martin", "crc", "--capacity", "-1"), "capacité"),
        (("set", "lea.martin", "crc", "--skills", "rien"), "Service-type inconnu"),
        (("away", "lea.martin", "2026-02-01", "2026-01-01"), "vient après"),
        (("remove", "lea.martin", "crc"), "n'est pas dans l'équipe"),
    ):
        done = run("teams", *refused)
        assert done.returncode == 1
        assert why in done.stderr
    assert run("teams", "remove", "lea.martin", "enseignants").returncode == 0
    assert "enseignants" not in run("teams", "list").stdout
