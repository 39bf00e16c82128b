"""What journeys of the hand-over share: agents at their desks, and what they do there."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import make_url

from api.operators.passwords import hash_password
from api.operators.service import hash_token
from api.operators.signed_in import COOKIE
from tests.journeys.browser.browsing import DESK, Visit, visit

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=PARIS)
SUNDAY = datetime(2026, 11, 22, 10, 0, tzinfo=PARIS)


@contextmanager
def database(url: str) -> Iterator[psycopg.Connection]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        yield connection


def signed_in(url: str, name: str) -> str:
    """The session of a new staff account."""
    operator, token = uuid.uuid4(), secrets.token_urlsafe(32)
    with database(url) as connection:
        connection.execute(
            "INSERT INTO operators (id, login, name, role, password_hash) VALUES (%s, %s, %s, 'conseiller', %s)",
            (operator, f"{name.lower()}.{operator.hex[:8]}", name, hash_password("un mot de passe de test")),
        )
        connection.execute(
            "INSERT INTO operator_sessions (token_hash, operator_id, expires_at) VALUES (%s, %s, %s)",
            (hash_token(token), operator, datetime.now(UTC) + timedelta(hours=1)),
        )
    return token


class Agents:
    """Opens the agents' page for new staff accounts."""

    def __init__(self, browser: Browser, service: str, url: str) -> None:
        self.browser, self.service, self.url = browser, service, url

    @contextmanager
    def come(self, name: str, size: dict[str, int] = DESK, *, online: bool = True) -> Iterator[Visit]:
        with visit(self.browser, self.service, size) as there:
            there.context.add_cookies([{"name": COOKIE, "value": signed_in(self.url, name), "url": self.service}])
            there.open("/console/direct")
            if online:
                there.page.get_by_role("button", name="Passer en ligne").click()
                expect(there.page.locator("#r-presence")).to_contain_text("En ligne")
            yield there


def check(there: Visit) -> None:
    """No violation that axe-core finds on the page as it is."""
    there.check_axe(there.page.title())


def take(agent: Page, *, said: str = "Prendre") -> None:
    """Take the first of the queue, which came without reloading."""
    agent.locator("#r-file").get_by_role("button", name=said).first.click()
    expect(agent.locator("#ecrire")).to_be_visible()


def write(page: Page, text: str) -> None:
    page.locator("#texte").fill(text)
    page.get_by_role("button", name="Envoyer", exact=True).click()


def ask_for_a_person(learner: Visit) -> None:
    learner.press("Parler à une personne")
    expect(learner.page.locator("#direct")).to_contain_text("Position dans la file")


def focused(page: Page) -> str:
    """What the focused element says."""
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def reach(page: Page, name: str) -> None:
    """Press Tab until this button has the focus."""
    for _ in range(80):
        if focused(page) == name:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{name} can't be reached with Tab")
