"""E-mails and follow-up page as content: complete, every fault said with its line, nothing loud, no promise."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from knowledge.checking import check
from knowledge.content_file import CONTENT, ContentError
from knowledge.follow_up import load_follow_up_texts, load_mail_texts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("courriels.yml", "suivi.yml"):
        shutil.copy(CONTENT / name, tmp_path / name)
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_content_of_the_project_is_complete() -> None:
    mails, page = load_mail_texts(), load_follow_up_texts()
    assert set(mails.kinds) == {"confirmation", "reply", "reminder", "resolved"}
    assert mails.reminder_days
    assert len(page.ratings) == 5
    assert page.readable("Mon mail : [COURRIEL]") == "Mon mail : [adresse de courriel masquée]"


def test_punctuation_stays_with_its_word() -> None:
    assert "personnel\u00a0:" in load_mail_texts().sentences["lien_secret"]


def test_a_folder_without_them_has_those_of_the_project(tmp_path: Path) -> None:
    assert load_mail_texts(tmp_path) == load_mail_texts()
    assert load_follow_up_texts(tmp_path) == load_follow_up_texts()


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("courriels.yml", "{reference} est bien", "{nom} est bien", "mot entre accolades inconnu : nom"),
        ("courriels.yml", 'signature: "Le Cned"\n', "", "texte absent ou vide : signature"),
        ("courriels.yml", "rappels_jours: [3, 10]", "rappels_jours: [0]", "nombre de jours attendu"),
        ("courriels.yml", "rappels_jours: [3, 10]", "rappels_jours: []", "liste absente ou vide"),
        ("courriels.yml", "reminder:\n", "autre:\n", "partie absente ou illisible : reminder"),
        ("courriels.yml", "reminder:\n", "autre:\n", "partie inconnue : autre"),
        ("courriels.yml", "confiée à {equipe}.", "confiée à {equipe.", "accolade seule"),
        ("suivi.yml", '    titre: "Reçue"\n', "", "texte absent ou vide : titre"),
        ("suivi.yml", '  - "Satisfait"\n', "", "5 réponses attendues"),
        ("suivi.yml", "rouvrir_jours: 30", "rouvrir_jours: bientôt", "nombre de jours attendu"),
        ("suivi.yml", "  clos:\n", "  fini:\n", "partie absente ou illisible : clos"),
    ],
)
def test_what_is_wrong_is_said(folder: Path, name: str, old: str, new: str, message: str) -> None:
    change(folder / name, old, new)
    load = load_mail_texts if name == "courriels.yml" else load_follow_up_texts
    with pytest.raises(ContentError, match=message) as caught:
        load(folder)
    assert all(f.path.name == name and f.line >= 1 for f in caught.value.faults)


@pytest.mark.parametrize(
    ("added", "message"),
    [
        ("Merci !", "point d'exclamation"),
        ("Vous aurez une réponse sous 48 h", "promesse de délai"),
        ("Bravo 🎉", "émoji"),
    ],
)
def test_the_check_keeps_the_tone(folder: Path, tmp_path: Path, added: str, message: str) -> None:
    change(folder / "courriels.yml", "Nous attendons votre réponse", added)
    for other in ("services_type.yml", "equipes.yml", "champs.yml", "reponses.yml"):
        shutil.copy(CONTENT / other, tmp_path / other)
    found = [str(f.message) for f in check(folder) if f.path.name == "courriels.yml"]
    assert any(message in f for f in found)
