"""French unless plainly not."""

from __future__ import annotations

import pytest

from nlu.language import language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "😀",
        "bonjour",
        "BTS SIO",
        "slt jariv pa a me co",
        "j'ai un problem avec mon password",
        "mdp oublié cned copiesenligne",
        "inscription cap petite enfance tarif",
        "Weekend et best-of du bac",
        "ok thanks",
        "Je voudrais m'inscrire au TOEIC 4 skills",
    ],
)
def test_french(text: str) -> None:
    assert language(text) == "fr"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, I would like to know how to register my son", "en"),
        ("how can I pay?", "en"),
        ("where is my package", "en"),
        ("Quiero inscribir a mi hijo en el curso", "other"),
        ("Ich möchte mein Kind anmelden bitte", "other"),
    ],
)
def test_not_french(text: str, expected: str) -> None:
    assert language(text) == expected


def test_a_long_text_is_read_by_its_beginning() -> None:
    assert language("Je voudrais un certificat. " * 2000) == "fr"
