"""Several requests in one message: all of them, the main one first, and one alone when there is one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from knowledge.decisions import Context
from knowledge.requests import EVIDENCE, RequestFinder, candidates
from knowledge.triage import triage
from tests.knowledge.small_engine import small_engine

BOTH = "Je voudrais un certificat de scolarité. Et comment demander une bourse en BTS ?"


def test_both_requests_are_found() -> None:
    found = triage(BOTH, Context(), engine=small_engine())
    assert set(found.all_request_types) == {"certificats_bulletins", "bourses_aides"}
    assert found.all_request_types[0] == found.request_types[0].id


def test_one_request_is_one() -> None:
    found = triage("comment demander une bourse au lycée", Context(), engine=small_engine())
    assert found.all_request_types == ("bourses_aides",)


def test_a_chat_turn_reads_one_request() -> None:
    assert len(triage(BOTH, Context(several=False), engine=small_engine()).all_request_types) == 1


def test_nothing_sure_enough_leaves_the_main_one() -> None:
    engine = small_engine()
    deaf = replace(engine, requests=replace(engine.requests, threshold=1.01))
    assert len(triage(BOTH, Context(), engine=deaf).all_request_types) == 1


def test_evidence_is_complete_and_never_about_the_main_one() -> None:
    engine = small_engine()
    understood = engine.understander.understand(BOTH)
    rows = candidates(understood, "bourses_aides", engine.understander)
    assert "bourses_aides" not in rows
    assert all(row.shape == (len(EVIDENCE),) and np.isfinite(row).all() for row in rows.values())


@pytest.mark.parametrize("text", ["", "?", "👍", "bourse " * 500])
def test_any_text_has_its_main_request(text: str) -> None:
    assert len(triage(text, Context(), engine=small_engine()).all_request_types) >= 1


def test_kept_and_read_again(tmp_path: Path) -> None:
    finder = RequestFinder(tuple(float(i) for i in range(len(EVIDENCE) + 1)), 0.3)
    finder.save(tmp_path)
    assert RequestFinder.load(tmp_path) == finder
