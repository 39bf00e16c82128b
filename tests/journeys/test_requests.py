"""The request form, from the first sentence to the ticket."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.journeys.conftest import Learner

pytestmark = pytest.mark.rasa

PARENT = {
    "demandeur": "parent",
    "adresse": "12 rue des Lilas, Rouen",
    "contenu_manquant": "le livre de maths",
    "nom_eleve": "Jeanne Martin",
    "contact": "jeanne.martin@exemple.fr",
}


def to_recap(learner: Learner, first: str = "Mon colis n'est pas arrivé") -> None:
    learner.say(first)
    assert learner.kinds == ["handoff", "question"]
    learner.answer_form(PARENT)


def send(learner: Learner) -> dict[str, object]:
    learner.say("oui")
    assert learner.kinds == ["ticket"], learner.last
    ticket: dict[str, object] = learner.last[0]["ticket"]
    return ticket


def test_request_to_ticket(learner: Learner) -> None:
    to_recap(learner)
    recap = learner.last[-1]
    assert "jeanne.martin@exemple.fr" in recap["text"]
    assert {line["field"] for line in recap["lines"]} >= {"demandeur", "contenu_manquant", "contact"}
    ticket = send(learner)
    assert ticket["service_type"] == "supports_colis"
    assert ticket["team"] == "production"
    assert str(ticket["reference"]) in learner.text
    assert ticket["fields"]["contenu_manquant"] == "le livre de maths"  # type: ignore[index]
    learner.say("vos horaires ?")
    assert learner.kinds[0] == "answer"


def test_contact_is_masked_in_the_history(learner: Learner) -> None:
    to_recap(learner)
    said = [m["text"] for m in learner.history() if m["author"] == "learner"]
    assert "[COURRIEL]" in said
    assert not any("jeanne.martin@" in text for text in said)


def test_what_was_said_is_not_asked(learner: Learner) -> None:
    learner.say("Mon colis de 6e n'est pas arrivé, écrivez-moi à paul@exemple.fr")
    asked = []
    for _ in range(12):
        if "summary" in learner.kinds:
            break
        asked.append(learner.last[-1]["asks"])
        learner.say(PARENT.get(asked[-1], "passer"))
    assert "contact" not in asked
    assert "niveau" not in asked
    assert len(asked) == len(set(asked))


def test_faq_question_in_the_middle_is_answered_and_the_form_resumes(learner: Learner) -> None:
    learner.say("Mon colis n'est pas arrivé")
    asked = learner.last[-1]["asks"]
    learner.say("Au fait, quels sont vos horaires ?")
    assert learner.kinds == ["answer", "question"]
    assert learner.last[-1]["asks"] == asked
    learner.answer_form(PARENT)
    assert send(learner)["service_type"] == "supports_colis"


@pytest.mark.parametrize("text", ["bonjour", "merci", "bande de nuls", "how can i do this", "tu es un robot ?"])
def test_small_talk_in_the_middle_keeps_the_question(learner: Learner, text: str) -> None:
    learner.say("Mon colis n'est pas arrivé")
    asked = learner.last[-1]["asks"]
    learner.say(text)
    assert learner.kinds == ["smalltalk", "question"]
    assert learner.last[-1]["asks"] == asked


def test_cancel_is_not_taken_as_a_value(learner: Learner) -> None:
    learner.say("Mon colis n'est pas arrivé")
    learner.say("annule")
    assert learner.kinds == ["smalltalk"]
    assert "rien n'a été envoyé" in learner.text
    learner.say("vos horaires")
    assert learner.kinds[0] == "answer"


def test_skip_and_a_field_that_can_not_be_skipped(learner: Learner) -> None:
    learner.say("Mon colis n'est pas arrivé")
    learner.answer_form({k: v for k, v in PARENT.items() if k != "contact"} | {"contact": "passer"}, until="question")
    while learner.last[-1].get("asks") != "contact":
        learner.say(PARENT.get(learner.last[-1]["asks"], "passer"))
    learner.say("passer")
    assert learner.last[-1]["asks"] == "contact"
    learner.say("06 12 34 56 78")
    assert "summary" in learner.kinds


def test_correction_at_the_recap(learner: Learner) -> None:
    to_recap(learner, "Un handicap pour mon fils en 6e")
    assert "6e" in learner.text
    learner.say("non, c'est en 4e")
    assert learner.kinds == ["smalltalk", "summary"]
    assert "4e" in learner.last[-1]["text"]
    assert send(learner)["fields"]["niveau"] == "4e"  # type: ignore[index]


def test_modify_then_name_the_line(learner: Learner) -> None:
    to_recap(learner, "Un handicap pour mon fils en 6e")
    learner.say("modifier")
    assert learner.kinds == ["smalltalk"]
    assert "Classe ou niveau" in [option["title"] for option in learner.last[0]["options"]]
    learner.say("la classe")
    assert learner.last[-1]["asks"] == "niveau"
    learner.say("4e")
    assert learner.kinds == ["summary"]
    assert "4e" in learner.text


def test_change_of_subject_keeps_what_serves(learner: Learner) -> None:
    learner.say("Mon colis n'est pas arrivé")
    learner.say("parent")
    learner.say("En fait je veux un remboursement")
    assert learner.kinds == ["smalltalk", "question"]
    assert learner.last[-1]["asks"] not in ("demandeur", "adresse")
    learner.answer_form(PARENT)
    assert send(learner)["service_type"] == "annulation_changement"


def test_person_asked_for(learner: Learner) -> None:
    learner.say("Je veux parler à quelqu'un")
    assert learner.kinds == ["handoff", "question"]
    learner.say("je veux parler à une personne")
    assert learner.kinds == ["handoff", "question"]
    learner.answer_form(PARENT | {"sujet": "une question sur la cantine"})
    assert send(learner)["team"] == "crc"


def test_person_after_an_answer_keeps_its_subject(learner: Learner) -> None:
    learner.say("un certificat ?")
    learner.say("je veux parler à quelqu'un")
    learner.answer_form(PARENT)
    assert send(learner)["service_type"] == "certificats_bulletins"


def test_the_same_message_twice_opens_one_ticket(learner: Learner) -> None:
    to_recap(learner)
    first = learner.say("oui", client_message_id="m-1")
    again = learner.say("oui", client_message_id="m-1")
    assert first == again
    assert len([m for m in learner.history() if m["kind"] == "ticket"]) == 1
    learner.say("oui")
    assert "ticket" not in learner.kinds


def test_concurrent_messages_are_answered_one_after_the_other(learner: Learner) -> None:
    to_recap(learner)

    def confirm(n: int) -> list[str]:
        response = learner.http.post(
            f"/v1/conversations/{learner.id}/messages", json={"text": "oui"}, headers=learner.headers
        )
        return [m["kind"] for m in response.json()["messages"]]

    with ThreadPoolExecutor(4) as pool:
        kinds = [kind for found in pool.map(confirm, range(4)) for kind in found]
    assert kinds.count("ticket") == 1


def test_long_conversations_stay_right(learner: Learner) -> None:
    for turn in range(12):
        learner.say("vos horaires" if turn % 2 else "bonjour")
    learner.say("Mon colis n'est pas arrivé")
    for _ in range(8):
        learner.say("vos horaires ?")
        assert learner.kinds == ["answer", "question"]
    learner.answer_form(PARENT)
    assert send(learner)["service_type"] == "supports_colis"
