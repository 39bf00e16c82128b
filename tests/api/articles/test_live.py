"""What the service answers with: seeded from the files, taken over at a restart, kept when something is wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import orjson
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.articles import publishing, seeding, service
from api.articles.live import ArticleFeed
from api.articles.publishing import MustSign
from api.settings import Settings
from knowledge.article_bodies import body_of
from knowledge.articles import Phrasing
from tests.api.articles.conftest import ANSWER, Editor, body, fields
from tests.knowledge.small_engine import small_engine


async def rows(app: FastAPI, query: str, **values: Any) -> list[Any]:
    async with app.state.sessions.begin() as session:
        result = await session.execute(text(query), values)
        return list(result.all()) if result.returns_rows else []


async def publish(anne: Editor, bruno: Editor, feed: ArticleFeed, id_: str, **more: Any) -> None:
    assert (await anne.post("/nouveau", {**fields(body(**more)), "identifiant": id_})).status_code == 303
    assert (await anne.post(f"/{id_}/relecture", {"version": "1"})).status_code == 303
    assert (await bruno.post(f"/{id_}/publier", {"version": "1"})).status_code == 303
    await feed.refresh()


async def test_the_files_come_first(room_app: FastAPI, feed: ArticleFeed) -> None:
    kept = await rows(room_app, "SELECT id, live FROM articles ORDER BY id")
    assert kept == [(id_, 1) for id_ in sorted(small_engine().articles)]
    assert feed.publication == len(kept)


async def test_a_second_start_changes_nothing_and_takes_over_what_was_published(
    room_app: FastAPI, anne: Editor, bruno: Editor, feed: ArticleFeed, room_settings: Settings
) -> None:
    from api.app import create_app

    await publish(anne, bruno, feed, "preuve_inscription")
    assert (await anne.post("/bourse_etudiant_bts/archiver")).status_code == 303
    before = await rows(room_app, "SELECT article, number, state FROM article_versions ORDER BY id")
    again = create_app(room_settings, load=small_engine)
    async with again.router.lifespan_context(again):
        engine = again.state.engine
        assert engine.articles["preuve_inscription"].answer == ANSWER
        assert engine.search("justifier inscription", 1)[0].id == "preuve_inscription"
        assert "bourse_etudiant_bts" not in engine.articles
    assert await rows(room_app, "SELECT article, number, state FROM article_versions ORDER BY id") == before


async def test_a_changed_file_is_published_unless_people_edited_the_article(
    room_app: FastAPI, anne: Editor, bruno: Editor, feed: ArticleFeed
) -> None:
    await publish(anne, bruno, feed, "preuve_inscription")
    ours = replace(feed.articles["preuve_inscription"], answer="Du fichier.")
    theirs = replace(feed.articles["certificat_scolarite"], answer="Du fichier.")
    async with room_app.state.sessions.begin() as session:
        seeded = await seeding.seed(session=session, articles=[ours, theirs])
    assert (seeded.added, seeded.updated, seeded.kept) == ((), ("certificat_scolarite",), ("preuve_inscription",))
    await feed.refresh()
    assert feed.engine.articles["certificat_scolarite"].answer == "Du fichier."
    assert feed.engine.articles["preuve_inscription"].answer == ANSWER
    async with room_app.state.sessions.begin() as session:
        seeded = await seeding.seed(session=session, articles=[ours], overwrite=True)
    assert seeded.updated == ("preuve_inscription",)
    await feed.refresh()
    assert feed.engine.articles["preuve_inscription"].answer == "Du fichier."


BROKEN = [
    {"answer": None, "sources": "aucune"},  # not an article
    {"service_type": "un_service_inconnu"},  # an article that the models can't rank
    {"phrasings": [["poli", [None, 3]]], "review_by": "un jour"},
]


@pytest.mark.parametrize("wrong", BROKEN)
async def test_what_can_t_be_taken_over_leaves_the_old_answers_and_is_said(
    room_app: FastAPI, anne: Editor, bruno: Editor, feed: ArticleFeed, wrong: dict[str, Any]
) -> None:
    engine, at = room_app.state.engine, feed.publication
    broken = orjson.dumps(body_of(feed.articles["certificat_scolarite"]) | wrong).decode()
    await rows(
        room_app, "UPDATE article_versions SET body = CAST(:b AS jsonb) WHERE article = 'certificat_scolarite'", b=broken
    )  # fmt: skip
    await rows(
        room_app, "INSERT INTO article_publications (article, version, misled) VALUES ('certificat_scolarite', 1, '[]')"
    )
    await feed.refresh()
    assert room_app.state.engine is engine
    assert feed.publication == at
    assert feed.failure
    found = await anne.http.get("/v1/faq/search", params={"q": "certificat de scolarité"})
    assert found.json()["results"][0]["id"] == "certificat_scolarite"
    kept = await rows(room_app, "SELECT publication, failure FROM article_processes")
    assert kept == [(at, feed.failure)]
    good = orjson.dumps(body_of(feed.articles["certificat_scolarite"]) | {"answer": "Réparé."}).decode()
    await rows(
        room_app, "UPDATE article_versions SET body = CAST(:b AS jsonb) WHERE article = 'certificat_scolarite'", b=good
    )  # fmt: skip
    await feed.refresh()
    assert feed.failure is None
    assert room_app.state.engine.articles["certificat_scolarite"].answer == "Réparé."


async def test_nothing_is_published_on_an_index_that_is_behind(
    room_app: FastAPI, anne: Editor, bruno: Editor, feed: ArticleFeed
) -> None:
    assert (await anne.post("/nouveau", {**fields(body()), "identifiant": "preuve"})).status_code == 303
    assert (await anne.post("/preuve/relecture", {"version": "1"})).status_code == 303
    await rows(room_app, "UPDATE article_versions SET body = '{}' WHERE article = 'certificat_scolarite'")
    await rows(
        room_app, "INSERT INTO article_publications (article, version, misled) VALUES ('certificat_scolarite', 1, '[]')"
    )
    late = await bruno.post("/preuve/publier", {"version": "1"})
    assert late.status_code == 409
    assert "Rien n&#39;a été publié" in late.text
    assert await rows(room_app, "SELECT live FROM articles WHERE id = 'preuve'") == [(None,)]


async def test_the_failure_is_on_the_list_of_articles(room_app: FastAPI, anne: Editor, feed: ArticleFeed) -> None:
    assert "Toutes les publications sont en ligne" in (await anne.get()).text
    await rows(room_app, "UPDATE article_processes SET failure = 'BadBody', publication = 0")
    page = (await anne.get()).text
    assert "1 serveur sur 1" in page
    assert "Les réponses d&#39;avant continuent d&#39;être données" in page or "Les réponses d'avant" in page


async def misleading(room_app: FastAPI, anne: Editor, feed: ArticleFeed) -> dict[str, Any]:
    """The form of an article that takes the questions of another, whose phrasings are now in the index."""
    theirs = replace(
        feed.articles["certificat_scolarite"],
        phrasings=(Phrasing("certificat pour la mairie", "bref", 1),),
        tests=("je voudrais un papier pour la mairie",),
    )
    async with room_app.state.sessions.begin() as session:
        await seeding.seed(session=session, articles=[theirs])
    await feed.refresh()
    wanted = [
        "je voudrais un papier pour la mairie svp",
        "un papier pour la mairie",
        "papier mairie",
        "papiers de mairie",
    ]
    phrasings = [[r, [f"{t} {r}" for t in wanted]] for r in ("poli", "bref", "sms", "parent_inquiet")]
    return {
        **fields(body(question="Quel papier pour la mairie ?", phrasings=phrasings)),
        "identifiant": "papier_mairie",
    }


async def test_what_would_go_wrong_is_shown_and_must_be_signed(
    room_app: FastAPI, anne: Editor, bruno: Editor, feed: ArticleFeed
) -> None:
    assert (await anne.post("/nouveau", await misleading(room_app, anne, feed))).status_code == 303
    assert (await anne.post("/papier_mairie/relecture", {"version": "1"})).status_code == 303
    shown = await bruno.post("/papier_mairie/publier", {"version": "1"})
    assert shown.status_code == 200
    assert "je voudrais un papier pour la mairie" in shown.text
    assert "Comment obtenir un certificat de scolarité ?" in shown.text
    await feed.refresh()
    assert "papier_mairie" not in feed.engine.articles
    seal = re.search(r'name="sceau" value="(\w+)"', shown.text)
    assert seal
    for missing in ({"accord": "1"}, {"raison": "Voulu"}, {"accord": "1", "raison": "   "}):
        again = await bruno.post("/papier_mairie/publier", {"version": "1", "sceau": seal[1], **missing})
        assert again.status_code == 422, missing
    signed = {"version": "1", "accord": "1", "raison": "La mairie demande cet autre papier."}
    assert (await bruno.post("/papier_mairie/publier", {**signed, "sceau": "d'autres questions"})).status_code == 422
    done = await bruno.post("/papier_mairie/publier", {**signed, "sceau": seal[1]})
    assert done.status_code == 303
    await feed.refresh()
    assert "papier_mairie" in feed.engine.articles
    kept = await rows(room_app, 'SELECT "by", signature, misled FROM article_publications ORDER BY id DESC LIMIT 1')
    assert kept[0][:2] == ("Bruno", "La mairie demande cet autre papier.")
    assert "je voudrais un papier pour la mairie" in [m["text"] for m in kept[0][2]]
    page = (await anne.get("/papier_mairie")).text
    assert "La mairie demande cet autre papier." in page


async def test_a_control_question_that_leads_elsewhere_must_be_signed(
    room_app: FastAPI, anne: Editor, bruno: Editor
) -> None:
    strange = fields(body(tests=["quels sont vos horaires d'ouverture au téléphone"]))
    assert (await anne.post("/nouveau", {**strange, "identifiant": "etrange"})).status_code == 303
    await anne.post("/etrange/relecture", {"version": "1"})
    shown = await bruno.post("/etrange/publier", {"version": "1"})
    assert shown.status_code == 200
    assert "(nouvelle)" in shown.text


async def test_archiving_asks_the_questions_of_the_others(room_app: FastAPI, feed: ArticleFeed, anne: Editor) -> None:
    """An article whose control question leads nowhere else without it is only said of that article: nothing to sign."""
    async with room_app.state.sessions() as session:
        person = service.Person(feed.process, "Anne")
        outcome = await publishing.archive(session=session, feed=feed, person=person, id_="bourse_etudiant_bts")
        assert not isinstance(outcome, MustSign)
        await session.rollback()
    await feed.refresh()
    assert "bourse_etudiant_bts" in feed.engine.articles  # nothing was committed, nothing changed


async def test_the_last_two_articles_stay(room_app: FastAPI, feed: ArticleFeed, anne: Editor) -> None:
    for id_ in ("bourse_etudiant_bts", "bourse_college_lycee"):
        assert (await anne.post(f"/{id_}/archiver", sign(await anne.post(f"/{id_}/archiver")))).status_code in (
            303,
            409,
        )
        await feed.refresh()
    assert len(feed.articles) == 2
    assert (await anne.post("/certificat_scolarite/archiver")).status_code == 409


def sign(page: Any) -> dict[str, str]:
    """What confirms a page that asks for it."""
    seal = re.search(r'name="sceau" value="(\w+)"', page.text)
    return {"sceau": seal[1], "accord": "1", "raison": "Voulu"} if seal else {}
