"""Conversations through HTTP, without Rasa: refusals, masking, sending twice, safety, what is left without Rasa."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import Counts

Json = dict[str, Any]


class Writer:
    """A learner, over HTTP."""

    def __init__(self, client: httpx.AsyncClient, opened: Json) -> None:
        self.client = client
        self.url = f"/v1/conversations/{opened['id']}/messages"
        self.headers = {"Authorization": f"Bearer {opened['token']}"}

    async def post(self, **body: Any) -> httpx.Response:
        return await self.client.post(self.url, json=body, headers=self.headers)

    async def say(self, text: str, **more: Any) -> list[Json]:
        response = await self.post(text=text, **more)
        assert response.status_code == 200, response.text
        found: list[Json] = response.json()["messages"]
        return found


@pytest.fixture
async def writer(client: httpx.AsyncClient) -> Writer:
    response = await client.post("/v1/conversations")
    assert response.status_code == 201
    return Writer(client, response.json())


async def test_unknown_conversation(client: httpx.AsyncClient, counts: Counts) -> None:
    for unknown in (str(uuid.uuid4()), "pas-un-id"):
        url = f"/v1/conversations/{unknown}/messages"
        for response in (
            await client.post(url, json={"text": "bonjour"}, headers={"Authorization": "Bearer x"}),
            await client.get(url, headers={"Authorization": "Bearer x"}),
        ):
            assert response.status_code == 404
            assert response.headers["content-type"] == "application/problem+json"
    assert sum((await counts()).values()) == 0


@pytest.mark.parametrize("header", ["", "Bearer faux", "Basic abc"])
async def test_wrong_token(writer: Writer, counts: Counts, header: str) -> None:
    writer.headers = {"Authorization": header} if header else {}
    assert (await writer.post(text="bonjour")).status_code == 401
    assert (await writer.client.get(writer.url, headers=writer.headers)).status_code == 401
    assert (await counts())["messages"] == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"text": ""}, 422),
        ({"text": "  \n "}, 422),
        ({}, 422),
        ({"text": "bonjour", "autre": 1}, 422),
        ({"text": "bonjour", "client_message_id": ""}, 422),
        ({"text": "a" * 20_000}, 413),
    ],
)
async def test_refused_bodies_write_nothing(writer: Writer, counts: Counts, body: Json, status: int) -> None:
    response = await writer.post(**body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert (await counts())["messages"] == 0


async def test_invalid_utf8(writer: Writer, counts: Counts) -> None:
    headers = writer.headers | {"content-type": "application/json"}
    response = await writer.client.post(writer.url, content=b'{"text": "\xff\xfe"}', headers=headers)
    assert response.status_code == 400
    assert (await counts())["messages"] == 0


async def test_unknown_field_when_opening(client: httpx.AsyncClient, counts: Counts) -> None:
    assert (await client.post("/v1/conversations", json={"x": 1})).status_code == 422
    assert (await client.post("/v1/conversations", json={})).status_code == 201
    assert (await counts())["conversations"] == 1


async def test_personal_data_is_kept_masked(writer: Writer, session: AsyncSession) -> None:
    await writer.say("Mon numéro 06 12 34 56 78, mon mail a.b@exemple.fr, ma carte 4970 1000 0000 0006")
    history = (await writer.client.get(writer.url, headers=writer.headers)).json()["messages"]
    assert "[TÉLÉPHONE]" in history[0]["text"]
    assert "[COURRIEL]" in history[0]["text"]
    everything = str((await session.execute(text("SELECT text, payload FROM messages"))).all())
    everything += str((await session.execute(text("SELECT state->'known' FROM conversations"))).all())
    for secret in ("06 12", "a.b@exemple", "4970"):
        assert secret not in everything
    state = (await session.execute(text("SELECT state FROM conversations"))).scalar_one()
    assert state["email"] == "a.b@exemple.fr"
    assert "4970" not in str(state)


async def test_without_rasa_answers_choices_and_the_way_to_a_person(writer: Writer) -> None:
    answer = await writer.say("vos horaires ?")
    assert answer[0]["kind"] == "answer"
    assert answer[0]["article"]["id"] == "horaires_telephone"
    choices = await writer.say("une bourse ?")
    assert [c["id"] for c in choices[0]["choices"]][:2] == ["bourse_college_lycee", "bourse_etudiant_bts"]
    assert (await writer.say("2"))[0]["article"]["id"] == "bourse_etudiant_bts"
    person = await writer.say("mon colis est perdu")
    assert person[0]["kind"] == "handoff"
    assert "/demande" in person[0]["text"]
    assert (await writer.say("une pizza"))[0]["kind"] == "out_of_scope"
    assert (await writer.say("bonjour"))[0]["kind"] == "smalltalk"
    history = (await writer.client.get(writer.url, headers=writer.headers)).json()["messages"]
    assert [m["author"] for m in history] == ["learner", "assistant"] * 6


async def test_the_same_client_message_id_doubles_nothing(writer: Writer, counts: Counts) -> None:
    first = await writer.say("vos horaires ?", client_message_id="a")
    before = await counts()
    assert await writer.say("vos horaires ?", client_message_id="a") == first
    assert await counts() == before
    await writer.say("vos horaires ?", client_message_id="b")
    assert (await counts())["messages"] == before["messages"] + 2


async def test_the_same_message_sent_at_the_same_time(writer: Writer, counts: Counts) -> None:
    replies = await asyncio.gather(*(writer.say("vos horaires ?", client_message_id="a") for _ in range(5)))
    assert all(reply == replies[0] for reply in replies)
    assert (await counts())["messages"] == 2


async def test_a_message_received_and_not_answered_is_answered_when_sent_again(
    writer: Writer, session: AsyncSession, counts: Counts
) -> None:
    await writer.say("vos horaires ?", client_message_id="a")
    await session.execute(text("DELETE FROM messages WHERE author = 'assistant'"))
    await session.commit()
    assert (await writer.say("vos horaires ?", client_message_id="a"))[0]["kind"] == "answer"
    assert (await counts())["messages"] == 2


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("mon oncle me frappe", ("112", "15", "17", "18", "114", "119")),
        ("on me harcele", ("3018", "112")),
        ("je veux mourir", ("3114", "112", "114")),
    ],
)
async def test_safety_without_rasa(writer: Writer, session: AsyncSession, said: str, numbers: tuple[str, ...]) -> None:
    messages = await writer.say(said)
    assert messages[0]["kind"] == "safety"
    assert all(number in messages[0]["text"] for number in numbers)
    await writer.say(said)
    await writer.say("mon mail : a.b@exemple.fr")
    opened = (await session.execute(text("SELECT service_type, priority, contact_email FROM tickets"))).all()
    assert [tuple(row) for row in opened] == [("souffrance_harcelement", 0, "a.b@exemple.fr")]
