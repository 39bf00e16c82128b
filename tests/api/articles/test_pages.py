"""Writing, reviewing and publishing, as two people do it in a browser without script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI

from api.articles.live import ArticleFeed
from tests.api.articles.conftest import ANSWER, Editor, body, fields
from tests.fakes import HandClock


async def written(anne: Editor, id_: str = "preuve_inscription", **more: Any) -> str:
    """A draft of Anne's."""
    answer = await anne.post("/nouveau", {**fields(body(**more)), "identifiant": id_})
    assert answer.status_code == 303, answer.text
    return id_


async def published(anne: Editor, bruno: Editor, id_: str, version: int = 1, **more: str) -> Any:
    """The version goes through the review and is published by Bruno."""
    assert (await anne.post(f"/{id_}/relecture", {"version": str(version)})).status_code == 303
    return await bruno.post(f"/{id_}/publier", {"version": str(version), **more})


async def test_an_article_from_draft_to_answer(
    anne: Editor, bruno: Editor, feed: ArticleFeed, room_app: FastAPI
) -> None:
    id_ = await written(anne)
    assert id_ not in room_app.state.engine.articles
    page = await bruno.get()
    assert "En attente de votre relecture" not in page.text
    assert (await anne.post(f"/{id_}/relecture", {"version": "1"})).status_code == 303
    assert "En attente de votre relecture (1)" in (await bruno.get()).text
    assert "En attente de votre relecture" not in (await anne.get()).text
    answer = await bruno.post(f"/{id_}/publier", {"version": "1"})
    assert answer.headers["location"] == f"/console/articles/{id_}?fait=publie"
    await feed.refresh()
    engine = room_app.state.engine
    assert engine.articles[id_].answer == ANSWER
    assert engine.search("justifier une inscription", 1)[0].id == id_
    assert ANSWER[:40] in (await bruno.http.get(f"/faq/{id_}")).text
    found = await bruno.http.get("/v1/faq/search", params={"q": "justifier inscription"})
    assert found.json()["results"][0]["id"] == id_


async def test_nobody_publishes_their_own_words(anne: Editor, bruno: Editor, feed: ArticleFeed) -> None:
    id_ = await written(anne)
    await anne.post(f"/{id_}/relecture", {"version": "1"})
    refused = await anne.post(f"/{id_}/publier", {"version": "1"})
    assert refused.status_code == 403
    assert "Une autre personne doit relire" in refused.text
    # Whoever changes a word of it becomes an author too.
    changed = {**fields(body(question="Comment prouver son inscription ?"), 1)}
    assert (await bruno.post(f"/{id_}/modifier", changed)).status_code == 303
    assert (await bruno.post(f"/{id_}/relecture", {"version": "2"})).status_code == 303
    assert (await bruno.post(f"/{id_}/publier", {"version": "2"})).status_code == 403
    assert (await anne.post(f"/{id_}/publier", {"version": "2"})).status_code == 403
    await feed.refresh()
    assert id_ not in feed.engine.articles


@pytest.mark.parametrize("role", ["conseiller"])
async def test_other_roles_see_no_page_of_the_room(person: Callable[..., Any], role: str) -> None:
    reader = await person("chloe", role)
    for path in ("", "/nouveau", "/certificat_scolarite", "/certificat_scolarite/modifier"):
        assert (await reader.get(path)).status_code == 403
    assert (await reader.post("/certificat_scolarite/archiver")).status_code == 403


async def test_an_editor_sees_no_request_of_a_learner(anne: Editor) -> None:
    for path in ("/console/demandes", "/crc", "/console/direct", "/v1/tickets", "/console/courriels"):
        assert (await anne.http.get(path)).status_code == 403, path
    assert (await anne.http.get("/console")).headers["location"] == "/console/articles"


async def test_who_is_not_signed_in_is_sent_to_sign_in(anne: Editor) -> None:
    anne.http.cookies.clear()
    answer = await anne.get("/certificat_scolarite")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/console/connexion?suite=%2Fconsole%2Farticles%2Fcertificat_scolarite"


async def test_a_form_from_elsewhere_is_refused(anne: Editor) -> None:
    answer = await anne.http.post("/console/articles/nouveau", data={**fields(body()), "jeton": "faux"})
    assert answer.status_code == 403


