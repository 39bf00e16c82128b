"""A model folder that does not fit is refused, and the message says what to run."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from nlu.artifacts import ArtifactMismatch, Manifest, check, digest, read_manifest, write_manifest

MANIFEST = Manifest("encodeur-a", 384, "abc")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_manifest(tmp_path, MANIFEST)
    return tmp_path


def test_a_model_that_fits_is_accepted(folder: Path) -> None:
    assert read_manifest(folder) == MANIFEST
    check(folder, encoder="encodeur-a", dimension=384)
    check(folder, encoder="encodeur-a", dimension=384, digest="abc")


@pytest.mark.parametrize(("encoder", "dimension"), [("encodeur-b", 384), ("encodeur-a", 768)])
def test_another_encoder_is_refused(folder: Path, encoder: str, dimension: int) -> None:
    with pytest.raises(ArtifactMismatch) as refusal:
        check(folder, encoder=encoder, dimension=dimension)
    message = str(refusal.value)
    assert "« encodeur-a » (384 dimensions)" in message
    assert f"« {encoder} » ({dimension})" in message
    assert str(folder) in message
    assert "make train" in message


def test_other_content_is_refused(folder: Path) -> None:
    with pytest.raises(ArtifactMismatch, match=r"contenu a changé.*make train"):
        check(folder, encoder="encodeur-a", dimension=384, digest="autre")


def test_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtifactMismatch, match=r"Aucun modèle.*make train"):
        check(tmp_path, encoder="encodeur-a", dimension=384)


def test_another_format_is_refused(folder: Path) -> None:
    values = orjson.loads((folder / "manifest.json").read_bytes())
    (folder / "manifest.json").write_bytes(orjson.dumps({**values, "format": 99}))
    with pytest.raises(ArtifactMismatch, match="autre format"):
        check(folder, encoder="encodeur-a", dimension=384)


def test_digest_depends_on_order_and_on_where_parts_end() -> None:
    assert digest(["ab", "c"]) == digest([b"ab", "c"])
    assert len({digest(["ab", "c"]), digest(["a", "bc"]), digest(["c", "ab"]), digest(["abc"]), digest([])}) == 5
