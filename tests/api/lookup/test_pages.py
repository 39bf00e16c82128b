"""`/crc` as a browser without scripts sees it, and what its script asks for."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Gap, LookupCount
from api.operators.signed_in import COOKIE
from api.tickets import service as tickets
from tests.api.console.test_pages import check_accessible
from tests.api.lookup.conftest import MakeAccount


async def rows(session: AsyncSession, table: str) -> int:
    return int(await session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/crc"), ("POST", "/crc"), ("POST", "/crc/resultats"), ("GET", "/crc/articles/horaires_telephone"),
        ("POST", "/crc/prendre"), ("POST", "/crc/favoris"), ("POST", "/crc/rien"), ("POST", "/crc/demande"),
    ],
)  # fmt: skip
async def test_only_for_staff(client: httpx.AsyncClient, method: str, path: str) -> None:
    refused = await client.request(method, path, data={"q": "bourse"} if method == "POST" else None)
    assert refused.status_code == 303
    assert refused.headers["location"].startswith("/console/connexion")


async def test_signing_in_comes_back_to_the_look_up(client: httpx.AsyncClient) -> None:
    sent = await client.get("/crc")
    page = await client.get(sent.headers["location"])
    assert 'name="suite" value="/crc"' in page.text


async def test_the_page_without_anything_typed(agent: httpx.AsyncClient) -> None:
    html = (await agent.get("/crc")).text
    check_accessible(html)
    assert "apparaîtront ici" in html


async def test_results_without_a_script(agent: httpx.AsyncClient) -> None:
    page = await agent.post("/crc", data={"q": "certificat de scolarité"})
    assert page.status_code == 200
    check_accessible(page.text)
    first = page.text.index("Comment obtenir un certificat de scolarité ?")
    assert first < page.text.find("Quand puis-je vous appeler ?", first + 1) or "Quand puis-je" not in page.text
    for shown in (
        "Source de test",
        "(2026)",
        "Publié",
        "Gestionnaires de scolarité",
        "Ouvrir un ticket",
        "Rien ne convient",
    ):
        assert shown in page.text, shown
    assert "certificat de scolarité" not in str(page.request.url)


async def test_each_result_says_what_an_agent_needs(agent: httpx.AsyncClient) -> None:
    html = (await agent.post("/crc/resultats", data={"q": "bourse bts", "pose": "1"})).text
    block = html[html.index('data-article="bourse_etudiant_bts"') :]
    for shown in ("Réponse de test", "Certitude", "Source de test", "(2026)", "Équipe", "Délai", "pas de délai publié"):
        assert shown in block, shown
    assert "Bonjour,\n\nVous nous avez demandé" in block
    assert "<script" not in html


@pytest.mark.parametrize("typed", ["", " ", "b", "?", "…", "\u0000"])
async def test_nothing_before_the_second_character(agent: httpx.AsyncClient, typed: str) -> None:
    found = await agent.post("/crc/resultats", data={"q": typed, "sequence": "3"})
    assert found.status_code == 200
    assert 'data-nombre="0"' in found.text
    assert 'data-sequence="3"' in found.text


async def test_results_from_the_second_character(agent: httpx.AsyncClient) -> None:
    found = (await agent.post("/crc/resultats", data={"q": "bo"})).text
    assert "bourse" in found
    assert 'data-complet="0"' in found


@pytest.mark.parametrize("bad", [{"sequence": "-1"}, {"sequence": "x"}, {"pose": "peut-être"}])
async def test_bad_numbers_are_refused(agent: httpx.AsyncClient, bad: dict[str, str]) -> None:
    refused = await agent.post("/crc/resultats", data={"q": "bourse", **bad})
    assert refused.status_code == 422
    assert refused.headers["content-type"].startswith("application/problem+json")


async def test_what_is_typed_is_escaped(agent: httpx.AsyncClient) -> None:
    html = (await agent.post("/crc", data={"q": '"><script>alert(1)</script> bourse'})).text
    assert "<script>alert" not in html


async def test_a_very_long_question_is_cut_not_refused(agent: httpx.AsyncClient) -> None:
    found = await agent.post("/crc/resultats", data={"q": "bourse " * 300, "pose": "1"})
    assert found.status_code == 200
    assert "bourse_etudiant_bts" in found.text


async def test_the_caller_narrows(agent: httpx.AsyncClient) -> None:
    html = (await agent.post("/crc/resultats", data={"q": "bourse", "public": "etablissement", "pose": "1"})).text
    assert 'data-nombre="0"' in html
    assert "ne concernent pas ce public" in html
    odd = (await agent.post("/crc/resultats", data={"q": "bourse", "public": "martien", "pose": "1"})).text
    assert "bourse_etudiant_bts" in odd


async def test_taking_counts_and_is_recent(agent: httpx.AsyncClient, token: str, session: AsyncSession) -> None:
    for _ in range(2):
        done = await agent.post("/crc/prendre", data={"article": "bourse_etudiant_bts", "jeton": token})
        assert done.status_code == 204
    counted = (await session.scalars(select(LookupCount))).all()
    assert [(c.article, c.number) for c in counted] == [("bourse_etudiant_bts", 2)]
    html = (await agent.get("/crc")).text
    assert "Vus récemment" in html
    assert "Les plus demandées cette semaine" in html
    assert await rows(session, "lookup_recents") == 1


async def test_counts_say_nothing_of_people(agent: httpx.AsyncClient, session: AsyncSession) -> None:
    columns = await session.scalars(
        text("SELECT column_name FROM information_schema.columns WHERE table_name = 'lookup_counts'")
    )
    assert set(columns) == {"day", "article", "number"}


async def test_only_the_last_recents_are_kept(
    agent: httpx.AsyncClient, session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.lookup.service.RECENTS", 2)
    for id_ in ("horaires_telephone", "certificat_scolarite", "bourse_etudiant_bts"):
        assert (await agent.get(f"/crc/articles/{id_}")).status_code == 200
    kept = await session.scalars(text("SELECT article FROM lookup_recents ORDER BY at DESC"))
    assert list(kept) == ["bourse_etudiant_bts", "certificat_scolarite"]


async def test_what_was_asked_more_than_a_week_ago_is_left_out(agent: httpx.AsyncClient, session: AsyncSession) -> None:
    await session.execute(text("INSERT INTO lookup_counts VALUES (current_date - 8, 'horaires_telephone', 99)"))
    await session.commit()
    assert "Les plus demandées" not in (await agent.get("/crc")).text


async def test_favourites_are_ones_own(
    agent: httpx.AsyncClient, token: str, app: FastAPI, account: MakeAccount, session: AsyncSession
) -> None:
    form = {"article": "horaires_telephone", "garder": "1", "jeton": token}
    assert (await agent.post("/crc/favoris", data=form)).headers["location"] == "/crc"
    assert (await agent.post("/crc/favoris", data=form | {"script": "1"})).status_code == 204
    assert await rows(session, "lookup_favourites") == 1
    assert "Vos favoris" in (await agent.get("/crc")).text
    transport = httpx.ASGITransport(app=app)
    other = await account(login="paul.durand")
    async with httpx.AsyncClient(transport=transport, base_url="http://test", cookies={COOKIE: other.token}) as paul:
        assert "Vos favoris" not in (await paul.get("/crc")).text
    assert (await agent.post("/crc/favoris", data=form | {"garder": "0"})).status_code == 303
    assert await rows(session, "lookup_favourites") == 0


async def test_nothing_fits_keeps_the_words_masked(agent: httpx.AsyncClient, token: str, session: AsyncSession) -> None:
    typed = "mon cours de breton, je suis lea.martin@exemple.fr au 06 12 34 56 78"
    done = await agent.post("/crc/rien", data={"q": typed, "public": "parent", "niveau": "zzz", "jeton": token})
    assert done.headers["location"] == "/crc?note=1"
    gap = (await session.scalars(select(Gap))).one()
    assert gap.text == "mon cours de breton, je suis [COURRIEL] au [TÉLÉPHONE]"
    assert (gap.source, gap.public, gap.level, gap.person) == ("crc", "parent", None, None)
    noted = (await agent.get("/crc?note=1")).text
    assert "C&#39;est noté" in noted or "C'est noté" in noted


@pytest.mark.parametrize("typed", ["", "  ", "?!"])
async def test_a_gap_has_words(agent: httpx.AsyncClient, token: str, session: AsyncSession, typed: str) -> None:
    refused = await agent.post("/crc/rien", data={"q": typed, "jeton": token})
    assert refused.status_code == 422
    assert await rows(session, "gaps") == 0


@pytest.mark.parametrize("path", ["/crc/prendre", "/crc/favoris", "/crc/rien", "/crc/demande"])
@pytest.mark.parametrize("given", ["", "0" * 64])
async def test_a_form_of_another_site_changes_nothing(
    agent: httpx.AsyncClient, session: AsyncSession, path: str, given: str
) -> None:
    form = {"article": "horaires_telephone", "q": "bourse", "action": "ouvrir", "jeton": given}
    assert (await agent.post(path, data=form)).status_code == 403
    for table in ("gaps", "lookup_counts", "lookup_recents", "lookup_favourites", "tickets"):
        assert await rows(session, table) == 0


@pytest.mark.parametrize("path", ["/crc/prendre", "/crc/favoris"])
async def test_an_unknown_article_is_refused(agent: httpx.AsyncClient, token: str, path: str) -> None:
    refused = await agent.post(path, data={"article": "rien", "jeton": token})
    assert refused.status_code == 404
    assert (await agent.get("/crc/articles/rien", headers={"Accept": "text/html"})).status_code == 404


async def test_lists_forget_articles_that_are_gone(agent: httpx.AsyncClient, session: AsyncSession) -> None:
    await session.execute(text("INSERT INTO lookup_counts VALUES (current_date, 'article_retire', 9)"))
    await session.commit()
    assert "article_retire" not in (await agent.get("/crc")).text


def fields_in(html: str) -> dict[str, str]:
    """Names and values of inputs, chosen options and texts."""
    found = {m[1]: m[2] for m in re.finditer(r'<input[^>]* name="([^"]+)" value="([^"]*)"', html)}
    for select_ in re.finditer(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', select_[2])
        found[select_[1]] = chosen[1] if chosen else ""
    for area in re.finditer(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', html, re.DOTALL):
        found[area[1]] = area[2]
    return found


async def started(agent: httpx.AsyncClient, token: str, **more: Any) -> dict[str, str]:
    page = await agent.post("/crc/demande", data={"q": "son colis n'est pas arrivé en 6e", "jeton": token, **more})
    assert page.status_code == 200
    check_accessible(page.text)
    return fields_in(page.text)


async def test_a_ticket_is_filled_from_what_was_typed(
    agent: httpx.AsyncClient, token: str, session: AsyncSession
) -> None:
    form = await started(agent, token, public="parent")
    assert form["service"] == "supports_colis"
    assert form["champ_demandeur"] == "parent"
    form |= {"champ_contact": "06 12 34 56 78", "champ_nom_eleve": "Jeanne Martin", "action": "ouvrir", "jeton": token}
    opened = await agent.post("/crc/demande", data=form)
    assert opened.status_code == 303, opened.text
    again = await agent.post("/crc/demande", data=form)
    assert again.headers["location"] == opened.headers["location"]
    ticket = await tickets.get_ticket(session=session, reference=opened.headers["location"].rsplit("/", 1)[1])
    assert (ticket.channel, ticket.service_type, ticket.contact_phone) == ("phone", "supports_colis", "0612345678")
    assert ticket.fields["nom_eleve"] == {"value": "Jeanne Martin", "origin": "said"}
    assert ticket.transcript[0]["text"].startswith("son colis")
    assert await rows(session, "tickets") == 1


async def test_a_field_that_cannot_be_read_opens_nothing(
    agent: httpx.AsyncClient, token: str, session: AsyncSession
) -> None:
    form = await started(agent, token)
    form |= {"champ_contact": "demain", "recit": "  ", "action": "ouvrir", "jeton": token}
    refused = await agent.post("/crc/demande", data=form)
    assert refused.status_code == 422
    check_accessible(refused.text)
    assert "Je n&#39;ai pas reconnu d&#39;adresse" in refused.text
    assert 'value="demain"' in refused.text
    assert await rows(session, "tickets") == 0


async def test_another_service_keeps_what_was_typed(agent: httpx.AsyncClient, token: str) -> None:
    form = await started(agent, token)
    form |= {"champ_contact": "06 12 34 56 78", "service": "contestation_note", "action": "changer", "jeton": token}
    page = await agent.post("/crc/demande", data=form)
    assert page.status_code == 200
    after = fields_in(page.text)
    assert (after["service"], after["champ_contact"]) == ("contestation_note", "06 12 34 56 78")
    assert after["id_demande"] == form["id_demande"]


async def test_a_person_in_danger_comes_first(agent: httpx.AsyncClient, token: str, session: AsyncSession) -> None:
    page = await agent.post("/crc/demande", data={"q": "on le harcèle, harcelé chaque jour", "jeton": token})
    assert "À dire à la personne" in page.text
    form = fields_in(page.text) | {"champ_contact": "06 12 34 56 78", "action": "ouvrir", "jeton": token}
    opened = await agent.post("/crc/demande", data=form)
    ticket = await tickets.get_ticket(session=session, reference=opened.headers["location"].rsplit("/", 1)[1])
    assert (ticket.service_type, ticket.priority) == ("souffrance_harcelement", tickets.SAFETY)


async def test_the_box_stands_beside_a_ticket(agent: httpx.AsyncClient, token: str) -> None:
    form = await started(agent, token)
    form |= {"champ_contact": "06 12 34 56 78", "action": "ouvrir", "jeton": token}
    page = await agent.get((await agent.post("/crc/demande", data=form)).headers["location"])
    check_accessible(page.text)
    assert re.search(r'id="recherche-q"[^>]* value="son colis', page.text)


async def test_style_and_script(agent: httpx.AsyncClient) -> None:
    for name in ("recherche.css", "recherche.js", "questions.js"):
        assert (await agent.get(f"/crc/static/{name}")).status_code == 200
    assert (await agent.get("/crc/static/../pages.py")).status_code == 404


async def test_without_the_database_the_page_says_so(client_without_database: httpx.AsyncClient) -> None:
    client_without_database.cookies.set(COOKIE, "x" * 43)
    down = await client_without_database.get("/crc", headers={"Accept": "text/html"})
    assert down.status_code == 503
