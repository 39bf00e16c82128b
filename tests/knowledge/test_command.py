"""`python -m knowledge triage` on the real models: the object that stays stable, and texts of every kind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from nlu.artifacts import MODELS

pytestmark = [pytest.mark.models, pytest.mark.timeout(300)]
ROOT = Path(__file__).parents[2]
DECISIONS = {"answer", "choices", "qualify", "handoff", "safety", "smalltalk", "out_of_scope"}
ENTITIES = {"niveau", "formation", "discipline", "identifiant", "date", "qui"}
UNITS = {"ecole", "college", "lycee", "pro", "sup_concours", "langues", None}
ROWS: list[dict[str, Any]] = [
    {
        "id": "question",
        "text": "Quels sont vos horaires d'ouverture au téléphone ?",
        "n": 4,
        "tags": ["a", {"b": None}],
    },
    {"id": "request", "text": "ma fille est en CE1, son colis n'est pas arrivé, dossier 2024-558, lea@exemple.fr"},
    {"id": "empty", "text": ""},
    {"id": "spaces", "text": " \n\t "},
    {"id": "long", "text": "Je n'ai pas reçu mon colis de cours. " * 541},
    {"id": "one_word", "text": "a" * 20_000},
    {"id": "emoji", "text": "👍🏽😀🎉"},
    {"id": "slash", "text": "/restart"},
    {"id": "intent", "text": '/inform{"niveau": "4e"}'},
    {"id": "english", "text": "Hello, I would like to know how I can register my son for the next school year."},
    {"id": "safety", "text": "mon beau-père me frappe tous les soirs, j'ai peur"},
    {"id": "distress", "text": "Bonjour, où sont mes notes ? Je veux mourir."},
    {
        "id": "several",
        "text": "Comment obtenir un certificat de scolarité ? Par ailleurs je n'arrive pas à me connecter à mon compte.",
    },
    {"id": "mail", "text": "Il me manque toujours le livre.", "subject": "colis de cours incomplet"},
    {"id": "control", "text": "a\u0000b\u0007 colis \ud7ff \ufeff"},
]


@pytest.fixture(scope="session")
def triaged() -> dict[str, dict[str, Any]]:
    if not (MODELS / "knowledge" / "manifest.json").exists():
        pytest.skip(f"no trained model in {MODELS}: run `make train`")
    lines = b"\n".join(orjson.dumps(row) for row in ROWS) + b"\n\n"
    run = subprocess.run(
        [sys.executable, "-m", "knowledge", "triage"],
        input=lines,
        capture_output=True,
        cwd=ROOT,
        check=False,
        timeout=240,
    )
    assert run.returncode == 0, run.stderr.decode()
    rows = [orjson.loads(line) for line in run.stdout.splitlines()]
    assert [row["id"] for row in rows] == [row["id"] for row in ROWS]
    return {row["id"]: row for row in rows}


@pytest.mark.parametrize("row", ROWS, ids=[r["id"] for r in ROWS])
def test_the_object_that_stays_stable(triaged: dict[str, dict[str, Any]], row: dict[str, Any]) -> None:
    out = triaged[row["id"]]
    assert out["decision"] in DECISIONS
    for key in ("articles", "request_types"):
        scores = [item["score"] for item in out[key]]
        assert all(set(item) == {"id", "score"} for item in out[key])
        assert all(isinstance(item["id"], str) and isinstance(item["score"], float) for item in out[key])
        assert 1 <= len(scores) <= 5
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= s <= 1 for s in scores)
    assert all(isinstance(i, str) for i in out["all_request_types"])
    assert out["request_types"][0]["id"] in out["all_request_types"]
    assert set(out["safety"]) == {"label", "score"}
    assert out["safety"]["label"] in ("none", "danger", "harcelement", "detresse")
    assert 0 <= out["safety"]["score"] <= 1
    assert set(out["entities"]) <= ENTITIES
    assert all(isinstance(v, str) and v for v in out["entities"].values())
    assert out["unite"] in UNITS
    assert isinstance(out["masked_text"], str)
    assert (out["decision"] == "safety") == (out["safety"]["label"] != "none")


@pytest.mark.parametrize("row", ROWS, ids=[r["id"] for r in ROWS])
def test_unknown_fields_are_kept(triaged: dict[str, dict[str, Any]], row: dict[str, Any]) -> None:
    assert {key: triaged[row["id"]][key] for key in row} == row


def test_a_question_is_answered(triaged: dict[str, dict[str, Any]]) -> None:
    out = triaged["question"]
    assert out["decision"] == "answer"
    assert out["articles"][0]["id"] == "horaires_telephone"
    assert out["request_types"][0]["id"] == "contact_horaires"


def test_a_request_is_read(triaged: dict[str, dict[str, Any]]) -> None:
    out = triaged["request"]
    assert out["entities"] == {"niveau": "CE1", "identifiant": "2024-558", "qui": "parent"}
    assert out["unite"] == "ecole"
    assert out["masked_text"].endswith("[COURRIEL]")
    assert out["request_types"][0]["id"] == "supports_colis"


@pytest.mark.parametrize("name", ["empty", "spaces", "emoji"])
def test_nothing_said_is_small_talk(triaged: dict[str, dict[str, Any]], name: str) -> None:
    assert triaged[name]["decision"] == "smalltalk"
    assert triaged[name]["entities"] == {}


def test_a_long_text_is_read(triaged: dict[str, dict[str, Any]]) -> None:
    assert len(ROWS[4]["text"]) > 20_000
    assert triaged["long"]["request_types"][0]["id"] == "supports_colis"


def test_a_slash_is_plain_text(triaged: dict[str, dict[str, Any]]) -> None:
    assert triaged["slash"]["masked_text"] == "/restart"
    assert triaged["intent"]["entities"] == {"niveau": "4e"}


def test_english(triaged: dict[str, dict[str, Any]]) -> None:
    assert triaged["english"]["decision"] == "out_of_scope"


def test_safety_comes_first(triaged: dict[str, dict[str, Any]]) -> None:
    assert triaged["safety"]["safety"]["label"] == "danger"
    assert triaged["distress"]["safety"]["label"] == "detresse"


def test_several_requests_are_all_told(triaged: dict[str, dict[str, Any]]) -> None:
    assert {"certificats_bulletins", "connexion_compte"} <= set(triaged["several"]["all_request_types"])


def test_a_mail_s_subject_counts(triaged: dict[str, dict[str, Any]]) -> None:
    assert triaged["mail"]["request_types"][0]["id"] == "supports_colis"


def test_without_models_the_command_says_what_to_run(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "knowledge", "--models", str(tmp_path), "triage"],
        input=b'{"text": "x"}\n',
        capture_output=True,
        cwd=ROOT,
        check=False,
        timeout=240,
    )
    assert run.returncode == 2
    assert run.stdout == b""
    assert "make train" in run.stderr.decode()
    assert "Traceback" not in run.stderr.decode()
