"""Spelling noise: the same with the same seed, and digits untouched."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from nlu.training.noise import COPIES, LONGEST, add_noise, noisy_copies

SENTENCE = (
    "Bonjour, je n'arrive pas à déposer le devoir numéro 12 de mathématiques, inscription 2024-558, est-il corrigé ?"
)


def digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


@given(st.integers(0, 10_000))
def test_the_same_seed_gives_the_same_noise(seed: int) -> None:
    assert add_noise(SENTENCE, random.Random(seed)) == add_noise(SENTENCE, random.Random(seed))


@given(st.integers(0, 10_000), st.floats(0.1, 3))
def test_digits_are_kept(seed: int, strength: float) -> None:
    assert digits(add_noise(SENTENCE, random.Random(seed), strength)) == digits(SENTENCE)


def test_seeds_differ_and_most_change_something() -> None:
    copies = [add_noise(SENTENCE, random.Random(seed)) for seed in range(50)]
    assert len(set(copies)) > 30
    assert sum(copy != SENTENCE for copy in copies) > 40


@given(st.text(max_size=60), st.integers(0, 100))
def test_any_text_is_accepted(text: str, seed: int) -> None:
    assert isinstance(add_noise(text, random.Random(seed)), str)


def test_copies_depend_on_the_text_and_the_seed_alone() -> None:
    random.seed(1)
    copies = noisy_copies(SENTENCE, 0)
    random.seed(2)
    assert noisy_copies(SENTENCE, 0) == copies
    assert len(copies) == COPIES
    assert noisy_copies(SENTENCE, 1) != copies
    assert noisy_copies("a" * (LONGEST + 1), 0) == []
