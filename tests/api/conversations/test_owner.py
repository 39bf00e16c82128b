"""What the author of a conversation may do with it, and nobody else: opinions, a copy, erasure, seven days."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import Counts

Json = dict[str, Any]
NASTY = "<script>alert(1)</script> **gras** \u202eenvers\u202c a\u200bb"


class Owner:
    """A conversation with an answer of the FAQ and a safety ticket."""

    def __init__(self, client: httpx.AsyncClient, opened: Json) -> None:
        self.client, self.id = client, opened["id"]
        self.url = f"/v1/conversations/{opened['id']}"
        self.headers = {"Authorization": f"Bearer {opened['token']}"}

    async def say(self, said: str) -> None:
        response = await self.client.post(f"{self.url}/messages", json={"text": said}, headers=self.headers)
        assert response.status_code == 200

    async def history(self, **query: Any) -> list[Json]:
        response = await self.client.get(f"{self.url}/messages", headers=self.headers, params=query)
        assert response.status_code == 200
        found: list[Json] = response.json()["messages"]
        return found

    async def feedback(self, message: object, **body: Any) -> httpx.Response:
        return await self.client.post(f"{self.url}/messages/{message}/feedback", json=body, headers=self.headers)


@pytest_asyncio.fixture
async def owner(client: httpx.AsyncClient) -> Owner:
    owner = Owner(client, (await client.post("/v1/conversations")).json())
    await owner.say("Quels sont vos horaires ?")
    return owner


async def kept(session: AsyncSession, table: str) -> list[Json]:
    rows = (await session.execute(text(f"SELECT * FROM {table}"))).mappings().all()
    return [dict(row) for row in rows]


async def test_the_history_can_be_read_from_a_message_on(owner: Owner) -> None:
    everything = await owner.history()
    assert [m["id"] for m in everything] == sorted(m["id"] for m in everything)
    await owner.say("bonjour")
    assert (await owner.history(after=everything[-1]["id"]))[0]["text"] == "bonjour"
    for wrong in ("-1", "abc", str(2**63)):
        response = await owner.client.get(f"{owner.url}/messages", headers=owner.headers, params={"after": wrong})
        assert response.status_code == 422


async def test_an_opinion_is_kept_and_the_latest_counts(owner: Owner, session: AsyncSession) -> None:
    answer = (await owner.history())[1]
    assert (await owner.feedback(answer["id"], useful=True)).status_code == 204
    told = {"useful": False, "reason": "incomplete", "comment": "écrivez à a.b@exemple.fr"}
    assert (await owner.feedback(answer["id"], **told)).status_code == 204
    (row,) = await kept(session, "message_feedback")
    assert (row["useful"], row["reason"], row["article"]) == (False, "incomplete", "horaires_telephone")
    assert row["comment"] == "écrivez à [COURRIEL]"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"useful": "peut-être"}, 422),
        ({"useful": False, "reason": "inconnue"}, 422),
        ({"useful": True, "autre": 1}, 422),
        ({"useful": False, "comment": "a" * 20_000}, 413),
    ],
)
async def test_opinions_that_are_refused(owner: Owner, session: AsyncSession, body: Json, status: int) -> None:
    response = await owner.feedback((await owner.history())[1]["id"], **body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert await kept(session, "message_feedback") == []


async def test_only_answers_of_ones_own_have_opinions(owner: Owner, client: httpx.AsyncClient) -> None:
    own, answer = await owner.history()
    assert (await owner.feedback(own["id"], useful=True)).status_code == 404
    assert (await owner.feedback(2**62, useful=True)).status_code == 404
    assert (await owner.feedback(0, useful=True)).status_code == 422
    other = Owner(client, (await client.post("/v1/conversations")).json())
    assert (await other.feedback(answer["id"], useful=True)).status_code == 404
    owner.headers = {"Authorization": "Bearer faux"}
    assert (await owner.feedback(answer["id"], useful=True)).status_code == 401


async def test_a_copy_holds_everything(owner: Owner) -> None:
    await owner.say(f"on me frappe, mon mail : a.b@exemple.fr {NASTY}")
    await owner.feedback((await owner.history())[1]["id"], useful=False, reason="fausse")
    response = await owner.client.get(f"{owner.url}/export", headers=owner.headers)
    assert response.status_code == 200
    assert response.headers["content-disposition"] == 'attachment; filename="conversation-cned.json"'
    document = response.json()
    assert document["messages"][0]["text"] == "Quels sont vos horaires ?"
    assert document["known"]["contact"] == "a.b@exemple.fr"
    assert document["feedback"][0]["reason"] == "fausse"
    assert document["requests"][0]["email"] == "a.b@exemple.fr"
    page = await owner.client.get(f"{owner.url}/export?format=html", headers=owner.headers)
    assert page.headers["content-type"].startswith("text/html")
    assert "Quels sont vos horaires ?" in page.text
    assert document["requests"][0]["reference"] in page.text
    assert "<script>" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; **gras**" in page.text
    assert (await owner.client.get(f"{owner.url}/export?format=pdf", headers=owner.headers)).status_code == 422


async def test_erasing_leaves_nothing_but_the_request(owner: Owner, session: AsyncSession, counts: Counts) -> None:
    await session.execute(
        text("CREATE TABLE IF NOT EXISTS rasa.events (id serial PRIMARY KEY, sender_id text, data text)")
    )
    rows = [{"id": owner.id}, {"id": str(uuid.uuid4())}]
    await session.execute(text("INSERT INTO rasa.events (sender_id, data) VALUES (:id, 'horaires')"), rows)
    await session.commit()
    await owner.say("on me frappe au collège, rue des Lilas")
    await owner.feedback((await owner.history())[1]["id"], useful=True)
    response = await owner.client.delete(owner.url, headers=owner.headers)
    assert response.status_code == 204
    found = await counts()
    assert (found["conversations"], found["messages"], found["tickets"]) == (0, 0, 1)
    assert await kept(session, "message_feedback") == []
    assert [r["sender_id"] for r in await kept(session, "rasa.events")] == [rows[1]["id"]]
    (ticket,) = await kept(session, "tickets")
    assert (ticket["transcript"], ticket["conversation_id"]) == ([], None)
    assert "Lilas" not in str(ticket)
    assert ticket["triage"]["decision"] == "safety"
    for gone in (
        await owner.client.delete(owner.url, headers=owner.headers),
        await owner.client.get(f"{owner.url}/messages", headers=owner.headers),
        await owner.client.post(f"{owner.url}/messages", json={"text": "bonjour"}, headers=owner.headers),
    ):
        assert gone.status_code == 404
    await session.execute(text("DROP TABLE rasa.events"))
    await session.commit()


@pytest.mark.parametrize("token", ["", "Bearer faux"])
async def test_nobody_else_copies_or_erases(owner: Owner, counts: Counts, token: str) -> None:
    before = await counts()
    headers = {"Authorization": token} if token else {}
    assert (await owner.client.get(f"{owner.url}/export", headers=headers)).status_code == 401
    assert (await owner.client.delete(owner.url, headers=headers)).status_code == 401
    for unknown in (uuid.uuid4(), "pas-un-id"):
        response = await owner.client.delete(f"/v1/conversations/{unknown}", headers=owner.headers)
        assert response.status_code == 404
    assert await counts() == before


async def aged(session: AsyncSession, days: int, *, by: str | None = None, message_days: int = 0) -> None:
    """The last turn is so many days old; so are all messages but, if there is one, the last, of this author."""
    await session.execute(
        text("UPDATE conversations SET updated_at = now() - make_interval(days => :days)"), {"days": days}
    )
    await session.execute(text("UPDATE messages SET created_at = now() - make_interval(days => :days)"), {"days": days})
    if by is not None:
        await session.execute(
            text(
                "INSERT INTO messages (conversation_id, author, kind, text, payload, created_at)"
                " SELECT id, :by, 'message', 'Bonjour', '{}', now() - make_interval(days => :days) FROM conversations"
            ),
            {"by": by, "days": message_days},
        )
    await session.commit()


@pytest.mark.parametrize(("days", "status"), [(6, 200), (8, 404)])
async def test_a_conversation_is_resumed_for_seven_days(
    owner: Owner, session: AsyncSession, days: int, status: int
) -> None:
    await aged(session, days)
    assert (await owner.client.get(f"{owner.url}/messages", headers=owner.headers)).status_code == status
    for _ in range(2):
        written = await owner.client.post(f"{owner.url}/messages", json={"text": "bonjour"}, headers=owner.headers)
        assert written.status_code == status, "writing to one that is too old does not make it young"


@pytest.mark.parametrize("author", ["operator", "learner", "assistant"])
async def test_seven_days_from_the_last_message_of_anybody(owner: Owner, session: AsyncSession, author: str) -> None:
    """With a person the assistant has no turn: what the two write counts as well."""
    await aged(session, 30, by=author, message_days=6)
    assert (await owner.client.get(f"{owner.url}/messages", headers=owner.headers)).status_code == 200
    await aged(session, 30, by=author, message_days=8)
    assert (await owner.client.get(f"{owner.url}/messages", headers=owner.headers)).status_code == 404
