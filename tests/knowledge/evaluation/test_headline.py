"""Floors: a figure may move within the noise of its split, not fall under it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from knowledge.evaluation.headline import HEADLINES, falls, recorded, write_record
from knowledge.evaluation.intervals import NOTHING, Figure

WIDTH = 0.02


def figures(**values: float | None) -> dict[str, Any]:
    """A split where every headline is 0.9 ± 0.02 on 100 messages, but those given; None is not measured."""
    found: dict[str, Any] = {}
    for headline in HEADLINES:
        value = values.get(headline.name, 0.9)
        place = found
        for key in headline.path[:-1]:
            place = place.setdefault(key, {})
        place[headline.path[-1]] = NOTHING if value is None else Figure(value, value - WIDTH, value + WIDTH, 100)
    return found


@pytest.fixture
def floors() -> dict[str, Any]:
    return dict(recorded({"dev": figures()})["dev"])


def test_the_same_figures_pass(floors: dict[str, Any]) -> None:
    assert list(falls(figures(), floors)) == []


@pytest.mark.parametrize(
    ("name", "value", "fell"),
    [
        ("article_1", 0.881, False),
        ("article_1", 0.879, True),
        ("article_1", 0.99, False),
        ("false_alarms", 0.919, False),
        ("false_alarms", 0.921, True),
        ("false_alarms", 0.1, False),
        ("safety_recall", None, True),
    ],
)
def test_a_fall_beyond_the_noise_is_told(floors: dict[str, Any], name: str, value: float | None, fell: bool) -> None:
    told = list(falls(figures(**{name: value}), floors))
    assert [line.split(":")[0] for line in told] == ([name] if fell else [])


def test_where_all_was_right_one_message_is_noise() -> None:
    perfect = {"article_1": {"value": 1.0, "half_width": 0.0, "n": 50}}
    assert list(falls(figures(article_1=0.98), perfect)) == []
    assert len(list(falls(figures(article_1=0.979), perfect))) == 1


def test_what_was_never_measured_has_no_floor() -> None:
    assert "all_found" not in recorded({"dev": figures(all_found=None)})["dev"]
    assert list(falls(figures(), {})) == []


def test_recording_a_split_leaves_the_other(tmp_path: Path) -> None:
    path = tmp_path / "headline.json"
    write_record({"dev": figures(article_1=0.8), "epreuve": figures(article_1=0.7)}, path)
    write_record({"dev": figures(article_1=0.85)}, path)
    kept = orjson.loads(path.read_bytes())
    assert kept["dev"]["article_1"] == {"value": 0.85, "half_width": WIDTH, "n": 100}
    assert kept["epreuve"]["article_1"]["value"] == 0.7


def test_goals_are_those_of_the_product() -> None:
    goals = {h.name: h.goal for h in HEADLINES}
    assert goals["safety_recall"] == 0.97
    assert goals["false_alarms"] == 0.03
    assert goals["answer_precision"] == 0.95
    by_name = {h.name: h for h in HEADLINES}
    assert by_name["false_alarms"].reached(Figure(0.02, None, None, 10)) is True
    assert by_name["false_alarms"].reached(Figure(0.04, None, None, 10)) is False
    assert by_name["safety_recall"].reached(Figure(0.96, None, None, 10)) is False
    assert by_name["safety_recall"].reached(NOTHING) is None
    assert by_name["false_splits"].reached(Figure(0.5, None, None, 10)) is None
