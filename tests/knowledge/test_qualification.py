"""Pre-qualification: never asks what is known, asks in order, skips, corrects, changes type, finds the unit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.answers import Refusal
from knowledge.corrections import find_correction
from knowledge.decisions import SafetyVerdict, Triage
from knowledge.qualification import (
    Draft,
    FieldValue,
    absorb,
    change_type,
    fill,
    from_json,
    needed,
    next_field,
    skip,
    start,
    summary,
    to_json,
    unit_of,
)
from tests.fakes import catalogue

CATALOGUE = catalogue()
PARCEL = "supports_colis"
ANSWERS = {
    "texte": "une réponse",
    "adresse": "12 rue des Lilas, Rouen",
    "recit": "une réponse",
    "nom": "Léa Martin",
    "date": "le 12 octobre",
    "choix": "1",
    "contact": "lea@exemple.fr",
    "niveau": "4e",
    "identifiant": "12345678",
    "oui_non": "oui",
}


def triage(**entities: str) -> Triage:
    return Triage("t", "t", "qualify", (), (), (), SafetyVerdict("none", 0.0), entities, None)


def filled(draft: Draft, name: str, text: str) -> Draft:
    after = fill(draft, name, text, catalogue=CATALOGUE)
    assert isinstance(after, Draft)
    return after


@pytest.mark.parametrize("service_type", sorted(CATALOGUE.types))
def test_every_type_is_asked_to_the_end_once_each(service_type: str) -> None:
    draft = start(service_type, triage=None, known={}, catalogue=CATALOGUE)
    asked: list[str] = []
    while (name := next_field(draft, CATALOGUE)) is not None:
        assert name not in asked
        asked.append(name)
        draft = filled(draft, name, ANSWERS[CATALOGUE.fields[name].kind])
    assert asked[0] == "demandeur"
    assert asked[-1] == "contact"
    assert set(CATALOGUE.types[service_type].fields) - {"niveau", "formation", "nom", "nom_eleve"} <= set(asked)


@pytest.mark.parametrize("service_type", sorted(CATALOGUE.types))
def test_skipping_everything_ends_too(service_type: str) -> None:
    draft = start(service_type, triage=None, known={}, catalogue=CATALOGUE)
    steps = 0
    while (name := next_field(draft, CATALOGUE)) is not None:
        draft = skip(draft, name)
        steps += 1
        assert steps < 30
    assert all(value == FieldValue("", "skipped") for value in draft.fields.values())


def test_what_was_said_is_never_asked() -> None:
    draft = start(
        PARCEL,
        triage=triage(qui="parent", niveau="4e", identifiant="12345678", date="hier"),
        known={"contact": "lea@exemple.fr", "inconnu": "x", "nom": ""},
        catalogue=CATALOGUE,
    )
    assert draft.fields["demandeur"] == FieldValue("parent", "deduced")
    assert draft.fields["identifiant"] == FieldValue("12345678", "said")
    assert "inconnu" not in draft.fields
    assert "nom" not in draft.fields
    assert not {"demandeur", "niveau", "identifiant", "contact"} & set(needed(PARCEL, draft.fields, CATALOGUE))


def test_known_values_win_over_those_of_the_message() -> None:
    draft = start(PARCEL, triage=triage(niveau="5e"), known={"niveau": "4e"}, catalogue=CATALOGUE)
    assert draft.fields["niveau"].value == "4e"


@pytest.mark.parametrize(
    ("who", "asked", "not_asked"),
    [
        ("parent", "nom_eleve", "nom"),
        ("tiers", "nom_eleve", "nom"),
        ("eleve", "nom", "nom_eleve"),
        ("adulte", "nom", "nom_eleve"),
    ],
)
def test_whose_file_depends_on_who_asks(who: str, asked: str, not_asked: str) -> None:
    names = needed("refus_recours", {"demandeur": FieldValue(who, "said")}, CATALOGUE)
    assert asked in names
    assert not_asked not in names


def test_level_or_training_when_the_team_is_in_the_units() -> None:
    per_unit = next(
        t.id for t in CATALOGUE.types.values() if t.per_unit and not {"niveau", "formation"} & set(t.fields)
    )
    assert "niveau" in needed(per_unit, {"demandeur": FieldValue("eleve", "said")}, CATALOGUE)
    assert "formation" in needed(per_unit, {"demandeur": FieldValue("adulte", "said")}, CATALOGUE)
    known = {"demandeur": FieldValue("adulte", "said"), "niveau": FieldValue("terminale", "said")}
    assert not {"niveau", "formation"} & set(needed(per_unit, known, CATALOGUE))


def test_a_simple_type_asks_for_no_name_and_no_number() -> None:
    simple = next(t.id for t in CATALOGUE.types.values() if t.handling == "simple")
    assert not {"nom", "nom_eleve", "identifiant"} & set(needed(simple, {}, CATALOGUE))


def test_two_drafts_have_two_keys() -> None:
    one, two = (start(PARCEL, triage=None, known={}, catalogue=CATALOGUE) for _ in range(2))
    assert one.key != two.key


def test_facts_said_in_passing_fill_only_what_is_empty() -> None:
    draft = Draft("k", PARCEL, {"niveau": FieldValue("4e", "said")})
    after = absorb(draft, {"niveau": "5e", "qui": "eleve", "discipline": "latin"}, catalogue=CATALOGUE)
    assert after.fields["niveau"].value == "4e"
    assert after.fields["demandeur"] == FieldValue("eleve", "deduced")
    assert ("discipline" in after.fields) == ("discipline" in CATALOGUE.types[PARCEL].fields)
    assert draft.fields == {"niveau": FieldValue("4e", "said")}


def test_a_refused_answer_changes_nothing() -> None:
    draft = Draft("k", PARCEL, asked="contact")
    refusal = fill(draft, "contact", "je ne sais plus", catalogue=CATALOGUE)
    assert isinstance(refusal, Refusal)
    assert refusal.field == "contact"
    assert refusal.message.endswith("?")


def test_an_answer_replaces_a_skipped_field() -> None:
    draft = skip(Draft("k", PARCEL), "contact")
    assert filled(draft, "contact", "06 12 34 56 78").fields["contact"] == FieldValue("+33612345678", "said")


def test_change_of_type_keeps_the_person_and_drops_the_rest() -> None:
    entry = CATALOGUE.types[PARCEL]
    own = next(f for f in entry.fields if f not in CATALOGUE.types["contact_horaires"].fields)
    draft = Draft("k", PARCEL, {"nom": FieldValue("Léa", "said"), own: FieldValue("x", "said")}, asked=own)
    after = change_type(draft, "contact_horaires", catalogue=CATALOGUE)
    assert (after.key, after.service_type, after.asked) == ("k", "contact_horaires", None)
    assert set(after.fields) == {"nom"}


def test_summary_shows_labels_the_subject_first() -> None:
    draft = skip(Draft("k", PARCEL, {"demandeur": FieldValue("parent", "deduced")}), "identifiant")
    assert summary(draft, CATALOGUE) == [
        ("service_type", "Sujet", CATALOGUE.types[PARCEL].label),
        ("demandeur", "Demandeur", "Parent ou responsable"),
        ("identifiant", "Numéro d'inscription", ""),
    ]


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"niveau": "4e"}, "college"),
        ({"niveau": "CM2"}, "ecole"),
        ({"niveau": "3e SEGPA"}, "ecole"),
        ({"niveau": "terminale", "formation": "BTS"}, "lycee"),
        ({"formation": "BTS SIO"}, None),
        ({"formation": "CAP cuisine"}, "pro"),
        ({}, None),
    ],
)
def test_unit_of_a_request(fields: dict[str, str], where: str | None) -> None:
    per_unit = next(t.id for t in CATALOGUE.types.values() if t.per_unit)
    draft = Draft("k", per_unit, {k: FieldValue(v, "said") for k, v in fields.items()})
    assert unit_of(draft, CATALOGUE) == where


def test_a_type_without_units_has_none() -> None:
    central = next(t.id for t in CATALOGUE.types.values() if not t.per_unit)
    assert unit_of(Draft("k", central, {"niveau": FieldValue("4e", "said")}), CATALOGUE) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("la classe : 4e", ("niveau", "4e")),
        ("mon niveau c'est 4e", ("niveau", "4e")),
        ("non, c'est en 4e", ("niveau", "4e")),
        ("le nom : Zoé Petit", ("nom", "Zoé Petit")),
        ("modifier le nom", ("nom", None)),
        ("changer la classe", ("niveau", None)),
        ("le moyen de contact est lea@exemple.fr", ("contact", "lea@exemple.fr")),
        ("je ne suis pas d'accord", None),
        ("", None),
    ],
)
def test_corrections(text: str, expected: tuple[str, str | None] | None) -> None:
    draft = Draft(
        "k",
        PARCEL,
        {
            "nom": FieldValue("Léa", "said"),
            "niveau": FieldValue("5e", "said"),
            "contact": FieldValue("x@exemple.fr", "said"),
        },
    )
    assert find_correction(text, draft, CATALOGUE) == expected


def test_the_same_value_is_no_correction() -> None:
    draft = Draft("k", PARCEL, {"niveau": FieldValue("4e", "said")})
    assert find_correction("oui en 4e", draft, CATALOGUE) is None


def test_a_field_that_is_not_in_the_draft_is_not_corrected() -> None:
    assert find_correction("non, c'est en 4e", Draft("k", PARCEL), CATALOGUE) is None


def test_stored_and_read_again() -> None:
    draft = replace(skip(Draft("k", PARCEL, {"nom": FieldValue("Léa", "said")}), "contact"), asked="niveau")
    assert from_json(to_json(draft)) == draft
