"""From the assistant to a person and back: the queue, the silence of the assistant, transfers, requests."""

from __future__ import annotations

import asyncio
import re
import uuid

import pytest
from sqlalchemy import text

from api.live.repository import move
from api.tickets import service as tickets
from api.tickets.service import TicketFilters
from tests.api.live.conftest import PERSON, SUNDAY, Scene
from tests.conftest import Counts


async def test_a_person_is_asked_for_taken_spoken_to_and_given_back(scene: Scene) -> None:
    agent = await (await scene.agent()).online("Léa")
    learner = await scene.learner()
    assert await learner.live() == {
        "state": "bot", "position": None, "wait_minutes": None, "agent": None, "typing": False
    }  # fmt: skip
    await learner.say("un certificat ?")
    (told,) = await learner.say(PERSON)
    assert (told["kind"], told["live"]) == ("handoff", "waiting")
    assert "position 1" in told["text"]
    assert "attente mesurée" not in told["text"]
    assert [o["title"] for o in told["options"]] == ["Laisser une demande écrite"]
    assert (await learner.live())["position"] == 1

    assert "Certificats, attestations, bulletins" in await agent.open()  # what it is about, said before
    number = await agent.take_first()
    assert "un certificat ?" in agent.html
    assert "Comment obtenir un certificat de scolarité ?" in agent.html
    live = await learner.live()
    assert (live["state"], live["agent"]) == ("with_agent", "Léa")

    assert await learner.say("je suis perdue, mon mail : anne@exemple.fr") == []
    await agent.open(f"/{number}")
    assert "je suis perdue" in agent.html
    assert "anne@exemple.fr" in agent.html  # to answer the person
    assert "mon mail : [COURRIEL]" in agent.html  # never in what is kept of the exchange
    await agent.do(f"/{number}/message", texte="Bonjour, je regarde.", id_message=str(uuid.uuid4()))
    last = (await learner.history())[-1]
    assert (last["author"], last["kind"], last["text"], last["name"]) == (
        "operator", "message", "Bonjour, je regarde.", "Léa"
    )  # fmt: skip

    await agent.do(f"/{number}/rendre")
    assert "rendue à l&#39;assistant" in agent.html
    assert (await learner.live())["state"] == "bot"
    assert (await learner.history())[-1]["live"] == "bot"
    assert (await learner.say("un certificat ?"))[0]["kind"] == "answer"


async def test_a_message_sent_twice_to_a_person_is_one_and_never_the_assistant_s(scene: Scene) -> None:
    agent = await (await scene.agent()).online()
    learner = await scene.learner()
    await learner.say(PERSON)
    number = await agent.take_first()
    assert await learner.say("un certificat ?", client_message_id="m-1") == []
    assert await learner.say("un certificat ?", client_message_id="m-1") == []
    key = str(uuid.uuid4())
    for _ in range(2):
        await agent.do(f"/{number}/message", texte="Je regarde.", id_message=key)
    await agent.do(f"/{number}/rendre")
    assert await learner.say("un certificat ?", client_message_id="m-1") == []
    texts = [m["text"] for m in await learner.history()]
    assert texts.count("un certificat ?") == 1
    assert texts.count("Je regarde.") == 1


async def test_outside_hours_it_is_said_at_once_with_moments_to_be_called_back(scene: Scene) -> None:
    await (await scene.agent()).online()
    scene.clock.at(SUNDAY)
    learner = await scene.learner()
    (told, *_) = await learner.say(PERSON)
    assert told["kind"] == "handoff"
    assert "Personne ne répond en direct à cette heure" in told["text"]
    assert "/demande" in told["text"]  # the assistant goes on: here Rasa is down, so its way is the form
    assert told["options"][0]["text"] == "Être rappelé lundi 23 novembre, entre 8 h 30 et 9 h 30"
    assert (await learner.live())["state"] == "bot"


@pytest.mark.parametrize("presence", ["nobody", "away", "silent", "another team"])
async def test_in_opening_hours_with_nobody_there_it_is_said_at_once(scene: Scene, presence: str) -> None:
    if presence != "nobody":
        agent = await (await scene.agent()).online(team="dpo" if presence == "another team" else "crc")
        if presence == "away":
            await agent.do("/presence", etat="away", nom="Léa", equipe="crc")
        if presence == "silent":
            scene.clock.forward(seconds=60)
    learner = await scene.learner()
    told = (await learner.say(PERSON))[0]
    assert "Aucun conseiller n'est disponible" in told["text"]
    assert (await learner.live())["state"] == "bot"


async def test_two_agents_take_the_same_person_and_one_has_them(scene: Scene) -> None:
    first = await (await scene.agent("a.un")).online("Léa")
    second = await (await scene.agent("b.deux")).online("Karim")
    for _ in range(5):
        learner = await scene.learner()
        await learner.say(PERSON)
        await first.open()
        number = re.search(r'id="attente-(\d+)"', first.html)
        assert number
        await asyncio.gather(first.do(f"/{number[1]}/prendre"), second.do(f"/{number[1]}/prendre"))
        assert sorted((first.status, second.status)) == [200, 409]
        loser = first if first.status == 409 else second
        assert "un collègue" in loser.html
        arrivals = [m for m in await learner.history() if m.get("live") == "with_agent"]
        assert len(arrivals) == 1
        winner = "Karim" if loser is first else "Léa"
        assert (await learner.live())["agent"] == winner


