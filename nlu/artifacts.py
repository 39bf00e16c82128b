"""A trained model on disk: a folder of fixed layout with a manifest; what does not fit together is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

FORMAT = 1
MODELS = Path(__file__).parent.parent / "var" / "models"
VECTORS = MODELS.parent / "vectors"  # of the training messages, kept between trainings
_NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a model was made with: its encoder and its vectors' dimension, and a digest of the content it was fitted on."""

    encoder: str
    dimension: int
    digest: str
    format: int = FORMAT


class ArtifactMismatch(Exception):
    """The model on disk was not made for this encoder or this content, or there is none. The message says what to run."""


def digest(parts: Iterable[str | bytes]) -> str:
    """SHA-256 of the parts, in order, as hexadecimal."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        whole.update(len(data).to_bytes(8, "big") + data)
    return whole.hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest last: a folder without one is unfinished."""
    (folder / _NAME).write_bytes(orjson.dumps(asdict(manifest), option=orjson.OPT_INDENT_2))


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a model folder.

    Raises:
        ArtifactMismatch: no model there, or one of another format.
    """
    path = folder / _NAME
    if not path.exists():
        raise ArtifactMismatch(f"Aucun modèle dans {folder} : lancez « make train ».")
    values = orjson.loads(path.read_bytes())
    if values.get("format") != FORMAT:
        raise ArtifactMismatch(f"Le modèle de {folder} a un autre format : lancez « make train ».")
    return Manifest(**values)


def is_current(folder: Path, *, encoder: str, digest: str) -> bool:
    """Whether the model of a folder was made with this encoder from this content."""
    try:
        manifest = read_manifest(folder)
    except ArtifactMismatch:
        return False
    return (manifest.encoder, manifest.digest) == (encoder, digest)


def check(folder: Path, *, encoder: str, dimension: int, digest: str | None = None) -> None:
    """Refuse a model made with another encoder, or (when a digest is given) fitted on other content.

    Raises:
        ArtifactMismatch: with what differs and what to run.
    """
    manifest = read_manifest(folder)
    if (manifest.encoder, manifest.dimension) != (encoder, dimension):
        raise ArtifactMismatch(
            f"Le modèle de {folder} a été construit avec l'encodeur « {manifest.encoder} » ({manifest.dimension} dimensions), "
            f"pas avec « {encoder} » ({dimension}) : lancez « make train »."
        )
    if digest is not None and manifest.digest != digest:
        raise ArtifactMismatch(f"Le contenu a changé depuis la construction de {folder} : lancez « make train ».")
