"""Where is my request."""

from __future__ import annotations

import httpx
import pytest

from tests.journeys.conftest import Learner, new_learner
from tests.journeys.test_requests import PARENT, to_recap

pytestmark = pytest.mark.rasa


def opened_ticket(learner: Learner) -> str:
    to_recap(learner)
    learner.say("oui")
    return str(learner.last[0]["ticket"]["reference"])


def test_status_by_reference_and_contact(http: httpx.Client, learner: Learner) -> None:
    reference = opened_ticket(learner)
    other = new_learner(http)
    other.say("Où en est ma demande ?")
    assert other.last[-1]["asks"] == "reference"
    other.say(reference.lower())
    assert other.last[-1]["asks"] == "contact"
    other.say(PARENT["contact"])
    assert other.kinds == ["ticket"]
    assert other.last[0]["ticket"]["reference"] == reference
    assert other.last[0]["ticket"]["status"] == "nouveau"


def test_the_same_answer_for_a_wrong_contact_and_an_unknown_reference(http: httpx.Client, learner: Learner) -> None:
    from api.tickets.reference import new_reference

    reference = opened_ticket(learner)
    texts = []
    for asked in (reference, new_reference()):
        other = new_learner(http)
        other.say("Où en est ma demande ?")
        other.say(asked)
        other.say("quelqu.un@exemple.fr")
        assert other.kinds == ["handoff"]
        texts.append(other.text)
    assert texts[0] == texts[1]


def test_a_bad_reference_is_asked_again_and_the_search_can_be_left(learner: Learner) -> None:
    learner.say("Où en est ma demande ?")
    learner.say("AAAA")
    assert learner.kinds == ["smalltalk", "question"]
    learner.say("vos horaires ?")
    assert learner.kinds == ["answer", "question"]
    learner.say("annuler")
    assert learner.kinds == ["smalltalk"]
    learner.say("vos horaires ?")
    assert learner.kinds == ["answer", "smalltalk"]


def test_status_in_the_middle_of_a_request_then_the_request_resumes(http: httpx.Client, learner: Learner) -> None:
    reference = opened_ticket(learner)
    other = new_learner(http)
    other.say("Mon colis n'est pas arrivé")
    asked = other.last[-1]["asks"]
    other.say("Où en est ma demande ?")
    assert other.last[-1]["asks"] == "reference"
    other.say(reference)
    other.say(PARENT["contact"])
    assert other.kinds == ["ticket", "question"]
    assert other.last[-1]["asks"] == asked
    other.say("Où en est ma demande ?")
    other.say("annuler")
    assert other.kinds == ["smalltalk", "question"]
    assert other.last[-1]["asks"] == asked
