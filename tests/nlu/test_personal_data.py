"""Personal data: every kind is found in the ways people write it, its key verified, and nothing else is masked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban, luhn
from stdnum.fr import nir

from nlu.personal_data import MASKS, PersonalKind, find, mask

NIR = "185057800608491"
NIR_GROUPS = ("1", "85", "05", "78", "006", "084", "91")
IBAN = "FR7630006000011234567890189"
IBAN_LETTERS = "FR1420041010050500013M02606"
CARD = "4970101234567893"
AMEX = "371449635398431"
SEPARATORS = ("", " ", ".", "-", "\u00a0", "\u202f", "  ")


def fours(value: str, separator: str) -> str:
    return separator.join(value[i : i + 4] for i in range(0, len(value), 4))


def kinds(text: str) -> list[PersonalKind]:
    return [found.kind for found in find(text)]


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize(
    ("kind", "value", "groups"),
    [
        ("nir", NIR, NIR_GROUPS),
        ("iban", IBAN, tuple(fours(IBAN, " ").split())),
        ("iban", IBAN_LETTERS, tuple(fours(IBAN_LETTERS, " ").split())),
        ("carte", CARD, tuple(fours(CARD, " ").split())),
        ("carte", AMEX, ("3714", "496353", "98431")),
        ("telephone", "+33612345678", ("06", "12", "34", "56", "78")),
    ],
)
def test_each_kind_is_masked_with_any_separator(
    kind: PersonalKind, value: str, groups: tuple[str, ...], separator: str
) -> None:
    masked = mask(f"voici : {separator.join(groups)} merci")
    assert masked.text == f"voici : {MASKS[kind]} merci"
    assert [(f.kind, f.value) for f in masked.found] == [(kind, value)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mon num c0612345678 rapelé moi", "mon num c[TÉLÉPHONE] rapelé moi"),
        ("tel:06.12.34.56.78", "tel:[TÉLÉPHONE]"),
        ("06/12/34/56/78 svp", "[TÉLÉPHONE] svp"),
        ("+33 6 12 34 56 78", "[TÉLÉPHONE]"),
        ("0033612345678", "[TÉLÉPHONE]"),
        ("depuis Bruxelles +32 475 12 34 56", "depuis Bruxelles [TÉLÉPHONE]"),
        ("dispo au 0612345678 a partir de 18h", "dispo au [TÉLÉPHONE] a partir de 18h"),
        ("06 12 34 56 78 06 98 76 54 32", "[TÉLÉPHONE] [TÉLÉPHONE]"),
        ("06 92 12 34 56 ou 0692123456", "[TÉLÉPHONE] ou [TÉLÉPHONE]"),  # La Réunion
        ("1 85 05 78 006 084 91 3 enfants", "[NIR] 3 enfants"),
        ("185057800608491 06 12 34 56 78", "[NIR] [TÉLÉPHONE]"),
        ("prélevé le 15 FR76 3000 6000 0112 3456 7890 189 deux fois", "prélevé le 15 [IBAN] deux fois"),
        ("IBANFR7630006000011234567890189", "IBAN[IBAN]"),
        ("fr7630006000011234567890189 merci", "[IBAN] merci"),
        ("4970 1012 3456 7893 12/26 123", "[CARTE] 12/26 123"),
        ("4970 1012 3456 7893 123", "[CARTE] 123"),
        ("n 2 4970 1012 3456 7893", "n 2 [CARTE]"),
        ("écrire à Jean.Dupont+cned@exemple.co.uk.", "écrire à [COURRIEL]."),
        ("jean.dupont (at) exemple.fr", "[COURRIEL]"),
        ("jean @exemple.fr", "[COURRIEL]"),
        ("élodie.été@exemple.fr", "[COURRIEL]"),
        ("ine 123456789AB", "ine [INE]"),
        ("ine : 1234567890g", "ine : [INE]"),
        ("ine 1234567890 G", "ine [INE]"),
    ],
)
def test_as_people_write(text: str, expected: str) -> None:
    assert mask(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "185057800608492",  # key of the NIR
        "FR7630006000011234567890188",  # key of the IBAN
        "4970101234567894",  # Luhn
        "0000 0000 0000 0000",
        "06 12 34 56",
        "jean@exemple",
        "dossier 123456789 de mon fils",
        "DOSSIER 123456789 DE MON FILS",
        "commande 2024-123456, inscription 12345678",
        "le 12/09/2026 à 14h30, 125,50 euros, soit 1 250 000 francs",
        "année 2025-2026",
        "3e trimestre, CM2, BTS 2e année",
    ],
)
def test_innocent_numbers_stay(text: str) -> None:
    assert mask(text).text == text


@pytest.mark.parametrize("number", ["05 49 49 94 94", "05.49.49.94.94", "0549499494", "+33 5 49 49 94 94"])
def test_the_institution_s_own_number_is_readable(number: str) -> None:
    text = f"j'ai appelé le {number} hier"
    assert mask(text).text == text
    assert mask(f"{number} et 06 12 34 56 78").text == f"{number} et [TÉLÉPHONE]"


def test_the_longer_reading_wins_and_positions_are_those_of_the_text() -> None:
    text = f"a@b.fr puis {fours(CARD, ' ')} et {NIR}"
    found = find(text)
    assert [f.kind for f in found] == ["courriel", "carte", "nir"]
    assert [text[f.start : f.end] for f in found] == ["a@b.fr", fours(CARD, " "), NIR]


@st.composite
def valid_nirs(draw: st.DrawFn) -> str:
    department = draw(st.one_of(st.integers(1, 95).map("{:02d}".format), st.sampled_from(["2A", "2B", "99"])))
    head = (
        f"{draw(st.sampled_from('12'))}{draw(st.integers(0, 99)):02d}{draw(st.integers(1, 12)):02d}{department}"
        f"{draw(st.integers(1, 990)):03d}{draw(st.integers(1, 999)):03d}"
    )
    return f"{head}{nir.calc_check_digits(head)}"


@st.composite
def valid_cards(draw: st.DrawFn) -> str:
    head = draw(st.sampled_from("3456")) + draw(st.text("0123456789", min_size=14, max_size=14))
    return f"{head}{luhn.calc_check_digit(head)}"


@st.composite
def valid_ibans(draw: st.DrawFn) -> str:
    account = draw(st.text("0123456789", min_size=21, max_size=21))
    bank, office, number = account[:5], account[5:10], account[10:]
    key = 97 - (89 * int(bank) + 15 * int(office) + 3 * int(number)) % 97
    body = f"{bank}{office}{number}{key:02d}"
    return f"FR{iban.calc_check_digits('FR00' + body)}{body}"


SECRETS = st.one_of(
    valid_nirs().map(lambda v: (v, 3)), valid_ibans().map(lambda v: (v, 4)), valid_cards().map(lambda v: (v, 4))
)
AROUND = st.sampled_from(
    [
        "",
        "mon numéro : ",
        "le 15 ",
        "12 ",
        "2 enfants ",
        " merci",
        " 3 enfants",
        " 06 12 34 56 78",
        " 123",
        " le 12/09",
        " ok\n",
    ]
)


@given(SECRETS, st.sampled_from(SEPARATORS), AROUND, AROUND)
def test_a_valid_secret_never_stays(secret: tuple[str, int], separator: str, before: str, after: str) -> None:
    value, size = secret
    if before[-1:].isdigit():
        before += " "
    if after[:1].isdigit():
        after = f" {after}"
    written = separator.join(value[i : i + size] for i in range(0, len(value), size)) if separator else value
    masked = mask(before + written + after)
    assert any(f.kind in ("nir", "iban", "carte") for f in masked.found)
    left = "".join(c for c in masked.text if c.isalnum())
    assert value not in left
    assert not [f for f in find(masked.text) if f.kind in ("nir", "iban", "carte")]


@given(st.text().filter(lambda t: not any(c.isdigit() for c in t) and "@" not in t and "at" not in t.lower()))
def test_a_text_without_digit_or_at_sign_never_changes(text: str) -> None:
    assert mask(text).text == text
    assert mask(text).found == ()


@given(st.text(alphabet="0123456789 .-@abcfrFR()/+\n", max_size=80))
def test_what_is_found_does_not_overlap_and_rebuilds_the_text(text: str) -> None:
    masked = mask(text)
    ends = [0, *(f.end for f in masked.found)]
    assert all(f.start >= end for f, end in zip(masked.found, ends, strict=False))
    rebuilt, end = "", 0
    for f in masked.found:
        rebuilt += text[end : f.start] + MASKS[f.kind]
        end = f.end
    assert rebuilt + text[end:] == masked.text


def test_generated_secrets_are_valid() -> None:
    assert nir.is_valid(NIR)
    assert iban.is_valid(IBAN)
    assert luhn.is_valid(CARD)
    assert kinds(f"{NIR} {IBAN} {CARD}") == ["nir", "iban", "carte"]
