"""Tickets over HTTP: staff only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from api.operators.signed_in import COOKIE
from api.tickets import service
from tests.api.tickets.test_service import DRAFT
from tests.conftest import Account

MakeAccount = Callable[..., Awaitable[Account]]


async def opened(session: AsyncSession, number: int = 1) -> list[str]:
    references = []
    for n in range(number):
        ticket = await service.open_ticket(session=session, draft=replace(DRAFT, draft_key=f"b{n}"))
        references.append(ticket.reference)
        await session.commit()
    return references


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer faux"}, {"Authorization": "Basic bGVhOng="}])
async def test_nothing_for_others(client: httpx.AsyncClient, session: AsyncSession, headers: dict[str, str]) -> None:
    [reference] = await opened(session)
    for method, path, body in (
        ("GET", "/v1/tickets", None),
        ("GET", f"/v1/tickets/{reference}", None),
        ("PATCH", f"/v1/tickets/{reference}", {"status": "clos"}),
    ):
        response = await client.request(method, path, json=body, headers=headers)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
        assert reference not in response.text
    assert (await service.get_ticket(session=session, reference=reference)).status == "nouveau"


async def test_list_and_file(client: httpx.AsyncClient, session: AsyncSession, account: MakeAccount) -> None:
    references = await opened(session, 3)
    headers = (await account()).headers
    first = (await client.get("/v1/tickets", params={"limit": 2}, headers=headers)).json()
    assert [t["reference"] for t in first["tickets"]] == references[:2]
    last = (await client.get("/v1/tickets", params={"limit": 2, "after": first["next"]}, headers=headers)).json()
    assert [t["reference"] for t in last["tickets"]] == references[2:]
    assert last["next"] is None
    file = (await client.get(f"/v1/tickets/{references[0].lower()}", headers=headers)).json()
    assert file["contact"] == {"email": "anne.durand@exemple.fr", "phone": None}
    assert file["fields"] == {"niveau": "6e"}
    assert file["origins"] == {"niveau": "said", "document": "skipped"}


async def test_the_cookie_of_the_console_works_too(client: httpx.AsyncClient, account: MakeAccount) -> None:
    client.cookies.set(COOKIE, (await account()).token)
    assert (await client.get("/v1/tickets")).json() == {"tickets": [], "next": None}


async def test_change_of_status(client: httpx.AsyncClient, session: AsyncSession, account: MakeAccount) -> None:
    [reference] = await opened(session)
    headers = (await account()).headers
    path = f"/v1/tickets/{reference}"
    assert (await client.patch(path, json={"status": "clos"}, headers=headers)).json()["status"] == "clos"
    refused = await client.patch(path, json={"status": "resolu"}, headers=headers)
    assert refused.status_code == 409
    assert (await client.get(path, headers=headers)).json()["status"] == "clos"
    for body in ({"status": "perdu"}, {}, {"status": "clos", "team": "crc"}):
        assert (await client.patch(path, json=body, headers=headers)).status_code == 422


@pytest.mark.parametrize("reference", ["0000-0000", "rien", "%00", "é" * 80])
async def test_unknown_reference(client: httpx.AsyncClient, account: MakeAccount, reference: str) -> None:
    headers = (await account()).headers
    assert (await client.get(f"/v1/tickets/{reference}", headers=headers)).status_code == 404


@pytest.mark.parametrize(
    "params",
    [
        {"limit": 0},
        {"limit": 201},
        {"status": "perdu"},
        {"after": "x"},
        {"after": "W10"},
        {"after": "é"},
        {"after": "WzEsMiwzXQ"},
    ],
)
async def test_bad_queries(client: httpx.AsyncClient, account: MakeAccount, params: dict[str, str]) -> None:
    headers = (await account()).headers
    assert (await client.get("/v1/tickets", params=params, headers=headers)).status_code == 422


async def test_zero_bytes_in_a_search_are_no_failure(client: httpx.AsyncClient, account: MakeAccount) -> None:
    headers = (await account()).headers
    assert (await client.get("/v1/tickets?q=a%00b&team=%00", headers=headers)).status_code == 200