async def test_what_is_missing_is_said_and_stays_a_draft(anne: Editor) -> None:
    id_ = await written(anne, answer="Trop court.", sources=[], facts=["CON-04", "XXX-99"])
    answer = await anne.post(f"/{id_}/relecture", {"version": "1"})
    assert answer.status_code == 422
    for said in ("2 mots", "au moins une source", "le fait CON-04 est à vérifier", "le fait XXX-99 n&#39;existe pas"):
        assert said in answer.text, said
    assert "Brouillon" in (await anne.get(f"/{id_}")).text


async def test_what_can_t_be_read_is_said_beside_its_field(anne: Editor) -> None:
    wrong = fields(body(question=""), relecture="bientôt", saison_du="31/02", source_annee_0="MMXXV", source_url_0="x")
    answer = await anne.post("/nouveau", wrong)
    assert answer.status_code == 422
    for name in ("question", "relecture", "saison_du", "source_annee_0", "source_url_0"):
        assert f'id="erreur-{name}"' in answer.text, name
        assert f'href="#{name}"' in answer.text, name
    assert "bientôt" in answer.text
    assert ANSWER[:30] in answer.text  # nothing typed is lost
    assert "0 article" not in (await anne.get()).text


async def test_ids_are_checked_and_not_taken_twice(anne: Editor) -> None:
    for id_, said in (("Pas Bon", "Un identifiant"), ("certificat_scolarite", "porte déjà cet identifiant")):
        answer = await anne.post("/nouveau", {**fields(body()), "identifiant": id_})
        assert answer.status_code == 422
        assert said in answer.text
    made = await anne.post("/nouveau", fields(body(question="Où trouver mon numéro d'élève ?")))
    assert made.headers["location"] == "/console/articles/trouver_numero_eleve?fait=enregistre"


async def test_two_people_on_the_same_draft(anne: Editor, bruno: Editor) -> None:
    id_ = await written(anne)
    assert (await bruno.post(f"/{id_}/modifier", fields(body(question="Ma version ?"), 1))).status_code == 303
    late = await anne.post(f"/{id_}/modifier", fields(body(question="La mienne ?"), 1))
    assert late.status_code == 409
    assert "La mienne ?" in late.text
    assert 'name="version" value="2"' in late.text
    assert "Ma version ?" in (await anne.get(f"/{id_}")).text


async def test_every_version_is_kept_compared_and_taken_again(anne: Editor, bruno: Editor, feed: ArticleFeed) -> None:
    id_ = await written(anne)
    await published(anne, bruno, id_)
    await feed.refresh()
    other = ANSWER.replace("signé et daté", "signé, daté et gratuit")
    assert (await bruno.post(f"/{id_}/modifier", fields(body(answer=other), 1))).status_code == 303
    page = await anne.get(f"/{id_}")
    assert "gratuit" in page.text
    assert "<ins>" in page.text
    assert (await bruno.post(f"/{id_}/relecture", {"version": "2"})).status_code == 303
    assert (await anne.post(f"/{id_}/publier", {"version": "2"})).status_code == 303
    await feed.refresh()
    assert "gratuit" in feed.engine.articles[id_].answer
    compared = await anne.get(f"/{id_}/versions/1?avec=2")
    assert "retiré : </span>" in compared.text
    assert (await anne.post(f"/{id_}/reprendre", {"version": "1"})).status_code == 303
    assert (await anne.post(f"/{id_}/relecture", {"version": "3"})).status_code == 303
    assert (await bruno.post(f"/{id_}/publier", {"version": "3"})).status_code == 303
    await feed.refresh()
    assert feed.engine.articles[id_].answer == ANSWER
    assert (await anne.get(f"/{id_}/versions/9")).status_code == 404


async def test_a_draft_that_was_changed_is_not_published(anne: Editor, bruno: Editor) -> None:
    id_ = await written(anne)
    await anne.post(f"/{id_}/relecture", {"version": "1"})
    await anne.post(f"/{id_}/modifier", fields(body(question="Une autre question ?"), 1))
    late = await bruno.post(f"/{id_}/publier", {"version": "1"})
    assert late.status_code == 409
    assert (await bruno.post(f"/{id_}/publier", {"version": "2"})).status_code == 409  # nobody asked for its review


async def test_the_reviewer_asks_for_changes(anne: Editor, bruno: Editor) -> None:
    id_ = await written(anne)
    await anne.post(f"/{id_}/relecture", {"version": "1"})
    assert (await bruno.post(f"/{id_}/renvoyer", {"version": "1", "remarque": "  "})).status_code == 422
    assert (await anne.post(f"/{id_}/renvoyer", {"version": "1", "remarque": "moi"})).status_code == 403
    assert (await bruno.post(f"/{id_}/renvoyer", {"version": "1", "remarque": "Citez la page."})).status_code == 303
    page = (await anne.get(f"/{id_}")).text
    assert "Citez la page." in page
    assert "Demander la relecture" in page


