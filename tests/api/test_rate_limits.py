"""Limits on how often: buckets that fill again, one a conversation and one an address, and a kind refusal."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from api import rate_limits
from api.rate_limits import Buckets, Limits, address_of
from api.shared_buckets import SharedBuckets
from tests.conftest import Counts


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills_again() -> None:
    clock = Clock()
    buckets = Buckets(6, clock=clock)
    assert [buckets.take("a") for _ in range(7)] == [0, 0, 0, 0, 0, 0, 10]
    assert buckets.take("b") == 0
    clock.now = 4
    assert buckets.take("a") == 6
    clock.now = 10
    assert [buckets.take("a"), buckets.take("a")] == [0, 10]
    clock.now = 1000
    assert [buckets.take("a") for _ in range(7)].count(0) == 6


def test_no_limit() -> None:
    buckets = Buckets(0)
    assert not any(buckets.take("a") for _ in range(1000))


def test_only_so_many_keys_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "KEYS_KEPT", 10)
    buckets = Buckets(5)
    for n in range(100):
        buckets.take(str(n))
    assert len(buckets._kept) == 10


@pytest.mark.parametrize(
    ("host", "key"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("", ""), ("testclient", "testclient")],
)
def test_address(host: str, key: str) -> None:
    assert address_of({"client": (host, 1)}) == key
    assert address_of({"client": None}) == ""


@pytest_asyncio.fixture
async def limited(app: FastAPI, client: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """Three messages a conversation, two openings and two tries to sign in, ten requests an address."""
    limits: Limits = app.state.limits
    former = (limits.conversation, limits.address, limits.openings, limits.sign_ins)
    limits.conversation, limits.address = Buckets(3), Buckets(10)
    limits.openings = SharedBuckets("openings", 2, lambda: app.state.statements)
    limits.sign_ins = SharedBuckets("sign-ins", 2, lambda: app.state.statements)
    yield client
    limits.conversation, limits.address, limits.openings, limits.sign_ins = former


async def test_a_conversation_that_goes_too_fast(limited: httpx.AsyncClient, counts: Counts) -> None:
    opened = (await limited.post("/v1/conversations")).json()
    url = f"/v1/conversations/{opened['id']}/messages"
    headers = {"Authorization": f"Bearer {opened['token']}"}
    sent = [await limited.post(url, json={"text": "bonjour"}, headers=headers) for _ in range(4)]
    assert [r.status_code for r in sent] == [200, 200, 200, 429]
    refused = sent[-1]
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["retry-after"] == "20"
    assert "Attendez 20 secondes" in refused.json()["detail"]
    assert (await counts())["messages"] == 6
    assert (await limited.get(url, headers=headers)).status_code == 200, "reading goes on"


async def test_an_address_that_opens_too_many(limited: httpx.AsyncClient, counts: Counts) -> None:
    sent = [await limited.post("/v1/conversations") for _ in range(3)]
    assert [r.status_code for r in sent] == [201, 201, 429]
    assert (await counts())["conversations"] == 2


@pytest.mark.parametrize("path", ["/v1/triage", "/v1/faq/search?q=horaires"])
async def test_an_address_that_asks_too_much(limited: httpx.AsyncClient, path: str) -> None:
    async def ask() -> httpx.Response:
        return await (limited.get(path) if "?" in path else limited.post(path, json={"text": "horaires"}))

    sent = [await ask() for _ in range(11)]
    assert [r.status_code for r in sent] == [200] * 10 + [429]
    for probe in ("/healthz", "/assistant", "/rasa/webhook"):
        assert (await limited.get(probe)).status_code != 429


async def test_the_page_says_it_and_keeps_what_was_typed(limited: httpx.AsyncClient, counts: Counts) -> None:
    for _ in range(5):  # one opens the conversation
        response = await limited.post("/assistant", data={"texte": "ma longue question"})
    assert response.status_code == 429
    assert "Rien n'est perdu" in response.text.replace("&#39;", "'")
    assert "ma longue question</textarea>" in response.text
    assert response.headers["retry-after"]


async def test_other_forms_get_a_page(limited: httpx.AsyncClient) -> None:
    for _ in range(11):
        response = await limited.post("/demande", data={"message": ""}, headers={"accept": "text/html"})
    assert response.status_code == 429
    assert "Attendez" in response.text


async def test_many_logins_tried_from_one_address(limited: httpx.AsyncClient, counts: Counts) -> None:
    tries = [{"login": f"personne.{n}", "password": "un mot de passe"} for n in range(3)]
    sent = [await limited.post("/v1/sessions", json=each) for each in tries]
    assert [r.status_code for r in sent] == [401, 401, 429]
    assert 1 <= int(sent[-1].headers["retry-after"]) <= 30
    assert (await counts())["login_attempts"] == 2
    form = await limited.get("/console/connexion")
    token = form.text.split('name="jeton" value="')[1].split('"')[0]
    refused = await limited.post("/console/connexion", data=tries[0] | {"jeton": token})
    assert refused.status_code == 429
    assert "Trop de tentatives depuis votre connexion" in refused.text
    assert 'value="personne.0"' in refused.text
    assert (await counts())["login_attempts"] == 2
