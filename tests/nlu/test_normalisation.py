"""Text made comparable: clean characters, the body of a mail, folded and expanded forms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.normalisation import body, clean, expand, fold, sms_lexicon

FRENCH = st.text(
    alphabet="abcdefghijklmnopqrstuvwxyzéèêëàâçùûîïôœæABCÉÈÇŒ'’-–.,;:!?…«»()0123456789 \n\t\u00a0\u202f\u200b😀",
    max_size=80,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C’est l’été…", "C'est l'été..."),
        ("  deux\t\u00a0\u202fespaces ", "deux espaces"),
        ("invi\u200bsible\u0007\ufeff", "invisible"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("tiret – long — “cité”", 'tiret - long - "cité"'),
        ("e\u0301te\u0301", "été"),
        ("", ""),
    ],
)
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ÉLÈVE de Troisième", "eleve de troisieme"),
        ("Œuvre ex æquo", "oeuvre ex aequo"),
        ("heeeelp !!!!", "heelp !!"),
        ("4ᵉ", "4e"),
    ],
)
def test_fold(text: str, expected: str) -> None:
    assert fold(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jarrive pas", "je n'arrive pas"),
        ("c koi le pb", "c'est quoi le probleme"),
        ("jé pas recu", "j'ai pas recu"),
        ("lol", ""),
        ("rdv", "rendez - vous"),
        ("rendez-vous", "rendez - vous"),
        ("l'été", "l'ete"),
        # Ordinary words that only look like an accented SMS spelling.
        ("je ne sais pas", "je ne sais pas"),
        ("ce n'est pas ça", "ce n'est pas ca"),
        ("il se trompe", "il se trompe"),
        ("il faut", "il faut"),
        ("une IA", "une ia"),
        ("aide à domicile", "aide a domicile"),
        ("4 e", "4 e"),
        ("BTS SIO", "bts sio"),
    ],
)
def test_expand(text: str, expected: str) -> None:
    assert expand(text) == expected


@given(FRENCH)
def test_clean_fold_and_expand_settle_at_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert fold(fold(text)) == fold(text)
    assert expand(expand(clean(text))) == expand(clean(text))


@given(FRENCH)
def test_expand_does_not_depend_on_case(text: str) -> None:
    assert expand(text.upper().lower()) == expand(text.lower())


@given(FRENCH)
def test_expand_keeps_every_digit(text: str) -> None:
    shortened = "".join(c for c in fold(text) if c.isdigit())
    assert "".join(c for c in expand(text) if c.isdigit()) == shortened


def test_every_sms_spelling_settles() -> None:
    for short in sms_lexicon():
        assert expand(expand(short)) == expand(short), short


def test_no_sms_spelling_hides_an_ordinary_word() -> None:
    ordinary = {
        "je",
        "ce",
        "se",
        "de",
        "le",
        "la",
        "les",
        "et",
        "ou",
        "un",
        "une",
        "ne",
        "pas",
        "il",
        "elle",
        "en",
        "aide",
        "note",
        "faut",
    }
    for word in ordinary:
        assert expand(word) == word


MAIL = """Bonjour,

Je n'ai pas reçu mon colis de cours.

{closing}
Jean Dupont

Le lun. 12 oct. 2026 à 10:00, Cned <service@exemple.fr> a écrit :
> Bonjour,
> votre commande est partie
"""


@pytest.mark.parametrize(
    "closing", ["Cordialement,", "Bien cordialement", "cdlt", "Sincères salutations,", "Bien à vous,"]
)
def test_body_leaves_quotes_and_signature_out(closing: str) -> None:
    content = body(MAIL.format(closing=closing))
    assert "pas reçu mon colis" in content
    assert "Dupont" not in content
    assert "votre commande est partie" not in content
    assert closing not in content


@pytest.mark.parametrize(
    "introduction",
    [
        "-----Message d'origine-----\nDe : Cned",
        "De : Cned <x@exemple.fr>\nEnvoyé : lundi 12 octobre",
        "Le 12 octobre 2026, le Cned a écrit :",
    ],
)
def test_body_leaves_the_previous_message_out(introduction: str) -> None:
    content = body(f"Ma copie n'est pas notée.\n\n{introduction}\nVotre copie est arrivée.")
    assert "pas notée" in content
    assert "est arrivée" not in content


@pytest.mark.parametrize("text", ["une ligne", "deux\nlignes", "> seulement une citation", "Cordialement"])
def test_body_never_empties_a_message(text: str) -> None:
    assert body(text).strip() == text


LINES = [
    "Bonjour,",
    "",
    "> oui",
    "Cordialement,",
    "Jean",
    "Le lun. 12 a écrit :",
    "mon colis",
    "De : a",
    "Envoyé : b",
    "-- ",
    "cdlt",
    "PS : et mon livre ?",
]


@given(st.lists(st.sampled_from(LINES)).map("\n".join))
def test_body_settles_at_once(text: str) -> None:
    assert body(body(text)) == body(text)
    assert body(text) or not text
