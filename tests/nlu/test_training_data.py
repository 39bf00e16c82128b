"""Labelled messages: every file loads, voices and writers are kept, and nobody is on both sides of the split."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.training.data import DATA, Example, load_examples, read_file, texts

SPLITS = ("train", "dev")
FILES = [path for split in SPLITS for path in sorted((DATA / split).glob("*.yml"))]


@pytest.fixture(scope="module")
def splits() -> dict[str, list[Example]]:
    return {split: load_examples(split) for split in SPLITS}


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_every_file_loads(path: Path) -> None:
    examples = read_file(path)
    assert examples
    assert all(e.text and e.group for e in examples)


def test_voices_and_writers_are_kept(splits: dict[str, list[Example]]) -> None:
    for examples in splits.values():
        requests = [e for e in examples if e.is_request]
        assert requests
        assert all(e.voice for e in requests)
        assert all(e.writer for e in requests)
        assert all("voice" not in e.metadata and "writer" not in e.metadata for e in examples)


def test_several_voices(splits: dict[str, list[Example]]) -> None:
    for examples in splits.values():
        assert len({e.voice for e in examples if e.is_request}) >= 4


def test_no_writer_and_no_voice_is_in_both_splits(splits: dict[str, list[Example]]) -> None:
    train, dev = ({(e.writer) for e in splits[s] if e.writer} for s in SPLITS)
    assert not train & dev
    voices_train, voices_dev = ({e.voice for e in splits[s] if e.is_request} for s in SPLITS)
    assert not voices_train & voices_dev


def test_no_message_is_in_both_splits(splits: dict[str, list[Example]]) -> None:
    train, dev = ({t.casefold() for t in texts(splits[s])} for s in SPLITS)
    assert not train & dev


def test_a_file_of_another_format_is_named(tmp_path: Path) -> None:
    path = tmp_path / "autre.yml"
    path.write_text("- une liste\n")
    with pytest.raises(ValueError, match=r"autre\.yml"):
        read_file(path)


def test_shared_metadata_are_overridden_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "voix.yml"
    path.write_text(
        "nlu:\n- intent: supports_colis/colis_perdu\n  metadata: {writer: a}\n  examples:\n"
        "  - text: ' un '\n  - text: deux\n    metadata: {writer: b, voice: sms, also: [autre]}\n"
    )
    one, two = read_file(path)
    assert (one.text, one.writer, one.voice, one.article) == ("un", "a", "voix", "colis_perdu")
    assert (two.writer, two.voice, two.metadata) == ("b", "sms", {"also": ["autre"]})
    assert two.accepted_articles == {"colis_perdu", "autre"}
    assert two.service_type == "supports_colis"


@pytest.mark.parametrize(
    ("group", "name", "request_", "article"),
    [
        ("supports_colis", "colis_perdu", True, "colis_perdu"),
        ("supports_colis", "dossier_personnel", True, None),
        ("surete", "danger", False, None),
        ("hors_sujet", "far", False, None),
        ("entites", "", False, None),
    ],
)
def test_what_an_intent_means(group: str, name: str, request_: bool, article: str | None) -> None:
    example = Example("x", group, name, "v", "w")
    assert (example.is_request, example.article) == (request_, article)
    assert example.service_type == (group if request_ else None)
