"""The product itself, in its own process, on its trained models and the real Rasa."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from nlu.artifacts import MODELS
from tests.conftest import new_database
from tests.journeys.conftest import ROOT, TOKEN, Learner, Rasa, answers, await_until, free_port, new_learner

pytestmark = [pytest.mark.rasa, pytest.mark.models, pytest.mark.timeout(300)]

SERVICE_PYTHON = ROOT / ".venv" / "bin" / "python"
ANSWERS = {
    "demandeur": "jsui le papa",
    "adresse": "12 rue des Lilas, 76000 Rouen",
    "contenu_manquant": "le livre de maths",
    "nom": "Léo Martin",
    "nom_eleve": "Léo Martin",
    "contact": "paul.martin@exemple.fr",
}


@pytest.fixture(scope="module")
def product(
    server_url: str, rasa_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, dict[str, str]]]:
    """The service and Rasa, as they run in production; the address and the environment of the service."""
    from api.db.migrate import migrate

    if not all((MODELS / room / "manifest.json").exists() for room in ("nlu", "knowledge")):
        pytest.skip(f"no trained model in {MODELS}: run `make train`")
    port, rasa_port, folder = free_port(), free_port(), tmp_path_factory.mktemp("product")
    with new_database(server_url) as url:
        migrate(url)
        environment = os.environ | {
            "DATABASE_URL": url,
            "AIGUILLAGE_PORT": str(port),
            "AIGUILLAGE_SERVICE_URL": f"http://127.0.0.1:{port}",
            "AIGUILLAGE_RASA_URL": f"http://127.0.0.1:{rasa_port}",
            "AIGUILLAGE_RASA_TOKEN": TOKEN,
            "AIGUILLAGE_RASA_PORT": str(rasa_port),
            "AIGUILLAGE_RASA_MODEL": str(rasa_model),
        }
        command = [str(SERVICE_PYTHON), "-m", "api", "serve", "--no-migrate"]
        rasa = Rasa(rasa_port, environment, folder / "rasa.log")
        with (folder / "service.log").open("wb") as log:
            service = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=ROOT)
            try:
                await_until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "the service answers")
                rasa.start()
                yield f"http://127.0.0.1:{port}", environment
            finally:
                rasa.kill()
                service.terminate()
                service.wait(timeout=30)


@pytest.fixture(scope="module")
def client(product: tuple[str, dict[str, str]]) -> Iterator[httpx.Client]:
    """A client of the product."""
    with httpx.Client(base_url=product[0], timeout=30) as client:
        yield client


@pytest.fixture
def person(client: httpx.Client) -> Learner:
    """Somebody new."""
    return new_learner(client)


def test_a_connection_problem_in_text_message_spelling(person: Learner) -> None:
    person.say("slt jarrive pas a me conecter")
    if person.kinds[0] == "choices":
        assert "connexion_impossible" in [c["id"] for c in person.last[0]["choices"]]
        return
    assert person.last[0]["article"]["id"] == "connexion_impossible"
    person.say("non")
    assert person.kinds == ["handoff"]
    person.say("oui")
    assert person.last[-1]["kind"] == "question"


def test_a_request_to_its_ticket_and_to_the_list_of_the_advisors(
    person: Learner, client: httpx.Client, product: tuple[str, dict[str, str]]
) -> None:
    person.say("le livre de maths n'était pas dans le colis de mon fils, je veux parler à quelqu'un")
    assert person.kinds == ["handoff", "question"]
    recap = person.answer_form(ANSWERS)
    assert "paul.martin@exemple.fr" in recap["text"]
    person.say("parfait merci")
    assert person.kinds == ["ticket"]
    ticket = person.last[0]["ticket"]
    assert ticket["service_type"] == "supports_colis"
    command = [str(SERVICE_PYTHON), "-m", "api", "demo"]
    shown = subprocess.run(command, env=product[1], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    password = shown.strip().rsplit(" : ", 1)[1]
    signed = client.post("/v1/sessions", json={"login": "demo", "password": password})
    assert signed.status_code == 201, signed.text
    listed = client.get("/v1/tickets", headers={"Authorization": f"Bearer {signed.json()['token']}"})
    assert ticket["reference"] in listed.text


def test_what_is_not_asked_and_every_ordinary_word(person: Learner) -> None:
    for text in ("bonjour", "ça va ?", "merci", "tu es un robot ?"):
        person.say(text)
        assert person.kinds == ["smalltalk"], (text, person.last)
    person.say("je veux parler à quelqu'un")
    assert person.kinds == ["handoff", "question"]
    person.say("la mère")
    person.say("en fait c'est pour autre chose : je n'arrive pas à me connecter")
    assert person.last[0]["kind"] in ("smalltalk", "answer")
    assert any(m["kind"] in ("answer", "choices", "question") for m in person.last)


def test_a_wrong_reference_never_loops(person: Learner) -> None:
    person.say("où en est ma demande ?")
    assert person.last[-1]["asks"] == "reference"
    person.say("K7M4-2PQX")
    assert person.kinds == ["smalltalk", "question"]
    person.say("je ne la retrouve pas")
    assert person.kinds == ["handoff"]
