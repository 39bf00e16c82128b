"""POST /v1/triage."""

from __future__ import annotations

import httpx
import pytest

from knowledge.decisions import Context
from tests.conftest import Counts
from tests.fakes import FakeEngine


@pytest.mark.parametrize("said", ["Quels sont vos horaires ?", "Mon colis est perdu, anne@exemple.fr", "x " * 300])
async def test_it_is_the_decision_of_the_engine(client: httpx.AsyncClient, engine: FakeEngine, said: str) -> None:
    response = await client.post("/v1/triage", json={"text": said})
    assert response.status_code == 200
    assert response.json() == engine.decide(said.strip(), Context()).to_dict()


async def test_refusals_and_successes_write_nothing(client: httpx.AsyncClient, counts: Counts) -> None:
    for body, status in (
        ({"text": "Je veux mourir"}, 200),
        ({"text": ""}, 422),
        ({"text": "a", "x": 1}, 422),
        ({}, 422),
    ):
        assert (await client.post("/v1/triage", json=body)).status_code == status
    assert set((await counts()).values()) == {0}
