"""Looking up while typing: words, beginnings, typos and acronyms on the real articles; meaning by a stand-in that is counted."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.articles import Article, load_articles
from knowledge.audience import LEVELS, Caller, fits
from knowledge.decisions import Scored
from knowledge.lookup import LONGEST, Lookup
from knowledge.service_types import UNITS, load_catalogue
from knowledge.typos import Vocabulary
from knowledge.word_index import split_typed, words_of


class Counted:
    """Stands for the meaning: always the same article, and what it was asked."""

    def __init__(self, always: str = "horaires_telephone") -> None:
        self.always = always
        self.asked: list[str] = []

    def search(self, query: str, limit: int) -> list[Scored]:
        self.asked.append(query)
        return [Scored(self.always, 0.6), Scored("article_retire", 0.4)]


@pytest.fixture(scope="module")
def articles() -> Mapping[str, Article]:
    return load_articles()


@pytest.fixture(scope="module")
def words(articles: Mapping[str, Article]) -> Lookup:
    return Lookup.of(articles, load_catalogue(), Counted())


@pytest.fixture
def lookup(words: Lookup) -> Lookup:
    """With a meaning that was asked nothing yet."""
    return Lookup(words.articles, words.ids, words.words, Counted(), words.rows)


def typed(lookup: Lookup, query: str) -> list[str]:
    return [s.id for s in lookup.search(query, settled=False).found]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("certificat", "certificat_scolarite"),
        ("certifi", "certificat_scolarite"),
        ("mot de passe", "identifiants_mot_de_passe_oublies"),
        ("rembours", "annuler_et_etre_rembourse"),
        ("phobi", "phobie_scolaire_motif"),
        ("parcoursup", "parcoursup_ine_et_etablissement"),
        ("exeat", "certificat_radiation_exeat"),
    ],
)
def test_the_word_being_typed_is_enough(lookup: Lookup, query: str, wanted: str) -> None:
    assert wanted in typed(lookup, query)[:3]


@pytest.mark.parametrize(
    ("query", "like"),
    [
        ("cértificat", "certificat"), ("CERTIFICAT", "certificat"), ("certiffficat", "certificat"),
        ("certifcat", "certificat"), ("certifiact", "certificat"), ("cretificat", "certificat"),
        ("remboursemnt", "remboursement"), ("parcourssup", "parcoursup"), ("académie", "academie"), ("colsi", "colis"),
    ],
)  # fmt: skip
def test_accents_capitals_and_typos_change_nothing(lookup: Lookup, query: str, like: str) -> None:
    assert typed(lookup, query)[0] == typed(lookup, like)[0]


@pytest.mark.parametrize("acronym", ["BTS", "CAP", "IEF", "DNB", "CPF", "VAE", "ASSR", "DAEU"])
@pytest.mark.parametrize("write", [str.upper, str.lower, ".".join])
def test_acronyms_are_exact(lookup: Lookup, acronym: str, write: object) -> None:
    """Neither the beginning of another word ("capacité"), nor a typo of one ("cas")."""
    query = write(acronym)  # type: ignore[operator]
    found = typed(lookup, query)
    assert found
    for id_ in found:
        article = lookup.articles[id_]
        label = load_catalogue().types[article.service_type].label
        texts = [article.question, article.answer, label, *(p.text for p in article.phrasings)]
        assert acronym.lower() in words_of(" ".join(texts))


def test_a_question_typed_to_its_half_finds_its_article(lookup: Lookup) -> None:
    """Known item: half of the question, by words alone, leads to the article among the first three."""
    found = [a.id in typed(lookup, a.question[: len(a.question) // 2])[:3] for a in lookup.articles.values()]
    assert sum(found) / len(found) >= 0.9


def test_one_unfinished_word_costs_no_meaning(lookup: Lookup) -> None:
    results = lookup.search("certifi", settled=False)
    assert lookup.meaning.asked == []  # type: ignore[attr-defined]
    assert not results.complete


def test_meaning_is_read_once_a_word_and_not_once_a_key(lookup: Lookup) -> None:
    text = "comment avoir un certificat"
    for end in range(2, len(text) + 1):
        lookup.search(text[:end], settled=False)
    assert lookup.meaning.asked == ["comment", "comment avoir", "comment avoir un"]  # type: ignore[attr-defined]
    assert lookup.search(text, settled=True).complete
    assert lookup.meaning.asked[-1] == text  # type: ignore[attr-defined]


def test_a_settled_word_is_understood_too(lookup: Lookup) -> None:
    assert "horaires_telephone" in [s.id for s in lookup.search("zzzzzz", settled=True).found]


def test_meaning_of_an_article_that_is_gone_is_left_out(lookup: Lookup) -> None:
    assert "article_retire" not in [s.id for s in lookup.search("une question", settled=True).found]


@pytest.mark.parametrize("query", ["", " ", "a", "?", "é", "!!", "\u200b"])
def test_nothing_before_two_characters(lookup: Lookup, query: str) -> None:
    assert lookup.search(query, settled=True).found == ()


@given(st.text(max_size=2 * LONGEST), st.booleans())
@settings(max_examples=60, deadline=None)
def test_whatever_is_typed(words: Lookup, query: str, settled: bool) -> None:
    found = words.search(query, settled=settled).found
    scores = [s.score for s in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < s <= 1 for s in scores)
    assert len({s.id for s in found}) == len(found)


def test_without_any_article() -> None:
    empty = Lookup.of({}, load_catalogue(), Counted())
    assert empty.search("certificat", settled=False).found == ()
    assert empty.search("un certificat", settled=True).found == ()


def test_the_caller_sets_others_aside(lookup: Lookup) -> None:
    everybody = lookup.search("bourse", settled=False, limit=50)
    adult = lookup.search("bourse", settled=False, caller=Caller(public="etablissement"), limit=50)
    assert adult.set_aside > 0
    assert len(adult.found) < len(everybody.found)
    assert all("etablissement" in lookup.articles[s.id].public for s in adult.found)


@pytest.mark.parametrize(
    ("question", "caller", "fitting"),
    [
        ("Comment demander une bourse pour un BTS ?", Caller(level="bts"), True),
        ("Comment demander une bourse pour un BTS ?", Caller(level="college"), False),
        ("Comment demander une bourse pour un BTS ?", Caller(unit="pro"), True),
        ("Comment demander une bourse pour un BTS ?", Caller(unit="ecole"), False),
        ("Une bourse au collège ou au lycée ?", Caller(level="lycee"), True),
        ("Une bourse au collège ou au lycée ?", Caller(unit="college"), True),
        ("Une bourse au collège ou au lycée ?", Caller(level="ecole"), False),
        ("Comment payer ?", Caller(level="ecole", unit="langues"), True),
        ("Comment payer ?", Caller(), True),
    ],
)
def test_an_article_is_for_those_that_its_question_names(
    articles: Mapping[str, Article], question: str, caller: Caller, fitting: bool
) -> None:
    article = replace(next(iter(articles.values())), question=question)
    assert fits(article, caller) is fitting


def test_every_level_and_unit_leaves_something(lookup: Lookup) -> None:
    for level in LEVELS:
        assert lookup.search("inscription", caller=Caller(level=level)).found, level
    for unit in UNITS:
        assert lookup.search("inscription", caller=Caller(unit=unit)).found, unit


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("certificat de sco", ("certificat de ", "sco")),
        ("certificat ", ("certificat ", "")),
        ("scolarité", ("", "scolarite")),
        ("colis ?", ("colis ?", "")),
        ("", ("", "")),
    ],
)
def test_the_word_being_typed(query: str, expected: tuple[str, str]) -> None:
    assert split_typed(query) == expected


def edits(word: str, draw: random.Random) -> str:
    """One mistake: a letter less, more, another, or two swapped."""
    i = draw.randrange(len(word) - 1)
    return draw.choice([
        word[:i] + word[i + 1 :],
        word[:i] + draw.choice("abcdefghijklmnopqrstuvwxyz") + word[i:],
        word[:i] + draw.choice("abcdefghijklmnopqrstuvwxyz") + word[i + 1 :],
        word[:i] + word[i + 1] + word[i] + word[i + 2 :],
    ])  # fmt: skip


@given(st.integers(0, 10**6))
@settings(max_examples=200, deadline=None)
def test_a_word_is_found_whatever_its_one_mistake(words: Lookup, seed: int) -> None:
    draw = random.Random(seed)
    word = draw.choice([w for w in words.words.vocabulary.words if 5 <= len(w) <= 20])
    vocabulary = Vocabulary.of([word, "kwyjibo", "xx"])
    wrong = edits(word, draw)
    assert word in vocabulary.within(wrong, 1)
    assert word in vocabulary.within(wrong[: len(wrong) // 2 + 2], 1, beginning=True)


@pytest.mark.parametrize("word", ["", "a" * 80, "été\U0001f600"])
def test_odd_words_have_no_neighbour(words: Lookup, word: str) -> None:
    assert isinstance(words.words.vocabulary.within(word, 2), tuple)
    assert Vocabulary.of([]).within(word, 1) == ()
