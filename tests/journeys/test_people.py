"""Whole conversations, as different people hold them. Each was once answered wrongly, coldly or without end."""

from __future__ import annotations

import httpx
import pytest

from tests.journeys.conftest import Learner, new_learner
from tests.journeys.test_requests import PARENT, send, to_recap

pytestmark = pytest.mark.rasa

PARCEL = "Mon colis n'est pas arrivé"


def at_question(learner: Learner, asks: str, first: str = PARCEL) -> None:
    """A request, brought to the question `asks`."""
    learner.say(first)
    for _ in range(10):
        if learner.last[-1].get("asks") == asks:
            return
        learner.say(PARENT.get(learner.last[-1]["asks"], "passer"))
    pytest.fail(f"{asks} is never asked")


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("la mère", "Parent"),
        ("moi", "Élève"),
        ("c'est pour mon fils", "Parent"),
        ("élève", "Élève"),
        ("jsui le papa", "Parent"),
        ("prof", "Établissement"),
        ("je suis sa grand-mère", "Autre personne"),
        ("étudiante", "Adulte"),
    ],
)
def test_who_is_writing_in_their_own_words(learner: Learner, text: str, who: str) -> None:
    learner.say(PARCEL)
    learner.say(text)
    assert learner.last[-1]["asks"] == "adresse"
    learner.answer_form(PARENT)
    assert f"Demandeur : {who}" in learner.text


@pytest.mark.parametrize(
    "text", ["je l'ai pas", "aucune idée", "connais pas", "jsp", "non", "je ne l'ai pas sous la main"]
)
def test_a_number_that_people_do_not_have_is_passed(learner: Learner, text: str) -> None:
    at_question(learner, "identifiant")
    learner.say(text)
    assert learner.last[-1]["asks"] == "contact"


@pytest.mark.parametrize(
    "text", ["comment ça se passe ensuite ?", "envoyez la demande", "Quel nom voulez-vous exactement, le mien ?", "oui"]
)
def test_a_sentence_is_no_name(learner: Learner, text: str) -> None:
    at_question(learner, "nom_eleve")
    learner.say(text)
    assert learner.last[-1]["asks"] == "nom_eleve"


def test_a_contact_given_at_another_question_is_kept_and_the_question_asked_again(learner: Learner) -> None:
    at_question(learner, "nom_eleve")
    learner.say("lea@exemple.fr")
    assert learner.kinds == ["smalltalk", "question"]
    assert learner.last[-1]["asks"] == "nom_eleve"
    learner.say("Léa Martin et mon tel c'est 06 12 34 56 78")
    assert learner.last[-1]["asks"] == "identifiant"
    learner.say("passer")
    assert learner.kinds == ["smalltalk", "summary"]
    assert "lea@exemple.fr" in learner.text
    assert "Léa Martin\n" in learner.text


def test_why_and_what_are_answered_and_never_taken_as_values(learner: Learner) -> None:
    learner.say(PARCEL)
    learner.say("mais pourquoi vous demandez ça ?")
    assert "aide" in learner.last[0]["text"]
    learner.say("je comprends pas")
    assert learner.last[-1]["asks"] == "demandeur"
    learner.say("parent")
    assert learner.last[-1]["asks"] == "adresse"


def test_who_is_writing_said_one_question_too_late(learner: Learner) -> None:
    learner.say(PARCEL)
    learner.say("passer")
    learner.say("je suis la mère")
    assert learner.last[-1]["asks"] == "adresse"
    learner.answer_form(PARENT)
    assert "Demandeur : Parent" in learner.text


