"""Typed messages as the page shows them, and the input that each question gets."""

from __future__ import annotations

from typing import Any

import pytest

from api.pages import render
from api.widget.bubbles import exchange_of
from api.widget.composer import composer_for, what_was_sent
from api.widget.contexts import ExchangePart, GuidedPart
from api.widget.levels import LEVELS, VALUES
from api.widget.rendering import TEMPLATES
from api.widget.rich_text import Span, calls, calm, untouched, written
from knowledge.answers import read_answer
from knowledge.page_words import load_page_words
from knowledge.replies import load_replies
from tests.api.widget.conftest import Page
from tests.fakes import catalogue

NASTY = "<img src=x onerror=alert(1)>"


def question(asks: str, **more: Any) -> dict[str, Any]:
    return {"author": "assistant", "kind": "question", "text": "Laquelle ?", "asks": asks, **more}


WORDS = load_page_words()


def shown(*messages: dict[str, Any]) -> str:
    return render(TEMPLATES, "echange.html", ExchangePart(exchange_of(messages, catalogue(), WORDS), "id", WORDS))


def guided(*messages: dict[str, Any]) -> Page:
    return Page(render(TEMPLATES, "saisie.html", GuidedPart(composer_for(messages, catalogue()))))


@pytest.mark.parametrize(
    ("asks", "ids"),
    [
        ("date_courrier", [("valeur", "date")]),
        ("niveau", [("valeur", None)]),
        ("financeur", [("valeur", None)]),
        ("contact", [("courriel", "email"), ("telephone", "tel")]),
        ("nom", []),
        ("demandeur", []),
        ("reference", []),
    ],
)
def test_each_question_has_its_input_and_free_text(asks: str, ids: list[tuple[str, str | None]]) -> None:
    page = guided(question(asks))
    assert [(f["id"], f.get("type")) for f in page.fields] == ids
    assert {i for i, _ in ids} <= page.labelled
    composer = composer_for([question(asks)], catalogue())
    assert composer.label == ("Ou répondez avec vos mots" if ids else "Votre réponse")


def test_no_question_no_input() -> None:
    assert guided({"author": "assistant", "kind": "smalltalk", "text": "Bonjour."}).fields == []
    assert composer_for([], catalogue()).label == "Votre message"


@pytest.mark.parametrize("level", sorted(VALUES))
def test_every_level_of_the_list_is_understood(level: str) -> None:
    assert read_answer(catalogue().fields["niveau"], level) == level


@pytest.mark.parametrize("field", [f for f in catalogue().fields.values() if f.kind == "choix"], ids=lambda f: f.id)
def test_every_choice_of_a_list_is_understood(field: Any) -> None:
    for value, label in field.choices:
        assert read_answer(field, label) == value


def test_the_select_takes_the_place_of_buttons_and_passing_stays() -> None:
    labels = [label for _, label in catalogue().fields["financeur"].choices] + ["Passer"]
    options = [{"title": label, "text": label} for label in labels]
    assert Page(shown(question("financeur", options=options))).buttons == ["Passer"]
    few = [{"title": "Élève", "text": "Élève"}]
    assert Page(shown(question("demandeur", options=few))).buttons == ["Élève"]


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"choice": "Oui", "text": "brouillon"}, "Oui"),
        ({"text": "deux\nlignes"}, "deux\nlignes"),
        ({"text": "", "value": "2026-11-03"}, "03/11/2026"),
        ({"text": "le matin", "value": "2026-11-03"}, "03/11/2026, le matin"),
        ({"text": "", "value": "6e"}, "6e"),
        ({"text": "", "email": "a@b.fr", "phone": "06 12 34 56 78"}, "a@b.fr, 06 12 34 56 78"),
        ({"text": "  "}, "  "),
        ({"text": "", "choice": " "}, ""),
    ],
)
def test_what_a_form_sends(sent: dict[str, str], message: str) -> None:
    assert what_was_sent(**{"choice": "", "text": "", **sent}).strip() == message.strip()


