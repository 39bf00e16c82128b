"""Mail and web form: answered by an article or sent to people, once, with nothing personal left in clear."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.db.models import Ticket
from tests.conftest import Counts

MAIL = {
    "channel": "mail",
    "text": "Mon colis n'est pas arrivé, je suis en 6e. Écrivez à anne.durand@exemple.fr ou 06 12 34 56 78.",
    "subject": "Colis anne.durand@exemple.fr",
    "sender": "Anne Durand <Anne.Durand@exemple.fr>",
}


async def send(client: httpx.AsyncClient, key: str | None = None, **changes: Any) -> dict[str, Any]:
    headers = {"Idempotency-Key": key} if key else {}
    response = await client.post("/v1/requests", json=MAIL | changes, headers=headers)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


async def test_an_answer_is_an_article_and_no_ticket(client: httpx.AsyncClient, counts: Counts) -> None:
    body = await send(client, text="Quels sont vos horaires ?")
    assert body["decision"] == "answer"
    assert "ticket" not in body
    article = body["article"]
    assert article["id"] == "horaires_telephone"
    assert set(article) == {"id", "question", "answer", "sources", "certitude", "review_by"}
    assert article["sources"][0] == {"title": "Source de test", "year": 2026, "url": "https://exemple.fr/source"}
    assert (await counts())["tickets"] == 0


async def test_a_complex_request_becomes_a_routed_ticket(client: httpx.AsyncClient, session: AsyncSession) -> None:
    body = await send(client)
    assert body["decision"] == "qualify"
    assert "article" not in body
    ticket = await session.scalar(select(Ticket))
    assert ticket is not None
    assert body["ticket"]["reference"] == ticket.reference
    assert body["ticket"]["status"] == "nouveau"
    assert (ticket.service_type, ticket.team, ticket.unit) == ("supports_colis", "production", None)
    assert ticket.fields["niveau"]["value"] == "6e"
    assert ticket.fields["nom"] == {"value": "Anne Durand", "origin": "deduced"}
    assert ticket.contact_email == "anne.durand@exemple.fr"
    assert ticket.contact_phone == "0612345678"


async def test_contact_is_kept_in_its_columns_only(client: httpx.AsyncClient, session: AsyncSession) -> None:
    await send(client)
    row = (
        await session.execute(text("SELECT to_jsonb(t) - 'contact_email' - 'contact_phone' FROM tickets t"))
    ).scalar()
    assert "[COURRIEL]" in str(row)
    assert "anne.durand" not in str(row).lower()
    assert "06 12" not in str(row)


@pytest.mark.parametrize(
    ("said", "decision"),
    [("Où en est ma bourse", "choices"), ("Je veux un conseiller", "handoff"), ("Une pizza", "out_of_scope")],
)
async def test_what_no_article_answers_reaches_people(
    client: httpx.AsyncClient, session: AsyncSession, said: str, decision: str
) -> None:
    body = await send(client, text=said)
    assert body["decision"] == decision
    ticket = await session.scalar(select(Ticket))
    assert ticket is not None
    assert ticket.priority == 2
    assert decision != "out_of_scope" or ticket.team == "crc"


@pytest.mark.parametrize(("channel", "said"), [("chat", "Une pizza"), ("phone", "Une pizza"), ("mail", "Merci")])
async def test_nothing_to_do_opens_nothing(client: httpx.AsyncClient, counts: Counts, channel: str, said: str) -> None:
    body = await send(client, channel=channel, text=said)
    assert set(body) == {"decision"}
    assert (await counts())["tickets"] == 0


@pytest.mark.parametrize("said", ["On me frappe", "Il me harcèle, harcelement", "Je veux mourir"])
async def test_safety_is_told_what_to_do_and_comes_first(
    client: httpx.AsyncClient, session: AsyncSession, said: str
) -> None:
    body = await send(client, text=said)
    assert body["decision"] == "safety"
    assert len(body["message"]) > 20
    ticket = await session.scalar(select(Ticket))
    assert ticket is not None
    assert (ticket.priority, ticket.service_type) == (0, "souffrance_harcelement")


async def test_the_same_mail_twice_is_one_ticket(client: httpx.AsyncClient, counts: Counts) -> None:
    first = await send(client)
    again = await send(client, subject="RE: " + MAIL["subject"], text="  " + MAIL["text"].replace(" ", "\n", 1))
    assert again == first
    assert (await counts())["tickets"] == 1


async def test_the_same_mail_at_the_same_time_is_one_ticket(client: httpx.AsyncClient, counts: Counts) -> None:
    bodies = await asyncio.gather(*(send(client) for _ in range(8)))
    assert len({body["ticket"]["reference"] for body in bodies}) == 1
    assert (await counts())["tickets"] == 1


async def test_a_day_later_it_is_a_new_request(
    client: httpx.AsyncClient, session: AsyncSession, counts: Counts
) -> None:
    first = await send(client)
    older = update(Ticket).values(
        created_at=text("created_at - interval '25 hours'"), draft_key=text("replace(draft_key, 'request:', 'older:')")
    )
    await session.execute(older)
    await session.commit()
    assert (await send(client))["ticket"]["reference"] != first["ticket"]["reference"]
    assert (await counts())["tickets"] == 2


async def test_others_and_other_texts_have_their_own_ticket(client: httpx.AsyncClient, counts: Counts) -> None:
    await send(client)
    await send(client, sender="paul@exemple.fr")
    await send(client, text="Il manque un livre dans mon colis.")
    assert (await counts())["tickets"] == 3


async def test_the_same_key_is_one_ticket(client: httpx.AsyncClient, counts: Counts) -> None:
    first = await send(client, key="cle-1")
    again = await send(client, key="cle-1", text="Mon colis, encore.")
    other = await send(client, key="cle-1", sender="paul@exemple.fr")
    assert again["ticket"]["reference"] == first["ticket"]["reference"]
    assert other["ticket"]["reference"] != first["ticket"]["reference"]
    assert (await counts())["tickets"] == 2


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"channel": "mail", "text": ""}, 422),
        ({"channel": "mail", "text": " \n\t "}, 422),
        ({"channel": "mail", "text": "\x00\x01"}, 422),
        ({"channel": "pigeon", "text": "Bonjour"}, 422),
        ({"channel": "mail"}, 422),
        ({"channel": "mail", "text": "Bonjour", "priority": 0}, 422),
        ({"channel": "mail", "text": "a" * 20_000}, 413),
        ({"channel": "mail", "text": "a" * 10_001}, 413),
        ({"channel": "mail", "text": "a" * 400_000}, 413),
        ({"channel": "mail", "text": 3}, 422),
        (["mail"], 422),
    ],
)
async def test_refusals_write_nothing(client: httpx.AsyncClient, counts: Counts, body: Any, status: int) -> None:
    response = await client.post("/v1/requests", json=body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert "aaaa" not in response.text
    assert set((await counts()).values()) == {0}


async def test_control_characters_are_taken_out(client: httpx.AsyncClient, session: AsyncSession) -> None:
    await send(client, text="Mon colis\x00 est perdu", subject="Col\x00is", sender="x\x00y")
    ticket = await session.scalar(select(Ticket))
    assert ticket is not None
    assert ticket.transcript[0]["text"] == "Mon colis  est perdu"
    assert ticket.subject == "Col is"