async def test_an_archived_article_answers_no_more(anne: Editor, feed: ArticleFeed, room_app: FastAPI) -> None:
    assert (await anne.post("/bourse_etudiant_bts/archiver")).status_code == 303
    await feed.refresh()
    assert "bourse_etudiant_bts" not in room_app.state.engine.articles
    found = room_app.state.engine.search("bourse pour mon bts", 5)
    assert "bourse_etudiant_bts" not in [s.id for s in found]
    assert (await anne.http.get("/faq/bourse_etudiant_bts")).status_code == 404
    assert "Archivé" in (await anne.get("/bourse_etudiant_bts")).text
    assert (await anne.post("/bourse_etudiant_bts/archiver")).status_code == 409
    assert (await anne.post("/nulle_part/archiver")).status_code == 404


async def test_out_of_season_the_other_text_is_answered(
    anne: Editor, bruno: Editor, feed: ArticleFeed, room_clock: HandClock, room_app: FastAPI
) -> None:
    room_clock.at(datetime(2027, 2, 1, 12, tzinfo=UTC))
    off = "Cette démarche ouvre le 15 janvier. Revenez à cette date."
    season = {"from": "01-15", "until": "09-15"}
    id_ = "preuve_saison"
    data = fields(body(off_season=off), saison_du="15/01", saison_au="15/9", identifiant=id_)
    assert (await anne.post("/nouveau", data)).status_code == 303
    assert "Hors période" in (await anne.get(f"/{id_}")).text
    await published(anne, bruno, id_)
    await feed.refresh()
    assert feed.articles[id_].season is not None
    assert feed.articles[id_].season.written() == season
    assert room_app.state.engine.articles[id_].answer == ANSWER
    room_clock.at(datetime(2027, 9, 15, 23, 30, tzinfo=UTC))  # already the 16th in Paris
    await feed.refresh()
    assert room_app.state.engine.articles[id_].answer == off
    assert off in (await anne.http.get(f"/faq/{id_}")).text
    room_clock.at(datetime(2028, 1, 15, 9, tzinfo=UTC))
    await feed.refresh()
    assert room_app.state.engine.articles[id_].answer == ANSWER


async def test_what_is_overdue_is_listed(anne: Editor, room_clock: HandClock) -> None:
    assert "À relire maintenant" not in (await anne.get()).text
    room_clock.at(datetime(2027, 6, 30, 9, tzinfo=UTC))  # the date of review of the four articles
    page = (await anne.get()).text
    assert "À relire maintenant (4)" in page
    assert "à relire depuis le 30/06/2027" in page


async def test_looking_keeps_nothing(anne: Editor) -> None:
    hard = "Afin de procéder à votre inscription, il faut " + "lire ceci et aussi cela " * 8 + "en 2025. " + ANSWER
    data = fields(body(answer=hard, word="quels sont vos horaires quand"), identifiant="essai", action="verifier")
    answer = await anne.post("/nouveau", data)
    assert answer.status_code == 200
    assert "« afin de » : peut-être « pour »" in answer.text
    assert "mots, à couper" in answer.text
    for where in ("Dans la conversation", "Dans un courriel", "Pour le téléconseiller"):
        assert where in answer.text
    assert (await anne.get("/essai")).status_code == 404


async def test_near_articles_are_shown_while_typing(anne: Editor) -> None:
    near = await anne.post("/proches", fields(body(question="Comment obtenir mon certificat de scolarité ?")))
    assert near.status_code == 200
    assert "Comment obtenir un certificat de scolarité ?" in near.text
    far = await anne.post("/proches", fields(body()))
    assert "certificat de scolarité" not in far.text


async def test_an_address_for_reminders(anne: Editor) -> None:
    assert (await anne.post("/rappels", {"adresse": "pas une adresse"})).status_code == 422
    assert (await anne.post("/rappels", {"adresse": "anne@cned.example"})).status_code == 303
    assert "anne@cned.example" in (await anne.get()).text
    assert (await anne.post("/rappels", {"adresse": ""})).status_code == 303
    assert "anne@cned.example" not in (await anne.get()).text
