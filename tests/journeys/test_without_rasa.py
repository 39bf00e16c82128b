"""Safety in any state, and the dialogue while Rasa is down and after it is back."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import psycopg
import pytest
from sqlalchemy import make_url

from tests.journeys.conftest import Learner, Rasa, await_until, new_learner
from tests.journeys.test_requests import PARENT, send

pytestmark = pytest.mark.rasa


def tickets(database_url: str, learner: Learner) -> list[tuple[str, int]]:
    url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        query = "SELECT service_type, priority FROM tickets WHERE conversation_id = %s"
        return connection.execute(query, (learner.id,)).fetchall()


def contacts(database_url: str, learner: Learner) -> list[tuple[str | None, str | None]]:
    url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        query = "SELECT contact_email, contact_phone FROM tickets WHERE conversation_id = %s"
        return connection.execute(query, (learner.id,)).fetchall()


def is_back(http: httpx.Client) -> bool:
    learner = new_learner(http)
    learner.say("vos horaires ?")
    return learner.kinds == ["answer", "smalltalk"]  # without Rasa nobody asks whether it helped


@pytest.fixture
def broken(rasa: Rasa, http: httpx.Client) -> Iterator[Rasa]:
    """Rasa, killed; started again afterwards, and the service has noticed."""
    yield rasa
    if rasa.process is None or rasa.process.poll() is not None:
        rasa.start()
    await_until(lambda: is_back(http), "the dialogue is back", within_s=30)


def test_safety_answers_at_once_and_opens_one_priority_ticket(learner: Learner, journey_database: str) -> None:
    learner.say("mon père me frappe")
    assert learner.kinds[0] == "safety"
    assert "112" in learner.text
    assert "119" in learner.text
    learner.say("il me frappe encore")
    assert learner.kinds[0] == "safety"
    assert tickets(journey_database, learner) == [("souffrance_harcelement", 0)]
    learner.say("06 12 34 56 78")
    assert learner.kinds == ["safety"]
    assert contacts(journey_database, learner) == [(None, "+33612345678")]


def test_safety_in_the_middle_of_a_form_which_stays(learner: Learner, journey_database: str) -> None:
    learner.say("Mon colis n'est pas arrivé")
    asked = learner.last[-1]["asks"]
    learner.say("j'ai envie de mourir")
    assert learner.kinds[0] == "safety"
    assert "3114" in learner.text
    learner.say("parent" if asked == "demandeur" else "passer")
    assert learner.last[-1]["kind"] == "question"
    learner.answer_form(PARENT)
    send(learner)
    assert sorted(t for t, _ in tickets(journey_database, learner)) == ["souffrance_harcelement", "supports_colis"]


def test_rasa_killed_in_mid_conversation_then_back(
    http: httpx.Client, learner: Learner, broken: Rasa, journey_database: str
) -> None:
    learner.say("Mon colis n'est pas arrivé")
    learner.say("parent")
    asked = learner.last[-1]["asks"]
    broken.kill()
    learner.say("12 rue des Lilas")
    assert learner.kinds == ["handoff"]
    assert "/demande" in learner.text
    learner.say("vos horaires ?")
    assert learner.kinds == ["answer"]
    learner.say("une bourse ?")
    assert learner.kinds == ["choices"]
    learner.say("2")
    assert learner.kinds == ["answer"]
    learner.say("on me harcele tous les jours")
    assert learner.kinds[0] == "safety"
    assert ("souffrance_harcelement", 0) in tickets(journey_database, learner)
    broken.start()
    await_until(lambda: is_back(http), "the dialogue is back", within_s=30)
    learner.say("bonjour")
    assert learner.last[-1]["asks"] == asked
    learner.answer_form(PARENT)
    assert send(learner)["service_type"] == "supports_colis"


def test_no_text_of_learners_in_the_logs_of_rasa(learner: Learner, rasa: Rasa) -> None:
    learner.say("une phrase très reconnaissable")
    learner.say("/une barre très reconnaissable")
    assert "reconnaissable" not in rasa.log.read_text(errors="replace")


def test_rasa_keeps_no_contact(learner: Learner, journey_database: str) -> None:
    learner.say("Mon colis n'est pas arrivé")
    learner.answer_form(PARENT)
    send(learner)
    url = make_url(journey_database).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        kept = connection.execute("SELECT data FROM rasa.events WHERE sender_id = %s", (learner.id,)).fetchall()
        written = connection.execute("SELECT text, payload::text FROM messages").fetchall()
    assert len(kept) > 20
    assert not any(PARENT["contact"] in row[0] for row in kept)
    assert not any(PARENT["contact"] in text or PARENT["contact"] in payload for text, payload in written)
