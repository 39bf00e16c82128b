"""`knowledge check`: a small content without fault, then one fault at a time, each told with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.checking import Least, check, comparable

FEW = Least(0, 0, 0, 0, 0)  # the small content has no message to count


def found(content: Path, messages: Path) -> list[tuple[str, int, str]]:
    return [(f.path.name, f.line, f.message) for f in check(content, messages, FEW)]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_content_without_fault_passes(content: Path, messages: Path) -> None:
    assert found(content, messages) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "message"),
    [
        ("horaires.md", "service_type: contact_horaires", "service_type: inconnu", 1, "service-type inconnu : inconnu"),
        ("horaires.md", '  - title: "Rapport"\n    year: 2025\n', "  []\n", 7, "source manquante"),
        ("horaires.md", "    year: 2025\n", "    year: deux mille\n", 8, "une année"),
        (
            "horaires.md",
            "quand ouvert numéro 3",
            "QUAND orienté, numero 3 ?",
            17,
            "formulation déjà présente dans conseils.md:17",
        ),
        ("horaires.md", "En dehors de ces heures", "Bravo ! En dehors de ces heures", 27, "point d'exclamation"),
        (
            "horaires.md",
            "En dehors de ces heures",
            "Écrivez à cned@exemple.fr. En dehors de ces heures",
            27,
            "adresse de courriel",
        ),
        ("horaires.md", "En dehors de ces heures", "C'est garanti. En dehors de ces heures", 27, "promesse de délai"),
        ("horaires.md", "en 2025, ", "", 25, "avec son année"),
        ("horaires.md", '    - "quand ouvert numéro 3"\n', "", 1, "7 formulations"),
    ],
)
def test_faults_of_articles(
    content: Path, messages: Path, name: str, old: str, new: str, line: int, message: str
) -> None:
    change(content / "faq" / name, old, new)
    matching = [f for f in found(content, messages) if f[0] == name and message in f[2]]
    if name == "horaires.md" and line in (25, 27):
        text = (content / "faq" / name).read_text(encoding="utf-8").split("\n")
        start = "Le standard" if line == 25 else new.split(" En dehors")[0]
        line = next(i for i, row in enumerate(text, 1) if row.startswith(start))
    assert [f[1] for f in matching] == [line]


@pytest.mark.parametrize(("words", "told"), [(39, True), (40, False), (120, False), (121, True)])
def test_length_of_the_answer(content: Path, messages: Path, words: int, told: bool) -> None:
    path = content / "faq" / "horaires.md"
    head = path.read_text(encoding="utf-8").split("Le standard")[0]
    path.write_text(head + "2025 " + "mot " * (words - 1) + "\n", encoding="utf-8")
    line = head.count("\n") + 1
    expected = [("horaires.md", line, f"la réponse a {words} mots (attendu : 40 à 120)")] if told else []
    assert found(content, messages) == expected


def test_registers(content: Path, messages: Path) -> None:
    change(content / "faq" / "horaires.md", "  sms:\n", "")
    assert ("horaires.md", 1, "les formulations n'ont pas 4 registres différents") in found(content, messages)


def test_a_simple_type_without_article(content: Path, messages: Path) -> None:
    (content / "faq" / "horaires.md").unlink()
    messages_of_types = [f for f in found(content, messages) if f[0] == "services_type.yml"]
    assert messages_of_types == [("services_type.yml", 1, "aucun article pour le service-type simple contact_horaires")]


def test_an_unknown_team_of_the_catalogue(content: Path, messages: Path) -> None:
    change(content / "services_type.yml", "equipe: crc", "equipe: lune")
    assert ("services_type.yml", 2, "équipe inconnue : lune") in found(content, messages)


def test_a_missing_and_an_unknown_sentence(content: Path, messages: Path) -> None:
    path = content / "reponses.yml"
    lines = path.read_text(encoding="utf-8").split("\n")
    number = next(i for i, row in enumerate(lines) if row.startswith("rien_a_annuler:"))
    lines[number] = 'relanse: "Autre chose ?"'
    path.write_text("\n".join(lines), encoding="utf-8")
    assert found(content, messages) == [
        ("reponses.yml", 1, "phrase absente : rien_a_annuler"),
        ("reponses.yml", number + 1, "phrase inconnue : relanse"),
    ]


def test_a_word_in_braces_that_nobody_fills(content: Path, messages: Path) -> None:
    path = content / "reponses.yml"
    lines = path.read_text(encoding="utf-8").split("\n")
    number = next(i for i, row in enumerate(lines) if row.startswith("rien_a_annuler:"))
    lines[number] = 'rien_a_annuler: "Bonjour {prenom}"'
    path.write_text("\n".join(lines), encoding="utf-8")
    assert found(content, messages) == [("reponses.yml", number + 1, "mot entre accolades inconnu : prenom")]


@pytest.mark.parametrize(
    ("split", "old", "new", "line", "message"),
    [
        ("train", "contact_horaires/horaires", "lune/horaires", 6, "service-type inconnu lune"),
        ("train", "contact_horaires/horaires", "contact_horaires/lune", 6, "article inconnu"),
        ("train", "contact_horaires/horaires", "orientation/horaires", 6, "d'un autre service-type horaires"),
        ("dev", "jusqu'à quelle heure", "Vous ouvrez QUAND ?", 6, "présent dans l'entraînement"),
    ],
)
def test_faults_of_messages(
    content: Path, messages: Path, split: str, old: str, new: str, line: int, message: str
) -> None:
    change(messages / split / "voix.yml", old, new)
    (fault,) = check(content, messages, FEW)
    assert (fault.path, fault.line) == (messages / split / "voix.yml", line)
    assert message in fault.message


def test_a_writer_on_both_sides(content: Path, messages: Path) -> None:
    change(messages / "dev" / "voix.yml", "writer: b", "writer: a")
    (fault,) = check(content, messages, FEW)
    assert fault.path == messages / "dev"
    assert "a est des deux côtés" in fault.message


def test_a_message_under_two_subjects(content: Path, messages: Path) -> None:
    path = messages / "train" / "voix.yml"
    path.write_text(
        path.read_text(encoding="utf-8")
        + '- intent: orientation/conseils\n  examples:\n  - text: "Vous ouvrez quand ?"\n',
        encoding="utf-8",
    )
    (fault,) = check(content, messages, FEW)
    assert (fault.path, fault.line) == (path, 9)
    assert "message sous deux sujets" in fault.message


def test_two_phrasings_are_the_same_without_accents_case_and_punctuation() -> None:
    assert comparable("  À quelle HEURE, ouvrez-vous ?") == comparable("a quelle heure ouvrez vous")
    assert comparable("4e") != comparable("5e")
