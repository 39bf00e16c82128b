"""The learner's stream says each change of a hand-over: taken, places in the queue, writing, handed back; once each message."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tests.api.conversations.test_events import Follower, address, following
from tests.api.live.conftest import PERSON, Agent, Scene, Writer
from tests.api.live.test_alarms import alarm_of

__all__ = ["address"]
Json = dict[str, Any]


def opened(learner: Writer) -> Json:
    return {"id": learner.url.rpartition("/")[2], "token": learner.headers["Authorization"].removeprefix("Bearer ")}


async def queued(scene: Scene, count: int) -> tuple[Agent, list[Writer]]:
    agent = await (await scene.agent()).online("Léa")
    learners = [await scene.learner() for _ in range(count)]
    for learner in learners:
        await learner.say(PERSON)
    return agent, learners


async def until_live(stream: Follower) -> list[str]:
    """The texts of the messages that came before the next word of a change, or with it."""
    said = []
    while True:
        name, _, data = await stream.next()
        if name == "live":
            assert data == {}, "what changed is read, not told"
            return said
        said.append(data["text"])


async def test_taken_answered_and_handed_back(scene: Scene, address: str) -> None:
    agent, [learner] = await queued(scene, 1)
    last = str((await learner.history())[-1]["id"])
    async with following(address, opened(learner), last) as stream:
        number = await agent.take_first()
        assert "Léa" in (await until_live(stream))[0]
        assert (await learner.live())["state"] == "with_agent"
        await agent.do(f"/{number}/ecrit")
        assert await until_live(stream) == []
        assert (await learner.live())["typing"]
        await agent.do(f"/{number}/message", texte="Bonjour.")
        assert await until_live(stream) == ["Bonjour."]
        await agent.do(f"/{number}/rendre")
        assert "C'est de nouveau l'assistant" in (await until_live(stream))[0]
        assert (await learner.live())["state"] == "bot"


async def test_the_place_in_the_queue_follows(scene: Scene, address: str) -> None:
    agent, [first, second, third] = await queued(scene, 3)
    last = str((await third.history())[-1]["id"])
    async with following(address, opened(third), last) as stream:
        await agent.take_first()
        assert await until_live(stream) == []
        assert (await third.live())["position"] == 2
        assert (await scene.http.delete(f"{second.url}/live", headers=second.headers)).status_code == 200
        assert await until_live(stream) == []
        assert (await third.live())["position"] == 1
    assert (await first.live())["state"] == "with_agent"


async def test_what_the_learner_does_is_not_told_to_the_learner(scene: Scene, address: str) -> None:
    """Their page would read its state again at each key they press."""
    agent, [learner] = await queued(scene, 1)
    number = await agent.take_first()
    last = str((await learner.history())[-1]["id"])
    async with following(address, opened(learner), last) as stream:
        await scene.http.post(f"{learner.url}/live/typing", headers=learner.headers)
        assert await learner.say("Je vous écris.") == []
        await agent.do(f"/{number}/message", texte="Je vous lis.")
        assert await until_live(stream) == ["Je vous écris.", "Je vous lis."]


async def test_erasing_ends_the_hand_over_and_the_agent_is_told(scene: Scene) -> None:
    agent, [learner] = await queued(scene, 1)
    number = await agent.take_first()
    assert (await scene.http.delete(learner.url, headers=learner.headers)).status_code == 204
    await agent.open(f"/{number}")
    assert agent.status == 404
    assert "Aucune discussion en cours" in await agent.open("?fait=effacee")
    assert "a effacé sa conversation" in agent.html


async def test_erasing_leaves_an_alarm_that_nobody_took_without_its_words(scene: Scene, rows: AsyncSession) -> None:
    agent = await scene.agent()
    learner = await scene.learner()
    await learner.say("mon père me frappe")
    assert (await scene.http.delete(learner.url, headers=learner.headers)).status_code == 204
    html = await agent.open()
    assert "Alertes de sécurité" in html
    assert "me frappe" not in html
    assert "Écrire à cette personne" not in html
    number = alarm_of(html)
    await agent.do(f"/alertes/{number}/prendre")
    assert agent.status == 200
    known = {"id": uuid.UUID(learner.url.rpartition("/")[2])}
    assert await rows.scalar(text("SELECT count(*) FROM live_handovers WHERE conversation_id = :id"), known) == 0