async def test_only_who_has_the_conversation_may_act_on_it(scene: Scene, counts: Counts) -> None:
    mine = await (await scene.agent("a.un")).online("Léa")
    other = await (await scene.agent("b.deux")).online("Karim")
    learner = await scene.learner()
    await learner.say(PERSON)
    number = await mine.take_first()
    before = await counts()
    for path, values in {
        "message": {"texte": "coucou"},
        "rendre": {},
        "terminer": {},
        "transferer": {"vers": "equipe:crc"},
        "demande": {"service": "certificats_bulletins"},
        "prendre": {},
    }.items():
        await other.do(f"/{number}/{path}", **values)
        assert other.status == 409, path
    assert await counts() == before
    assert (await learner.live())["agent"] == "Léa"


async def test_an_agent_who_is_away_takes_nobody(scene: Scene) -> None:
    await (await scene.agent("a.un")).online()
    other = await scene.agent("b.deux")
    learner = await scene.learner()
    await learner.say(PERSON)
    await other.open()
    number = re.search(r'id="attente-(\d+)"', other.html)
    assert number
    await other.do(f"/{number[1]}/prendre")
    assert other.status == 409
    assert "Passez en ligne" in other.html
    assert (await learner.live())["state"] == "waiting"


async def test_typing_shows_on_both_sides_for_some_seconds(scene: Scene) -> None:
    agent = await (await scene.agent()).online()
    learner = await scene.learner()
    await learner.say(PERSON)
    number = await agent.take_first()
    await agent.do(f"/{number}/ecrit")
    assert (await learner.live())["typing"] is True
    assert (await learner.http.post(f"{learner.url}/live/typing", headers=learner.headers)).status_code == 204
    assert "La personne écrit…" in await agent.open(f"/{number}")
    scene.clock.forward(seconds=7)
    assert (await learner.live())["typing"] is False
    assert "La personne écrit…" not in await agent.open(f"/{number}")
    await agent.do(f"/{number}/ecrit")
    await agent.do(f"/{number}/message", texte="Voilà.")
    assert (await learner.live())["typing"] is False


async def test_transfer_to_a_colleague_and_to_a_team(scene: Scene) -> None:
    first = await (await scene.agent("a.un")).online("Léa")
    learner = await scene.learner()
    await learner.say(PERSON)
    number = await first.take_first()
    assert "pas de transfert possible" in first.html
    await first.do(f"/{number}/transferer", vers="equipe:dpo")
    assert first.status == 409
    await first.do(f"/{number}/transferer", vers=f"agent:{uuid.uuid4()}")
    assert first.status == 409
    for wrong in ("agent:personne", "equipe:inconnue", ""):
        await first.do(f"/{number}/transferer", vers=wrong)
        assert first.status == 422
    assert (await learner.live())["agent"] == "Léa"
    second = await (await scene.agent("b.deux")).online("Karim", team="dpo")
    await first.open(f"/{number}")
    colleague = re.search(r'value="agent:([^"]+)">Karim', first.html)
    assert colleague
    await first.do(f"/{number}/transferer", vers=f"agent:{colleague[1]}")
    assert (await learner.live())["agent"] == "Karim"
    assert "prend la suite de Léa" in (await learner.history())[-1]["text"]
    await second.do(f"/{number}/transferer", vers="equipe:crc")
    live = await learner.live()
    assert (live["state"], live["position"], live["agent"]) == ("waiting", 1, None)
    assert await first.take_first() == number


async def test_turned_into_a_ticket_with_the_transcript(scene: Scene) -> None:
    agent = await (await scene.agent()).online()
    learner = await scene.learner()
    await learner.say("Mon bulletin, je m'appelle Anne, 06 12 34 56 78")
    await learner.say(PERSON)
    number = await agent.take_first()
    await agent.do(f"/{number}/message", texte="Je transmets.")
    await agent.do(f"/{number}/demande", service="inconnu")
    assert agent.status == 422
    await agent.do(f"/{number}/demande", service="certificats_bulletins")
    assert agent.path.startswith("/console/demandes/")
    told = (await learner.history())[-1]
    assert (told["kind"], told["live"]) == ("ticket", "ended")
    assert told["ticket"]["reference"] in agent.path
    live = await learner.live()
    assert (live["state"], live["agent"]) == ("ended", "Léa")
    async with scene.app.state.sessions() as session:
        ticket = await tickets.get_ticket(session=session, reference=told["ticket"]["reference"])
        every, _ = await tickets.list_tickets(session=session, filters=TicketFilters())
    assert len(every) == 1
    assert ticket.contact_phone == "+33612345678"
    assert [line["author"] for line in ticket.transcript][-1] == "operator"
    assert "06 12" not in str(ticket.transcript)
    assert (await learner.say("un certificat ?"))[0]["kind"] == "answer"
    assert (await learner.live())["state"] == "bot"


async def test_the_wait_is_measured_or_not_said(scene: Scene) -> None:
    agent = await (await scene.agent()).online()
    for minutes in (2, 2, 3, 4, 9):
        learner = await scene.learner()
        await learner.say(PERSON)
        assert (await learner.live())["wait_minutes"] is None
        for _ in range(minutes):
            scene.clock.forward(minutes=1)
            await agent.online()
            await learner.live()
        number = await agent.take_first()
        await agent.do(f"/{number}/terminer")
    learner, second = await scene.learner(), await scene.learner()
    (told,) = await learner.say(PERSON)
    assert "environ 3 minutes" in told["text"]
    await second.say(PERSON)
    assert (await second.live())["wait_minutes"] == 6
    scene.clock.forward(hours=3)
    assert (await second.live())["wait_minutes"] is None  # too old to say anything of now


async def test_a_conversation_runs_one_hand_over_at_a_time(scene: Scene) -> None:
    await (await scene.agent()).online()
    learner = await scene.learner()
    await asyncio.gather(*(learner.say(PERSON, client_message_id=f"m-{n}") for n in range(4)))
    async with scene.app.state.sessions() as session:
        assert await session.scalar(text("SELECT count(*) FROM live_handovers")) == 1
        assert await move(session, 999_999, "take") is None