def test_only_the_last_turn_has_buttons() -> None:
    offer = {
        "author": "assistant",
        "kind": "choices",
        "text": "Laquelle ?",
        "choices": [{"id": "a", "question": "A ?"}],
        "options": [{"title": "Aucune", "text": "Aucune"}],
    }
    learner = {"author": "learner", "kind": "message", "text": "non"}
    page = Page(shown(offer, learner, offer))
    assert page.buttons == ["A ?", "Aucune"]
    assert page.text.count("A ?") == 2


def test_a_recap_is_a_definition_list() -> None:
    recap = {
        "author": "assistant",
        "kind": "summary",
        "text": f"Voici votre demande.\n- Nom : {NASTY}\n- Classe : 4e",
        "lines": [{"field": "nom", "label": "Nom", "value": NASTY}, {"field": "n", "label": "Classe", "value": "4e"}],
        "options": [{"title": "Oui, envoyer", "text": "Oui, envoyer"}],
    }
    html = shown(recap)
    assert html.count("<dt>") == 2
    assert NASTY not in html
    assert "Voici votre demande. Nom" in Page(html).text
    assert "- Nom" not in html, "the lines are shown apart"


def test_a_ticket_shows_its_reference_apart() -> None:
    ticket = {"author": "assistant", "kind": "ticket", "text": "C'est envoyé.", "ticket": {"reference": "K7M4-2PQX"}}
    assert '<strong>K7M4-2PQX</strong>' in shown(ticket)  # fmt: skip
    assert "delai" not in shown(ticket)
    assert '<p class="delai">Répondu en 2 jours.</p>' in shown(ticket | {"delay": "Répondu en 2 jours."})


def test_a_source_links_to_the_web_only() -> None:
    article = {
        "id": "a",
        "question": NASTY,
        "answer": "",
        "certitude": "date",
        "sources": [
            {"title": "A", "year": 2024, "url": "javascript:alert(1)"},
            {"title": "B", "year": 2025, "url": "https://exemple.fr/?a=1&b=2"},
        ],
    }
    answer = {"author": "assistant", "kind": "answer", "text": "- un\n- deux\n\nFin.", "article": article}
    html = shown(answer)
    page = Page(html)
    assert page.links == ["https://exemple.fr/?a=1&b=2"]
    assert "date de 2025" in page.text
    assert "<ul><li>un</li><li>deux</li></ul>" in html
    assert NASTY not in html


def test_links_of_a_written_text() -> None:
    block = written("Appelez le 05 49 49 94 94, ou écrivez à l'adresse /demande. Voir https://www.cned.fr/aide.")[0]
    assert [s.href for s in block.lines[0] if s.href] == [
        "tel:+33549499494",
        "/demande",
        "https://www.cned.fr/aide",
    ]
    assert untouched("Appelez le 05 49 49 94 94") == (
        untouched("x")[0].__class__("paragraph", ((Span("Appelez le 05 49 49 94 94"),),)),
    )


@pytest.mark.parametrize(
    "key", ["securite_danger", "securite_harcelement", "securite_detresse", "securite_contact_recu", "securite_suite"]
)
def test_every_help_number_can_be_called(key: str) -> None:
    text = load_replies().variants[key][0]
    spans = [s for b in calm(text) for line in b.lines for s in line]
    assert not any(c.isdigit() for s in spans for c in s.text if not s.strong)
    to_press = {s.href: s.text for s in calls(text)}
    assert to_press["tel:112"] == "Appeler le 112"
    assert {s.text for s in spans if s.strong} == {str(href).partition(":")[2] for href in to_press}
    assert ("sms:114" in to_press) == ("SMS" in text)


def test_levels_are_each_there_once() -> None:
    assert len(VALUES) == sum(len(levels) for _, levels in LEVELS)
