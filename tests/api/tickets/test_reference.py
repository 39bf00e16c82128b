"""References: what is promised of the check character holds for every reference."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from api.tickets.reference import ALPHABET, LENGTH, new_reference, read_reference

references = st.builds(lambda _: new_reference(), st.integers())
positions = st.integers(0, LENGTH - 1)


def compact(reference: str) -> str:
    return reference.replace("-", "")


def test_alphabet_is_even_and_has_no_look_alike() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 22  # Luhn catches every single error for even sizes only
    assert not set(ALPHABET) & set("OILZSGBAEU")


@given(references)
def test_a_reference_is_read_back_however_it_is_typed(reference: str) -> None:
    assert len(reference) == 9
    assert reference[4] == "-"
    assert read_reference(reference) == reference
    assert read_reference(f"  {reference.lower().replace('-', ' – ')} ") == reference
    assert read_reference(" ".join(compact(reference))) == reference
    assert read_reference(reference.replace("0", "O").replace("1", "l")) == reference


@given(references, positions, st.sampled_from(ALPHABET))
def test_one_wrong_character_is_detected(reference: str, position: int, character: str) -> None:
    typed = compact(reference)
    wrong = typed[:position] + character + typed[position + 1 :]
    assert read_reference(wrong) == (reference if wrong == typed else None)


@given(references, st.integers(0, LENGTH - 2))
def test_two_neighbours_swapped_are_detected(reference: str, position: int) -> None:
    typed = compact(reference)
    swapped = typed[:position] + typed[position + 1] + typed[position] + typed[position + 2 :]
    assert read_reference(swapped) == (reference if swapped == typed else None)


def test_the_blind_spot_of_luhn_is_neither_issued_nor_accepted() -> None:
    for pair in ("0Y", "Y0"):
        drawn = "234" + pair + "56"
        valid_for_luhn = drawn + luhn.calc_check_digit(drawn, alphabet=ALPHABET)
        assert luhn.is_valid(valid_for_luhn, alphabet=ALPHABET)
        assert read_reference(valid_for_luhn) is None


@given(st.text(max_size=40))
def test_anything_else_is_no_reference(text: str) -> None:
    found = read_reference(text)
    assert found is None or (len(found) == 9 and found[4] == "-")


def test_references_differ() -> None:
    assert len({new_reference() for _ in range(2000)}) == 2000
