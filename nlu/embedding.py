"""Sentence vectors: any sentence-transformers model, by default the project's own French encoder in int8 ONNX."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
DEFAULT_ENCODER = Path(__file__).parent / "models" / "encoder"


class Embedder(Protocol):
    """Text to unit vectors."""

    name: str
    dimension: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dimension), float32, of length 1."""
        ...

    def encode_parts(self, parts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """Vector of a message, shape (1, dimension): that of its parts joined by spaces; and one for each part."""
        ...


def model_name(model: str | Path = DEFAULT_ENCODER) -> str:
    """What identifies a model: its name on a hub, or for a folder its name and a digest of its weights."""
    folder = Path(model)
    if not folder.is_dir():
        return str(model)
    weights = sorted([*folder.glob("*.safetensors"), *folder.glob("onnx/*.onnx")])
    whole = hashlib.sha256()
    for path in weights:
        whole.update(path.read_bytes())
    return f"{folder.name}@{whole.hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class _DirectSession:
    """One text straight through the ONNX session that sentence-transformers loaded: saves a millisecond of batching."""

    tokenizer: Any
    session: Any
    inputs: tuple[str, ...]
    longest: int

    @classmethod
    def of(cls, model: Any) -> Self | None:
        """None unless the model is exactly transformer → mean pooling → normalisation."""
        names = [type(module).__name__ for module in model]
        if names != ["Transformer", "Pooling", "Normalize"] or model[1].pooling_mode not in ("mean", ("mean",)):
            return None
        session = model[0].auto_model.model
        return cls(
            model.tokenizer.backend_tokenizer,
            session,
            tuple(i.name for i in session.get_inputs()),
            model.max_seq_length,
        )

    def encode(self, text: str) -> Vectors:
        """The vector of one text, shape (1, dimension)."""
        return _unit(self._read(self.tokenizer.encode(text).ids).mean(axis=0, keepdims=True))

    def encode_parts(self, parts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """The vector of the parts joined, and those of the parts: means over their own tokens, read in context.

        One pass for all of them ("late chunking", Günther et al., 2024); a part beyond the longest text gets the whole's vector.
        """
        tokens = [self.tokenizer.encode(part, add_special_tokens=False).ids for part in parts]
        first, *_, last = self.tokenizer.encode("").ids  # [CLS] and [SEP]
        hidden = self._read([first, *(token for part in tokens for token in part), last])
        whole = hidden.mean(axis=0)
        ends = np.minimum(np.cumsum([1, *map(len, tokens)]), len(hidden) - 1)
        means = [hidden[a:b].mean(axis=0) if b > a else whole for a, b in pairwise(ends)]
        return _unit(whole[None]), _unit(np.stack(means))

    def _read(self, tokens: list[int]) -> Vectors:
        """Hidden states, shape (number of tokens, dimension)."""
        ids = np.array([tokens[: self.longest - 1] + tokens[-1:] if len(tokens) > self.longest else tokens])
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        return np.asarray(self.session.run(None, {name: feeds[name] for name in self.inputs})[0][0], dtype=np.float32)


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


class SentenceEmbedder:
    """A sentence-transformers model, by folder or by name.

    A folder with an `onnx/` part runs in ONNX Runtime (int8 when there is an int8 file), anything else in PyTorch.
    One thread by default, so that latency does not depend on the neighbours.
    """

    def __init__(self, model: str | Path = DEFAULT_ENCODER, *, threads: int = 1) -> None:
        import onnxruntime
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(threads)
        self.name = model_name(model)
        options: dict[str, Any] = {}
        onnx = sorted((Path(model) / "onnx").glob("*.onnx"), key=lambda p: "qint8" not in p.name)
        if onnx:
            session = onnxruntime.SessionOptions()
            session.intra_op_num_threads = threads
            session.inter_op_num_threads = 1
            options = {
                "backend": "onnx",
                "model_kwargs": {
                    "file_name": f"onnx/{onnx[0].name}",
                    "provider": "CPUExecutionProvider",
                    "session_options": session,
                },
            }
        self._model = SentenceTransformer(str(model), device="cpu", **options)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self._direct = _DirectSession.of(self._model) if onnx else None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dimension), float32, of length 1."""
        if len(texts) == 1 and self._direct:
            return self._direct.encode(texts[0])
        vectors = self._model.encode(
            list(texts), batch_size=32, show_progress_bar=False, convert_to_numpy=True, normalize_embeddings=True
        )
        return np.asarray(vectors, dtype=np.float32)

    def encode_parts(self, parts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """One pass where the model allows it; else the whole and the parts encoded apart."""
        if self._direct:
            return self._direct.encode_parts(parts)
        return self.encode([" ".join(parts)]), self.encode(parts)


class RememberingEmbedder:
    """An embedder for training: vectors already made are read from a file, new ones added to it by `save`."""

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        self._embedder = embedder
        self.name, self.dimension = embedder.name, embedder.dimension
        self._path = folder / f"{hashlib.sha256(embedder.name.encode()).hexdigest()[:16]}.npz"
        self._rows: dict[str, int] = {}
        self._vectors = np.empty((0, self.dimension), dtype=np.float16)
        if self._path.exists():
            with np.load(self._path) as stored:
                self._rows = {key: i for i, key in enumerate(stored["keys"].tolist())}
                self._vectors = stored["vectors"]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dimension), to half precision."""
        keys = [hashlib.sha256(text.encode()).hexdigest()[:24] for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._rows}
        if new:
            vectors = self._embedder.encode(list(new.values())).astype(np.float16)
            self._rows |= {key: len(self._vectors) + i for i, key in enumerate(new)}
            self._vectors = np.vstack([self._vectors, vectors])
        return self._vectors[[self._rows[key] for key in keys]].astype(np.float32)

    def encode_parts(self, parts: Sequence[str]) -> tuple[Vectors, Vectors]:
        """As the embedder does; not remembered."""
        return self._embedder.encode_parts(parts)

    def save(self) -> None:
        """Keep what was encoded for the next training."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(self._path, keys=np.array(list(self._rows)), vectors=self._vectors)
