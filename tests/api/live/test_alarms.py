"""A message of danger, harassment or distress: seen by the agents at once, wherever the conversation is."""

from __future__ import annotations

import re

from tests.api.live.conftest import PERSON, SUNDAY, Scene


def alarm_of(html: str) -> str:
    found = re.search(r"/console/direct/alertes/(\d+)/prendre", html)
    assert found, "no alarm on the page"
    return found[1]


async def test_an_alarm_is_at_the_top_until_somebody_takes_it(scene: Scene) -> None:
    agent, other = await scene.agent("a.un"), await scene.agent("b.deux")
    learner = await scene.learner()
    assert (await learner.say("mon père me frappe, 06 12 34 56 78"))[0]["kind"] == "safety"
    html = await agent.open()
    assert html.index("Alertes de sécurité") < html.index("Votre présence")
    assert "Danger" in html
    assert "mon père me frappe, [TÉLÉPHONE]" in html
    number = alarm_of(html)
    await agent.do(f"/alertes/{number}/prendre")
    assert agent.status == 200
    assert "Alertes de sécurité" not in await other.open()
    await other.do(f"/alertes/{number}/prendre")
    assert other.status == 409
    assert "Un collègue" in other.html


async def test_an_agent_writes_to_the_person_whatever_the_hours(scene: Scene) -> None:
    scene.clock.at(SUNDAY)
    agent = await scene.agent()
    learner = await scene.learner()
    await learner.say("j'ai envie de mourir")
    number = alarm_of(await agent.open())
    await agent.do(f"/alertes/{number}/repondre")
    assert agent.status == 409  # not online yet
    assert alarm_of(await agent.open()) == number
    await agent.online("Léa")
    await agent.do(f"/alertes/{number}/repondre")
    assert agent.status == 200
    live = await learner.live()
    assert (live["state"], live["agent"]) == ("with_agent", "Léa")
    assert "Les numéros donnés plus haut" in (await learner.history())[-1]["text"]
    assert await learner.say("merci de me répondre") == []


async def test_with_a_person_messages_are_still_checked_for_safety(scene: Scene) -> None:
    agent = await (await scene.agent()).online()
    learner = await scene.learner()
    await learner.say(PERSON)
    number = await agent.take_first()
    (card, *_) = await learner.say("on me harcele tous les jours")
    assert card["kind"] == "safety"
    assert "3018" in card["text"]
    html = await agent.open(f"/{number}")
    assert "Harcèlement" in html
    assert "on me harcele" in html
    assert (await learner.live())["state"] == "with_agent"
    assert await learner.say("je fais quoi") == []
    await agent.do(f"/alertes/{alarm_of(html)}/repondre")
    assert agent.path == f"/console/direct/{number}"


async def test_who_waits_and_is_in_danger_is_taken_at_once(scene: Scene) -> None:
    agent = await (await scene.agent()).online()
    first, learner = await scene.learner(), await scene.learner()
    await first.say(PERSON)
    await learner.say(PERSON)
    await learner.say("mon père me frappe")
    await agent.do(f"/alertes/{alarm_of(await agent.open())}/repondre")
    assert (await learner.live())["state"] == "with_agent"
    assert (await first.live())["position"] == 1


async def test_a_request_by_mail_raises_one_too(scene: Scene) -> None:
    agent = await scene.agent()
    sent = await scene.http.post(
        "/v1/requests", json={"channel": "mail", "text": "mon père me frappe", "sender": "anne@exemple.fr"}
    )
    assert sent.status_code < 300, sent.text
    html = await agent.open()
    assert "mon père me frappe" in html
    assert "repondre" not in html  # there is no conversation to write in
    await agent.do(f"/alertes/{alarm_of(html)}/prendre")
    assert agent.status == 200
