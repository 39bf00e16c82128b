"""`triage` through all its steps, on a real engine trained on a few sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.decisions import Context, Triage
from knowledge.triage import Engine, triage
from tests.knowledge.small_engine import REQUESTS, small_engine


@pytest.fixture(scope="module")
def engine() -> Engine:
    return small_engine()


def read(engine: Engine, text: str, **context: object) -> Triage:
    return triage(text, Context(**context), engine=engine)  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "article"), [(t, a) for t, (a, _) in REQUESTS.items() if a])
def test_learned_questions_find_their_article(engine: Engine, text: str, article: str) -> None:
    result = read(engine, text)
    assert result.article == article
    assert result.service_type == engine.articles[article].service_type
    assert result.decision in ("answer", "choices")


@pytest.mark.parametrize(
    ("text", "decision", "act"),
    [
        ("bonjour", "smalltalk", "greet"),
        ("merci", "smalltalk", "thank"),
        ("2", "smalltalk", "choose"),
        ("je veux parler à un conseiller", "handoff", "person"),
        ("", "smalltalk", "empty"),
        ("👍👍", "smalltalk", "empty"),
        ("How can I register my son for the school?", "out_of_scope", None),
        ("une recette de crêpes", "out_of_scope", None),
        ("je veux mourir", "safety", None),
        ("Bonjour, je voudrais un certificat de scolarité. Je veux mourir.", "safety", None),
    ],
)
def test_decisions(engine: Engine, text: str, decision: str, act: str | None) -> None:
    result = read(engine, text)
    assert (result.decision, result.act) == (decision, act)


def test_another_language_is_out_of_scope_for_certain(engine: Engine) -> None:
    result = read(engine, "How can I register my son for the school?")
    assert (result.language, result.out_of_scope) == ("en", 1.0)


def test_lists_are_ranked_and_of_five_at_most_whatever_the_decision(engine: Engine) -> None:
    for text in (*REQUESTS, "", "je veux mourir", "bonjour", "a" * 20_000):
        result = read(engine, text)
        for ranked in (result.articles, result.request_types):
            scores = [r.score for r in ranked]
            assert 1 <= len(scores) <= 5
            assert scores == sorted(scores, reverse=True)
            assert all(0 <= s <= 1.000001 for s in scores)
            assert len({r.id for r in ranked}) == len(ranked)
        assert result.all_request_types[0] == result.service_type


def test_personal_data_is_masked_and_the_text_is_given_back(engine: Engine) -> None:
    text = "un certificat pour lea@exemple.fr, 06 12 34 56 78"
    result = read(engine, text)
    assert result.text == text
    assert result.masked_text == "un certificat pour [COURRIEL], [TÉLÉPHONE]"


def test_masking_does_not_change_the_decision(engine: Engine) -> None:
    one, other = (read(engine, f"horaires svp, {mail}") for mail in ("lea@exemple.fr", "zoe.martin@ailleurs.org"))
    assert [a.id for a in one.articles] == [a.id for a in other.articles]
    assert one.decision == other.decision


def test_a_mail_s_subject_is_read_with_its_text(engine: Engine) -> None:
    alone = read(engine, "Merci de me répondre vite")
    with_subject = read(engine, "Merci de me répondre vite", subject="certificat de scolarité")
    assert with_subject.article == "certificat_scolarite"
    assert with_subject.text == "Merci de me répondre vite"
    assert with_subject.articles[0].score > next(a.score for a in alone.articles if a.id == "certificat_scolarite")


def test_what_is_missing_leaves_out_what_is_known(engine: Engine) -> None:
    closed = replace(
        engine, policy=replace(engine.policy, answer_threshold=1.01, choices_threshold=1.01, type_threshold=0.0)
    )
    text = "ma fille en 4e, une bourse au collège"
    result = read(closed, text)
    assert result.decision == "qualify"
    assert result.entities == {"niveau": "4e", "qui": "parent"}
    assert result.unite == "college"
    assert "demandeur" not in result.missing
    assert "niveau" not in result.missing
    assert result.missing[-1] == "contact"
    known = read(closed, text, known={"contact": "x@exemple.fr"})
    assert known.missing == result.missing[:-1]
    assert read(engine, text).missing == () or read(engine, text).decision == "qualify"


def test_in_a_form_the_same_words_are_acts(engine: Engine) -> None:
    assert read(engine, "annuler", in_form=True).act == "cancel"
    assert read(engine, "annuler").act is None


def test_several_requests(engine: Engine) -> None:
    result = read(engine, "Quels sont vos horaires ? Par ailleurs comment obtenir un certificat de scolarité ?")
    assert set(result.all_request_types) == {"contact_horaires", "certificats_bulletins"}
    assert read(engine, "Quels sont vos horaires ?").all_request_types == ("contact_horaires",)


def test_the_public_object(engine: Engine) -> None:
    row = read(engine, "Quels sont vos horaires ?").to_dict()
    assert list(row["articles"][0]) == ["id", "score"]
    assert row["safety"]["label"] == "none"
    assert row["decision"] == "answer"


@pytest.mark.parametrize("query", ["", "   ", "???", "👍"])
def test_an_empty_search_gives_nothing(engine: Engine, query: str) -> None:
    assert engine.search(query, 5) == []


def test_search_is_that_of_triage(engine: Engine) -> None:
    found = engine.search("certificat de scolarité", 3)
    assert len(found) == 3
    assert found == list(read(engine, "certificat de scolarité").articles[:3])
    assert len(engine.search("certificat", 100)) == len(engine.articles)


def test_probabilities_of_types_sum_to_one(engine: Engine) -> None:
    understood = engine.understander.understand("un certificat")
    ranking = engine.ranker.rank(understood.features)
    assert engine.type_probabilities(understood.types, ranking).sum() == pytest.approx(1, abs=1e-4)
    assert sum(ranking.probabilities) == pytest.approx(1, abs=1e-4)


def test_the_same_text_gives_the_same_decision(engine: Engine) -> None:
    assert read(engine, "bourse au lycée") == read(engine, "bourse au lycée")
