"""The real content can be published."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
import yaml

from knowledge.articles import Article, load_articles
from knowledge.checking import check, comparable
from knowledge.content_file import CONTENT
from knowledge.replies import PLACEHOLDERS, SAFETY_KEYS, load_replies
from knowledge.service_types import BASE_FIELDS, Catalogue, load_catalogue

DOMAIN = Path(__file__).parents[3] / "shared" / "domain"  # the institution's own lists, beside the checkout
YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    return load_articles()


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_no_fault() -> None:
    assert [str(f) for f in check(CONTENT)] == []


def test_counts(articles: dict[str, Article], catalogue: Catalogue) -> None:
    assert len(catalogue.types) == 39
    assert len(articles) == 149
    assert {a.service_type for a in articles.values()} <= set(catalogue.types)


def test_ids_are_those_of_the_institution(articles: dict[str, Article], catalogue: Catalogue) -> None:
    if not DOMAIN.is_dir():
        pytest.skip(f"no {DOMAIN}: the institution's lists are not beside this checkout")
    types = {row["id"] for row in yaml.safe_load((DOMAIN / "services-type.yml").read_text(encoding="utf-8"))}
    subjects = yaml.safe_load((DOMAIN / "faq-sujets.yml").read_text(encoding="utf-8"))
    assert set(catalogue.types) == types
    assert set(articles) == {row["id"] for row in subjects}


def test_codes_are_unique_and_every_type_has_a_delay_or_none(catalogue: Catalogue) -> None:
    codes = [t.code for t in catalogue.types.values()]
    assert len(set(codes)) == len(codes)
    assert all(t.delay_hours is None or t.delay_hours > 0 for t in catalogue.types.values())
    assert set(BASE_FIELDS) <= set(catalogue.fields)
    assert not catalogue.fields["contact"].optional


def test_every_article_is_sourced_and_of_the_right_length(articles: dict[str, Article]) -> None:
    for article in articles.values():
        assert article.sources, article.path
        assert all(2000 <= s.year <= 2100 for s in article.sources), article.path
        assert all(s.url is None or re.match(r"https?://[\w.-]+\.\w+", s.url) for s in article.sources), article.path
        assert 40 <= len(article.answer.split()) <= 120, article.path


def test_dated_facts_say_their_year(articles: dict[str, Article]) -> None:
    dated = [a for a in articles.values() if a.certitude == "date"]
    assert dated
    assert [a.id for a in dated if not YEAR.search(a.answer)] == []


def test_every_article_has_eight_phrasings_of_its_own_in_four_registers(articles: dict[str, Article]) -> None:
    for article in articles.values():
        assert len({comparable(p.text) for p in article.phrasings}) >= 8, article.path
        assert len({p.register for p in article.phrasings}) >= 4, article.path


def test_answers_are_plain(articles: dict[str, Article]) -> None:
    for article in articles.values():
        assert not re.search(r"[!⚠#*_`]|\btu\b|\bte\b", article.answer), article.path


def test_no_question_of_the_form_asks_for_a_secret(catalogue: Catalogue) -> None:
    for field in catalogue.fields.values():
        assert not re.search(r"\b(?:tu|ton|ta|tes)\b|!", field.question), field.id
        if "mot de passe" in field.question:
            assert "jamais" in field.question, field.id


def test_replies_carry_exactly_what_the_service_fills() -> None:
    replies = load_replies()
    assert set(replies.variants) == set(PLACEHOLDERS)
    for key, variants in replies.variants.items():
        for text in variants:
            names = {name for _, name, _, _ in Formatter().parse(text) if name}
            assert names <= PLACEHOLDERS[key], key
            filled = replies.say(key, turn=variants.index(text), **dict.fromkeys(PLACEHOLDERS[key], "VALEUR"))
            assert "{" not in filled
            assert ("VALEUR" in filled) == bool(names)


def test_variants_follow_one_another() -> None:
    replies = load_replies()
    assert len(replies.variants["salutation"]) > 1
    assert replies.say("salutation", turn=0) != replies.say("salutation", turn=1)
    assert replies.say("salutation", turn=len(replies.variants["salutation"])) == replies.say("salutation", turn=0)


def test_a_missing_value_is_an_error_not_a_hole() -> None:
    with pytest.raises(KeyError):
        load_replies().say("ticket_ouvert", equipe="x")


def test_replies_are_plain() -> None:
    for key, variants in load_replies().variants.items():
        for text in variants:
            assert not re.search(r"!|[\U0001F300-\U0001FAFF]", text), key
            if key != "anglais":
                assert not re.search(r"\b(?:tu|ton|tes)\b", text), key


@pytest.mark.parametrize(
    ("key", "numbers"),
    [("securite_danger", ("17", "119")), ("securite_harcelement", ("3018",)), ("securite_detresse", ("3114",))],
)
def test_safety_texts_give_their_numbers(key: str, numbers: tuple[str, ...]) -> None:
    assert key in SAFETY_KEYS
    for text in load_replies().variants[key]:
        assert all(re.search(rf"\b{n}\b", text.replace(" ", "")) or re.search(rf"\b{n}\b", text) for n in numbers), text
