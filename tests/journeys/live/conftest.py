"""A Monday morning on the service's clock, agents at their desks, a learner on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.fakes import HandClock
from tests.journeys.browser.browsing import PHONE, Visit, visit
from tests.journeys.live.agents import MONDAY, Agents, database


@pytest.fixture(autouse=True)
def monday(journey_clock: HandClock, journey_database: str, service: str) -> Iterator[HandClock]:
    """A Monday morning, with an empty queue."""
    journey_clock.at(MONDAY)
    yield journey_clock
    journey_clock.at(None)
    with database(journey_database) as connection:
        connection.execute("DELETE FROM live_handovers; DELETE FROM live_presences; DELETE FROM live_alarms")


@pytest.fixture
def agents(browser: Browser, service: str, journey_database: str) -> Agents:
    return Agents(browser, service, journey_database)


@pytest.fixture
def learner(browser: Browser, service: str) -> Iterator[Visit]:
    """On a phone."""
    with visit(browser, service, PHONE, has_touch=True) as there:
        there.open()
        yield there
