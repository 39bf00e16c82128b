"""Greeting, answers, choices, what is not understood."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Learner

pytestmark = pytest.mark.rasa


def test_greeting_then_answer_then_thanks(learner: Learner) -> None:
    learner.say("Bonjour")
    assert learner.kinds == ["smalltalk"]
    learner.say("Quels sont vos horaires ?")
    assert learner.kinds == ["answer", "smalltalk"]
    article = learner.last[0]["article"]
    assert article["id"] == "horaires_telephone"
    assert article["sources"][0]["title"] == "Source de test"
    assert "question" in learner.text
    learner.say("oui")
    assert learner.kinds == ["smalltalk"]
    assert "réponse" not in learner.text.lower() or learner.text
    learner.say("merci")
    assert learner.kinds == ["smalltalk"]
    learner.say("au revoir")
    assert "revoir" in learner.text


def test_choices_picked_by_number_and_by_wording(learner: Learner) -> None:
    learner.say("Une bourse ?")
    assert learner.kinds == ["choices"]
    assert [c["id"] for c in learner.last[0]["choices"]][:2] == ["bourse_college_lycee", "bourse_etudiant_bts"]
    learner.say("la deuxième")
    assert learner.last[0]["article"]["id"] == "bourse_etudiant_bts"
    learner.say("une bourse, encore")
    learner.say("1")
    assert learner.last[0]["article"]["id"] == "bourse_college_lycee"


def test_refused_choices_offer_a_person_and_yes_begins_the_request(learner: Learner) -> None:
    learner.say("une bourse ?")
    learner.say("aucune de ces questions")
    assert learner.kinds == ["handoff"]
    learner.say("oui")
    assert learner.kinds == ["smalltalk", "question"]


def test_refused_answer_offers_a_person_and_no_is_taken(learner: Learner) -> None:
    learner.say("vos horaires ?")
    learner.say("non")
    assert learner.kinds == ["handoff"]
    learner.say("non merci")
    assert learner.kinds == ["smalltalk"]


def test_two_failed_turns_lead_to_a_person(learner: Learner) -> None:
    learner.say("flibustier moutarde")
    assert learner.kinds == ["smalltalk"]
    learner.say("zigzag violet")
    assert learner.kinds == ["handoff"]
    assert "05 49 49 94 94" in learner.text
    learner.say("oui")
    assert learner.kinds[-1] == "question"


def test_an_understood_turn_clears_a_failure(learner: Learner) -> None:
    learner.say("flibustier moutarde")
    learner.say("vos horaires")
    learner.say("zigzag violet")
    assert learner.kinds == ["smalltalk"]


def test_out_of_scope(learner: Learner) -> None:
    learner.say("je voudrais une pizza")
    assert learner.kinds == ["out_of_scope"]


def test_english_gets_one_sentence_and_goes_on(learner: Learner) -> None:
    learner.say("how can i register my son")
    assert "French" in learner.text
    learner.say("how can i register my son")
    assert "French" not in learner.text
    learner.say("vos horaires")
    assert learner.kinds[0] == "answer"


def test_insults_are_met_calmly(learner: Learner) -> None:
    learner.say("bande de nuls")
    assert learner.kinds == ["smalltalk"]
    assert "!" not in learner.text


@pytest.mark.parametrize("text", ["/restart", "/start", "/back", "  /affirm{}", "/"])
def test_a_leading_slash_is_plain_text(learner: Learner, text: str) -> None:
    learner.say("une bourse ?")
    learner.say(text)
    assert learner.last[0]["kind"] in ("smalltalk", "handoff", "out_of_scope")
    assert learner.history()[-2]["text"] == text.strip()
    learner.say("vos horaires")
    assert learner.kinds[0] == "answer"


def test_slash_and_a_real_question(learner: Learner) -> None:
    learner.say("/vos horaires")
    assert learner.kinds[0] == "answer"
