"""A ranker that learns a changed article without training: the others stay, and the engine that answers is not touched."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from knowledge.article_bodies import article_of, body_of
from knowledge.articles import Article, Phrasing
from knowledge.decisions import Context
from knowledge.question_tests import newly_misled, questions_of
from knowledge.relearning import Head, own_rows
from knowledge.triage import Engine, triage
from nlu.features import readable
from tests.knowledge.small_engine import small_engine


def learning(engine: Engine) -> dict[str, Article]:
    """The small engine's articles, with the texts that its index really holds as their own."""
    return dict(engine.articles)


def trained() -> Engine:
    """An engine whose index holds the texts of its articles, as the built one does."""
    engine = small_engine()
    return engine.with_articles({k: phrased(a, f"{k.replace('_', ' ')} svp") for k, a in engine.articles.items()})


def phrased(article: Article, *texts: str) -> Article:
    return replace(article, phrasings=tuple(Phrasing(t, "bref", 1) for t in texts))


def new_article(engine: Engine) -> Article:
    body = body_of(engine.articles["certificat_scolarite"]) | {"question": "Comment voir mes notes de musique ?"}
    return phrased(article_of("notes_musique", body), "notes de musique", "voir la note de solfège", "musique notée")


def test_an_answer_alone_costs_nothing() -> None:
    engine = trained()
    changed = replace(engine.articles["certificat_scolarite"], answer="Autre réponse.")
    after = engine.with_articles({**engine.articles, changed.id: changed})
    assert after.ranker is engine.ranker
    assert after.articles[changed.id].answer == "Autre réponse."
    assert engine.articles[changed.id].answer != "Autre réponse."


def test_a_new_article_is_found_and_the_others_stay() -> None:
    engine = trained()
    asked = [text for _, text in questions_of(engine.articles)]
    before = engine.best_articles(asked)
    article = new_article(engine)
    after = engine.with_articles({**engine.articles, article.id: article})
    assert after.search("ou est la note de solfege", 1)[0].id == article.id
    assert after.best_articles(asked) == before
    assert article.id in [a.id for a in triage("mes notes de musique", Context(), engine=after).articles]
    assert article.id not in [a.id for a in engine.search("notes de musique", 20)]
    gone = after.with_articles(engine.articles)
    assert article.id not in [a.id for a in gone.search("notes de musique", 20)]
    assert gone.best_articles(asked) == before


def test_what_the_index_holds_is_what_the_articles_say() -> None:
    engine = trained()
    article = new_article(engine)
    after = engine.with_articles({**engine.articles, article.id: article})
    moved = replace(article, phrasings=(article.phrasings[2], Phrasing("partition de piano", "bref", 1)))
    after = after.with_articles({**after.articles, article.id: moved})
    rows = own_rows(after.ranker.index, after.articles)[article.id]
    expected = after.understander.extractor.extract([readable(t) for t in moved.learnt])
    kept = np.stack([after.ranker.index.vectors.reconstruct(int(r)) for r in rows])
    assert np.allclose(kept, expected.vectors, atol=1e-6)
    assert (after.ranker.index.ngrams[rows] != expected.ngrams).nnz == 0
    assert int(after.ranker.index.sizes.sum()) == after.ranker.index.vectors.ntotal
    assert tuple(after.ranker.index.entries) == tuple(sorted(after.articles)) == after.ranker.classifier.labels


def test_what_another_process_learnt_gives_the_same_answers() -> None:
    engine = trained()
    article = new_article(engine)
    fitted = engine.with_articles({**engine.articles, article.id: article})
    head = Head.from_bytes(fitted.head(article.id).to_bytes())
    given = engine.with_articles({**engine.articles, article.id: article}, {article.id: head})
    for text in ("notes de musique", "un certificat", "bourse"):
        ours = {s.id: s.score for s in fitted.search(text, 5)}
        theirs = {s.id: s.score for s in given.search(text, 5)}
        assert ours.keys() == theirs.keys()
        assert all(abs(ours[k] - theirs[k]) < 0.01 for k in ours)


def test_a_head_of_other_models_is_not_used() -> None:
    engine = trained()
    article = new_article(engine)
    strange = Head(np.ones(3, dtype=np.float32), np.ones(2, dtype=np.float32), 50.0)
    after = engine.with_articles({**engine.articles, article.id: article}, {article.id: strange})
    assert after.search("un certificat de scolarité", 1)[0].id == "certificat_scolarite"


def test_fewer_than_two_articles_can_t_be_ranked() -> None:
    engine = trained()
    with pytest.raises(ValueError, match="two articles"):
        engine.with_articles({"certificat_scolarite": engine.articles["certificat_scolarite"]})


def test_a_text_taken_from_another_article_is_seen() -> None:
    engine = trained()
    thief = phrased(new_article(engine), "bourse au lycée", "bourse en bts", "bourse au collège", "bourse")
    before = {
        **engine.articles,
        "bourse_etudiant_bts": replace(engine.articles["bourse_etudiant_bts"], tests=("bourse bts",)),
    }
    engine = engine.with_articles(before)
    assert newly_misled(engine, engine) == []
    after = engine.with_articles({**engine.articles, thief.id: replace(thief, tests=("horaires d'appel",))})
    misled = newly_misled(engine, after)
    assert ("horaires d'appel", None) in [(m.text, m.before) for m in misled]
    assert all(m.found != m.article for m in misled)


def test_what_was_already_wrong_is_not_of_this_change() -> None:
    engine = trained()
    wrong = replace(engine.articles["horaires_telephone"], tests=("bourse pour mon bts",))
    engine = engine.with_articles({**engine.articles, wrong.id: wrong})
    other = replace(engine.articles["certificat_scolarite"], answer="Autre.")
    assert newly_misled(engine, engine.with_articles({**engine.articles, other.id: other})) == []
