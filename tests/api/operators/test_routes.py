"""Signing in over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx

from tests.conftest import Account, Counts

MakeAccount = Callable[..., Awaitable[Account]]


async def test_open_then_close_a_session(client: httpx.AsyncClient, account: MakeAccount) -> None:
    made = await account("superviseur")
    opened = await client.post("/v1/sessions", json={"login": made.login, "password": made.password})
    assert opened.status_code == 201
    assert opened.json()["role"] == "superviseur"
    headers = {"Authorization": f"Bearer {opened.json()['token']}"}
    assert (await client.get("/v1/tickets", headers=headers)).status_code == 200
    assert (await client.delete("/v1/sessions", headers=headers)).status_code == 204
    assert (await client.get("/v1/tickets", headers=headers)).status_code == 401


async def test_a_wrong_password_is_counted_then_slowed(
    client: httpx.AsyncClient, account: MakeAccount, counts: Counts
) -> None:
    made = await account()
    for n in range(5):
        refused = await client.post("/v1/sessions", json={"login": made.login, "password": "faux"})
        assert refused.status_code == 401
        assert (await counts())["login_attempts"] == n + 1
    slowed = await client.post("/v1/sessions", json={"login": made.login, "password": made.password})
    assert slowed.status_code == 429
    assert int(slowed.headers["retry-after"]) > 0


async def test_refusals_write_nothing(client: httpx.AsyncClient, counts: Counts) -> None:
    for body in ({"login": "lea"}, {"login": "", "password": "x"}, {"login": "lea", "password": "x", "role": "a"}):
        assert (await client.post("/v1/sessions", json=body)).status_code == 422
    assert set((await counts()).values()) == {0}
