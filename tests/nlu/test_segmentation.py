"""Cutting a message: every word is kept, in order, in at most twelve pieces."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.segmentation import MOST, segments


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Où est mon colis de cours ? Et comment obtenir un certificat de scolarité ?", 2),
        ("Je n'ai pas reçu mon colis. Par ailleurs je voudrais une facture.", 2),
        ("mon colis n'est pas arrivé et comment je fais pour la convention", 2),
        ("Bonjour,\nmon colis n'est pas arrivé\nil me faut un certificat de scolarité", 2),
        ("mon colis n'est pas arrivé", 1),
    ],
)
def test_number_of_pieces(text: str, pieces: int) -> None:
    assert len([s for s in segments(text) if len(s) > 15]) == pieces


def test_a_list_is_cut_at_its_items() -> None:
    pieces = segments("1) le certificat de scolarité\n2) la facture de septembre\n- la convention de stage")
    assert [p.split()[-1] for p in pieces] == ["scolarité", "septembre", "stage"]


def test_a_short_piece_belongs_to_the_one_before() -> None:
    assert segments("Je n'ai pas reçu mon colis. Merci.") == ["Je n'ai pas reçu mon colis. Merci."]


@pytest.mark.parametrize("text", ["", " ", "?", "ok", "👍"])
def test_a_tiny_message_is_one_piece(text: str) -> None:
    assert len(segments(text)) == 1


def test_quoted_mail_is_no_request() -> None:
    pieces = segments("Je n'ai pas reçu mon colis.\n\nLe 12 mai, le Cned a écrit :\n> voulez-vous une facture ?")
    assert not any("facture" in p for p in pieces)


@given(
    st.lists(
        st.sampled_from(["mon colis est perdu", "je veux une facture", "et aussi", "?", ".", "\n", "sinon", "ok"]),
        max_size=40,
    )
)
def test_no_word_is_made_up_and_their_order_is_kept(parts: list[str]) -> None:
    text = " ".join(parts)
    pieces = segments(text)
    assert 1 <= len(pieces) <= MOST
    said = words(text)
    kept = [w for p in pieces for w in words(p)]
    remaining = iter(said)
    assert all(w in remaining for w in kept)


def test_a_long_message_keeps_its_first_pieces() -> None:
    assert len(segments("Je voudrais une facture de cours. " * 60)) == MOST
