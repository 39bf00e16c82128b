"""Agents and learners who leave, or whose pages fall silent: nobody waits for nothing."""

from __future__ import annotations

from tests.api.live.conftest import PERSON, Scene


async def test_the_agent_closes_the_laptop_the_learner_is_queued_first_and_told(scene: Scene) -> None:
    gone = await (await scene.agent("a.un")).online("Léa")
    learner, second = await scene.learner(), await scene.learner()
    await learner.say(PERSON)
    await gone.take_first()
    await second.say(PERSON)
    assert (await second.live())["position"] == 1
    scene.clock.forward(seconds=40)
    other = await (await scene.agent("b.deux")).online("Karim")
    await scene.sweep()
    assert (await learner.live())["state"] == "with_agent"
    scene.clock.forward(seconds=6)
    await scene.sweep()
    await scene.sweep()  # once is enough
    live = await learner.live()
    assert (live["state"], live["position"]) == ("waiting", 1)
    assert (await second.live())["position"] == 2
    told = [m for m in await learner.history() if "coupée" in m["text"]]
    assert len(told) == 1
    assert "Léa" in told[0]["text"]
    await other.take_first()
    assert (await learner.live())["agent"] == "Karim"
    assert "revenue dans la file" not in other.html


async def test_when_nobody_is_left_those_who_wait_are_told(scene: Scene) -> None:
    await (await scene.agent()).online()
    learner = await scene.learner()
    await learner.say(PERSON)
    scene.clock.forward(seconds=100)
    await scene.sweep()
    assert (await learner.live())["state"] == "waiting"
    scene.clock.forward(seconds=60)
    await scene.sweep()
    assert (await learner.live())["state"] == "bot"
    told = (await learner.history())[-1]
    assert "plus de conseiller" in told["text"]
    assert told["options"][-1]["text"] == "Laisser une demande écrite"


async def test_a_learner_who_is_gone_is_seen_then_leaves_the_queue(scene: Scene) -> None:
    agent = await (await scene.agent()).online()
    learner, waiting = await scene.learner(), await scene.learner()
    await learner.say(PERSON)
    await waiting.say(PERSON)
    number = await agent.take_first()
    assert "La personne est là." in agent.html
    scene.clock.forward(seconds=35)
    assert "n&#39;est plus sur la page" in await agent.open(f"/{number}")
    await learner.live()
    assert "La personne est là." in await agent.open(f"/{number}")
    scene.clock.forward(minutes=11)
    await agent.online()
    await scene.sweep()
    assert (await waiting.live())["state"] == "bot"
    assert (await learner.live())["state"] == "with_agent"


async def test_the_learner_leaves(scene: Scene) -> None:
    agent = await (await scene.agent()).online()
    learner = await scene.learner()
    await learner.say(PERSON)
    assert (await learner.say("Ne plus attendre"))[0]["live"] == "bot"
    await learner.say(PERSON)
    number = await agent.take_first()
    left = await learner.http.delete(f"{learner.url}/live", headers=learner.headers)
    assert left.json()["state"] == "bot"
    assert "quittée par la personne" in await agent.open(f"/{number}")
    await agent.do(f"/{number}/message", texte="Êtes-vous là ?")
    assert agent.status == 409
    again = await learner.http.delete(f"{learner.url}/live", headers=learner.headers)
    assert again.status_code == 200
    assert len([m for m in await learner.history() if "redemander une personne" in m["text"]]) == 2


async def test_asking_again_while_waiting_keeps_the_place_and_the_assistant_answers_the_rest(scene: Scene) -> None:
    await (await scene.agent()).online()
    learner = await scene.learner()
    await learner.say(PERSON)
    (still,) = await learner.say(PERSON)
    assert "toujours dans la file" in still["text"]
    assert (await learner.say("vos horaires ?"))[0]["kind"] == "answer"
    assert (await learner.live())["position"] == 1
    (written, *_) = await learner.say("Laisser une demande écrite")
    assert written["kind"] == "handoff"
    assert (await learner.live())["state"] == "bot"
