"""The agents' page: for staff alone, safe against what people write, without a script."""

from __future__ import annotations

import re
import uuid

import pytest
from sqlalchemy import text

from tests.api.live.conftest import PERSON, Scene
from tests.conftest import Counts


async def test_a_new_token_or_a_wrong_one_sees_nothing(scene: Scene) -> None:
    learner, other = await scene.learner(), await scene.learner()
    for headers in ({}, other.headers, {"Authorization": "Bearer faux"}):
        for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/typing")):
            response = await scene.http.request(method, f"{learner.url}/live{path}", headers=headers)
            assert response.status_code == 401, (method, path)
    for unknown in (uuid.uuid4(), "x"):
        response = await scene.http.get(f"/v1/conversations/{unknown}/live", headers=learner.headers)
        assert response.status_code == 404


async def test_the_page_is_for_staff_and_its_forms_for_itself(scene: Scene, counts: Counts) -> None:
    response = await scene.http.get("/console/direct", headers={"accept": "text/html"})
    assert response.headers["location"].startswith("/console/connexion")
    assert (await scene.http.get("/console/direct/flux")).status_code == 303
    agent = await scene.agent()
    for path in ("/presence", "/presence/battement", "/1/prendre", "/alertes/1/prendre"):
        refused = await agent.http.post(f"/console/direct{path}", data={"jeton": "0" * 64, "etat": "online"})
        assert refused.status_code == 403, path
    assert (await agent.http.get("/console/direct/99999")).status_code == 404
    await agent.open()
    await agent.do("/presence", etat="online", nom="Léa", equipe="inconnue")
    assert agent.status == 422
    async with scene.app.state.sessions() as session:
        assert await session.scalar(text("SELECT count(*) FROM live_presences")) == 0


@pytest.mark.parametrize("written", ["", "   ", "x" * 10_001])
async def test_an_empty_or_endless_message_does_not_leave_and_stays_in_the_box(scene: Scene, written: str) -> None:
    agent = await (await scene.agent()).online()
    learner = await scene.learner()
    await learner.say(PERSON)
    number = await agent.take_first()
    await agent.do(f"/{number}/message", texte=written)
    assert agent.status == 422
    assert "Il n&#39;est pas parti" in agent.html
    assert written in agent.html
    assert [m for m in await learner.history() if m["author"] == "operator"] == []


async def test_what_people_write_is_shown_as_text(scene: Scene) -> None:
    agent = await (await scene.agent()).online("<b>Léa</b>")
    learner = await scene.learner()
    await learner.say(PERSON)
    number = await agent.take_first()
    await learner.say("<script>alert(1)</script> \" onclick='x'")
    html = await agent.open(f"/{number}")
    assert "<script>alert" not in html
    assert "<b>Léa" not in html
    assert "&lt;script&gt;" in html


async def test_an_article_is_put_in_the_box_without_script(scene: Scene) -> None:
    agent = await (await scene.agent()).online()
    learner = await scene.learner()
    await learner.say("un certificat ?")
    await learner.say(PERSON)
    number = await agent.take_first()
    html = await agent.open(f"/{number}?inserer=certificat_scolarite")
    box = re.search(r"<textarea[^>]*>([^<]*)</textarea>", html)
    assert box
    assert "Réponse de test" in box[1]
    assert re.search(r"<textarea[^>]*></textarea>", await agent.open(f"/{number}?inserer=inconnu"))
