"""The advice to editors: content, complete, and applied to what they write."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from knowledge.article_quality import dead_facts, faults, hints, near_articles, overdue
from knowledge.articles import Phrasing, load_articles
from knowledge.checking.content import content_faults
from knowledge.content_file import CONTENT, ContentError
from knowledge.service_types import load_catalogue
from knowledge.writing_rules import load_writing_rules

ARTICLES = load_articles()
RULES = load_writing_rules()
ONE = ARTICLES["certificat_scolarite"]


def test_the_articles_of_the_project_can_be_published_as_they_are() -> None:
    catalogue = load_catalogue()
    assert {a.id: f for a in ARTICLES.values() if (f := faults(a, ARTICLES, catalogue, RULES))} == {}


def test_dead_facts() -> None:
    assert dead_facts(ONE, RULES) == []
    assert dead_facts(replace(ONE, facts=("CON-04",)), RULES) == [
        "le fait CON-04 est à vérifier : aucun article ne l'affirme"
    ]
    assert dead_facts(replace(ONE, facts=("ZZZ-01",)), RULES) == ["le fait ZZZ-01 n'existe pas"]
    old = next(id_ for id_, fact in RULES.facts.items() if fact.standing == "date")
    assert dead_facts(replace(ONE, facts=(old,), certitude="date"), RULES) == []
    assert len(dead_facts(replace(ONE, facts=(old,), certitude="publie"), RULES)) == 1


def test_the_day_of_review_is_overdue() -> None:
    article = replace(ONE, review_by=date(2027, 3, 1))
    assert not overdue(article, date(2027, 2, 28))
    assert overdue(article, date(2027, 3, 1))


def test_hints_about_reading() -> None:
    plain = replace(ONE, answer="Ouvrez la page. Choisissez le document. Il est daté.")
    assert hints(plain, RULES) == []
    hard = replace(ONE, answer="Afin de bénéficier de l'aide de la DSDEN, " + "il faut écrire encore " * 8 + "ici.")
    said = " ".join(hints(hard, RULES))
    for word in ("« afin de »", "« bénéficier de »", "« DSDEN »", "à couper", "en moyenne"):
        assert word in said, word


def test_near_articles_are_the_others() -> None:
    other = replace(
        ONE, id="nouveau", question=ONE.question, phrasings=(Phrasing(ONE.phrasings[0].text + " merci", "poli", 1),)
    )
    near = near_articles(other, ARTICLES)
    assert near[0].article == ONE.id
    assert ONE.id not in [n.article for n in near_articles(ONE, ARTICLES)]


def test_the_next_moments_of_the_school_year() -> None:
    moments = RULES.next_moments(date(2027, 3, 1))
    assert [d for d, _ in moments] == sorted(d for d, _ in moments)
    assert all(d > date(2027, 3, 1) for d, _ in moments)
    assert (date(2028, 3, 1), "Inscriptions aux examens closes") in moments


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("redaction.yml", "mots_par_phrase: 25", "mots_par_phrase: beaucoup"), ("redaction.yml", "{liste}", ""),
        ("redaction.yml", '"01-15"', '"13-45"'), ("redaction.yml", "registres:", "autre:"),
        ("faits.yml", "certitude: etabli", "certitude: sûr"),
    ],
)  # fmt: skip
def test_a_wrong_part_is_refused(tmp_path: Path, name: str, old: str, new: str) -> None:
    text = (CONTENT / name).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError):
        load_writing_rules(tmp_path)


def test_the_gate_refuses_a_fact_to_be_checked(content: Path) -> None:
    path = content / "faq" / "horaires.md"
    path.write_text(path.read_text().replace("review_by:", "facts: [CON-04]\nreview_by:"), encoding="utf-8")
    found, _, _ = content_faults(content)
    assert [f.message for f in found if "CON-04" in f.message] == [
        "fait CON-04 à vérifier : aucun article ne l'affirme"
    ]