@pytest.mark.parametrize(
    "text",
    [
        "non c'est en 4e",
        "la classe : 4e",
        "le niveau c'est 4e",
        "je me suis trompée, elle est en 4e",
        "pas 6e, 4e",
        "remplacer 6e par 4e",
        "c'est 4e au lieu de 6e",
        "erreur sur la classe, c'est la 4e",
        "en fait elle est en quatrième",
        "4e",
    ],
)
def test_a_correction_at_the_recap_however_it_is_said(learner: Learner, text: str) -> None:
    to_recap(learner, "Un handicap pour ma fille en 6e")
    learner.say(text)
    assert learner.kinds == ["smalltalk", "summary"]
    assert "Classe ou niveau : 4e" in learner.text


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("le niveau", "niveau"),
        ("je veux changer la classe", "niveau"),
        ("le niveau est faux", "niveau"),
        ("changer le mail", "contact"),
        ("mon adresse mail n'est pas bonne", "contact"),
        ("y a une faute dans le nom", "nom_eleve"),
        ("le prénom", "nom_eleve"),
    ],
)
def test_a_line_named_is_asked_again(learner: Learner, text: str, field: str) -> None:
    to_recap(learner, "Un handicap pour ma fille en 6e")
    learner.say(text)
    assert learner.last[-1]["asks"] == field


def test_a_name_is_corrected_by_citing_it(learner: Learner) -> None:
    to_recap(learner)
    learner.say("c'est pas Martin c'est Morel")
    assert "Jeanne Morel" in learner.text


def test_a_correction_in_the_middle_of_the_form(learner: Learner) -> None:
    learner.say("Un handicap, je suis en 6e")
    asked = learner.last[-1]["asks"]
    learner.say("je me suis trompé c'est ma fille")
    assert learner.kinds == ["smalltalk", "question"]
    assert learner.last[-1]["asks"] == asked
    learner.say("non c'est en 4e")
    learner.answer_form(PARENT)
    assert "Demandeur : Parent" in learner.text
    assert "niveau : 4e" in learner.text


def test_modify_in_the_middle_offers_the_lines_then_goes_on(learner: Learner) -> None:
    at_question(learner, "contenu_manquant")
    learner.say("je veux modifier")
    assert learner.kinds == ["smalltalk"]
    assert [o["title"] for o in learner.last[0]["options"]] == ["Demandeur", "Adresse d'envoi"]
    learner.say("rien")
    assert learner.last[-1]["asks"] == "contenu_manquant"


@pytest.mark.parametrize(
    "text",
    [
        "oui",
        "ok envoyez",
        "c'est bon",
        "vas-y",
        "parfait merci",
        "👍",
        "oui c'est bon",
        "vous pouvez envoyer",
        "Oui, envoyer",
    ],
)
def test_every_yes_sends(learner: Learner, text: str) -> None:
    to_recap(learner)
    learner.say(text)
    assert learner.kinds == ["ticket"]
    learner.say("merci")
    assert learner.kinds == ["smalltalk"]
    learner.say("suivi")
    assert learner.kinds == ["ticket"]


def test_a_request_confirmed_twice_is_said_to_be_sent(learner: Learner) -> None:
    to_recap(learner)
    reference = str(send(learner)["reference"])
    learner.say("ok envoyez")
    assert learner.kinds == ["smalltalk"]
    assert reference in learner.text


def test_thanks_and_remarks_at_the_recap_send_nothing_and_lose_nothing(learner: Learner) -> None:
    to_recap(learner)
    learner.say("merci")
    assert learner.kinds == ["smalltalk", "summary"]
    learner.say("ajoutez que c'est urgent")
    assert learner.kinds == ["smalltalk", "summary"]
    send(learner)


def test_leaving_a_request_for_a_question_keeps_the_person(learner: Learner) -> None:
    learner.say(PARCEL)
    learner.say("parent")
    learner.say("en fait c'est pour autre chose : quels sont vos horaires ?")
    assert learner.kinds == ["smalltalk", "answer", "smalltalk"]
    learner.say("non")
    learner.say("oui")
    assert learner.last[-1]["asks"] != "demandeur"


def test_another_subject_without_saying_which(learner: Learner) -> None:
    at_question(learner, "contenu_manquant")
    learner.say("c'est pour autre chose")
    assert learner.kinds == ["smalltalk"]
    learner.say("vos horaires ?")
    assert learner.kinds == ["answer", "smalltalk"]


