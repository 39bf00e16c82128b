"""Articles: what is read, and each fault with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge.articles import load_articles, read_article
from knowledge.content_file import ContentError


def test_an_article_is_read_whole(content: Path) -> None:
    article = read_article(content / "faq" / "horaires.md")
    assert article.id == "horaires"
    assert article.public == ("eleve", "parent")
    assert article.sources[0].title == "Rapport"
    assert article.sources[0].year == 2025
    assert article.sources[0].url is None
    assert article.review_by == date(2027, 5, 15)
    assert article.answer.startswith("Le standard répond")
    assert [(p.text, p.register, p.line) for p in article.phrasings[:3]] == [
        ("quand ouvert numéro 0", "poli", 13),
        ("quand ouvert numéro 1", "poli", 14),
        ("quand ouvert numéro 2", "bref", 16),
    ]
    lines = article.path.read_text(encoding="utf-8").split("\n")
    assert lines[article.answer_line - 1].startswith("Le standard")


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("id: horaires\n", "id: autre\n", 2, "l'id autre n'est pas le nom du fichier"),
        ("certitude: publie", "certitude: peut-être", 6, "certitude inconnue"),
        ("public: [eleve, parent]", "public: [eleve, martien]", 5, "public inconnu : martien"),
        ("review_by: 2027-05-15", "review_by: bientôt", 10, "AAAA-MM-JJ"),
        ('sources:\n  - title: "Rapport"\n    year: 2025\n', "sources: []\n", 7, "source manquante"),
        ("    year: 2025\n", "", 8, "une année"),
        ("    year: 2025\n", "    year: l'an dernier\n", 8, "une année"),
        ('title: "Rapport"', 'title: ""', 8, "un titre"),
        ("review_by: 2027-05-15\n", "", 1, "clé absente : review_by"),
        ('question: "Question de horaires ?"', 'question: "Question', 3, "YAML illisible"),
        ("---\nid", "id", 1, "en-tête"),
    ],
)
def test_each_fault_has_its_line(content: Path, old: str, new: str, line: int, message: str) -> None:
    path = content / "faq" / "horaires.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as error:
        read_article(path)
    fault = error.value.faults[0]
    assert fault.path == path
    assert message in fault.message
    if message != "YAML illisible":
        assert fault.line == line
    else:
        assert fault.line >= line


def test_all_faulty_files_are_told_at_once(content: Path) -> None:
    for path in (content / "faq").glob("*.md"):
        path.write_text(path.read_text(encoding="utf-8").replace("publie", "sûr"), encoding="utf-8")
    with pytest.raises(ContentError) as error:
        load_articles(content)
    assert {f.path.name for f in error.value.faults} == {"horaires.md", "conseils.md"}


def test_phrasings_without_registers_are_a_fault_not_a_crash(content: Path) -> None:
    path = content / "faq" / "horaires.md"
    lines = path.read_text(encoding="utf-8").split("\n")
    start, end = lines.index("phrasings:"), lines.index("---", 1)
    path.write_text("\n".join([*lines[:start], "phrasings: [un, deux]", *lines[end:]]), encoding="utf-8")
    with pytest.raises(ContentError) as error:
        read_article(path)
    assert [(f.line, f.message) for f in error.value.faults] == [(11, "phrasings range les formulations par registre")]
