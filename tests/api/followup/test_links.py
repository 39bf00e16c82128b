"""How somebody gets the secret link of a request: once, and only of their own."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace

import httpx
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from api.tickets import service as tickets
from api.tickets.service import TicketDraft

DRAFT = TicketDraft(
    draft_key="s",
    channel="web_form",
    service_type="certificats_bulletins",
    unit="college",
    subject="Bulletin",
    transcript=[{"author": "learner", "text": "Je n'ai pas <b>reçu</b> mon bulletin, [COURRIEL]", "at": "x"}],
    contact_email="anne@exemple.fr",
)


async def test_a_request_over_http_gives_its_link_once(client: httpx.AsyncClient, app: FastAPI) -> None:
    app.state.followup_limits = None
    body = {"channel": "web_form", "text": "Mon colis n'est pas arrivé", "sender": "anne@exemple.fr"}
    first = await client.post("/v1/requests", json=body)
    again = await client.post("/v1/requests", json=body)
    assert again.json() == first.json()
    assert "link" not in again.headers
    found = re.fullmatch(r'<http://127\.0\.0\.1:8000(/suivi/[\w-]{43})>; rel="monitor"', first.headers["link"])
    assert found
    assert first.json()["ticket"]["reference"] in (await client.get(found[1])).text


async def test_a_conversation_leads_to_its_own_requests_only(
    client: httpx.AsyncClient, session: AsyncSession, app: FastAPI
) -> None:
    app.state.followup_limits = None
    mine, other = [(await client.post("/v1/conversations")).json() for _ in range(2)]
    draft = replace(DRAFT, conversation_id=uuid.UUID(mine["id"]))
    ticket = await tickets.open_ticket(session=session, draft=draft)
    await session.commit()

    async def asked(who: dict[str, str], token: str) -> httpx.Response:
        path = f"/v1/conversations/{who['id']}/tickets/{ticket.reference}/follow-up"
        return await client.post(path, headers={"Authorization": f"Bearer {token}"} if token else {})

    made = await asked(mine, mine["token"])
    assert made.status_code == 201
    path = made.json()["follow_up"].removeprefix("http://127.0.0.1:8000")
    assert ticket.reference in (await client.get(path)).text
    assert (await asked(other, other["token"])).status_code == 404
    assert (await asked(mine, other["token"])).status_code == 401
    assert (await asked(mine, "")).status_code == 401
    here = f"/assistant/suivi/{ticket.reference}"
    assert (await client.get(here)).status_code == 404
    client.cookies.set("aiguillage_conversation", f"{other['id']}.{other['token']}")
    assert (await client.get(here)).status_code == 404
    client.cookies.clear()
    client.cookies.set("aiguillage_conversation", f"{mine['id']}.{mine['token']}")
    gone = await client.get(here)
    assert gone.status_code == 303
    assert ticket.reference in (await client.get(gone.headers["location"])).text