def test_facts_of_the_first_message_are_not_asked(learner: Learner) -> None:
    learner.say("je suis la maman de Léo Petit en 4e, dossier 2024-558, colis pas reçu")
    asked = []
    while learner.kinds[-1] == "question":
        asked.append(learner.last[-1]["asks"])
        learner.say(PARENT.get(asked[-1], "passer"))
    assert not {"demandeur", "niveau", "identifiant", "nom_eleve"} & set(asked)
    assert "Léo Petit" in learner.text
    assert "2024-558" in learner.text


def test_asking_twice_for_a_person_shortens_the_form(learner: Learner) -> None:
    learner.say(PARCEL)
    learner.say("je veux parler à quelqu'un")
    learner.say("je veux parler à quelqu'un")
    assert learner.last[-1]["asks"] == "contact"
    learner.say("06 12 34 56 78")
    assert "summary" in learner.kinds


def test_after_a_safety_message_the_form_waits(learner: Learner) -> None:
    at_question(learner, "adresse")
    learner.say("j'ai envie de mourir")
    learner.say("ok")
    assert learner.kinds == ["smalltalk", "question"]
    assert "gardée" in learner.last[0]["text"]
    learner.say("j'ai envie de mourir")
    learner.say("06 12 34 56 78")
    assert learner.kinds == ["safety", "question"]


def test_a_reference_with_a_wrong_character_then_the_way_out(learner: Learner) -> None:
    learner.say("où en est ma demande ?")
    texts = set()
    for wrong in ("K7M4-2PQX", "ABCD-1234"):
        learner.say(wrong)
        assert learner.kinds == ["smalltalk", "question"]
        texts.add(learner.last[0]["text"])
    assert len(texts) == 2
    learner.say("K7M4")
    assert learner.kinds == ["handoff"]
    assert "05 49 49 94 94" in learner.text
    learner.say("oui")
    assert learner.last[-1]["kind"] == "question"


def test_a_lost_reference_leads_to_a_person_at_once(learner: Learner) -> None:
    learner.say("où en est ma demande ?")
    learner.say("je ne la retrouve pas")
    assert learner.kinds == ["handoff"]
    learner.say("non merci")
    assert learner.kinds == ["smalltalk"]


@pytest.mark.parametrize("order", [("{mail}", "{ref}"), ("{ref} {mail}",), ("c'est {ref}, mon mail est {mail}",)])
def test_reference_and_contact_in_any_order(http: httpx.Client, learner: Learner, order: tuple[str, ...]) -> None:
    to_recap(learner)
    reference = str(send(learner)["reference"])
    other = new_learner(http)
    other.say("suivi")
    for text in order:
        other.say(text.format(mail=PARENT["contact"], ref=reference))
    assert other.kinds == ["ticket"]
    assert other.last[0]["ticket"]["reference"] == reference


def test_reference_and_contact_as_the_first_words(http: httpx.Client, learner: Learner) -> None:
    to_recap(learner)
    reference = str(send(learner)["reference"])
    other = new_learner(http)
    other.say(f"{reference} {PARENT['contact']}")
    assert other.kinds == ["ticket"]


def test_the_same_answer_is_not_given_twice_in_a_row(learner: Learner) -> None:
    learner.say("vos horaires ?")
    learner.say("oui mais les horaires du samedi ?")
    assert learner.kinds == ["handoff"]
    learner.say("oui")
    assert learner.last[-1]["kind"] == "question"


def test_help_asked_for_after_hello_is_not_greeted_again(learner: Learner) -> None:
    learner.say("bonjour")
    learner.say("j'ai un problème")
    assert "Bonjour" not in learner.text


def test_yes_to_the_english_sentence_brings_a_person(learner: Learner) -> None:
    learner.say("please help me with my son")
    learner.say("yes")
    assert learner.last[-1]["kind"] == "question"
