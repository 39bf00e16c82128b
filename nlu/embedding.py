"""Sentence vectors: any sentence-transformers model, by default the project's own French encoder in int8 ONNX."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt
import orjson

Vectors = npt.NDArray[np.float32]
FEW = 8  # texts; more are encoded in batches
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
    """A sentence-transformers folder in ONNX, read without sentence-transformers: loading that brings PyTorch, 350 MB
    and ten seconds, and its batching costs a millisecond a text.
    """

    tokenizer: Any
    session: Any
    inputs: tuple[str, ...]
    longest: int
    dimension: int

    @classmethod
    def load(cls, folder: Path, threads: int) -> Self | None:
        """None unless the folder holds exactly transformer in ONNX → mean pooling → normalisation."""
        onnx = _onnx_file(folder)
        if onnx is None or not (folder / "tokenizer.json").exists():
            return None
        modules = orjson.loads((folder / "modules.json").read_bytes())
        pooling = orjson.loads((folder / modules[1]["path"] / "config.json").read_bytes()) if len(modules) > 1 else {}
        names = [module["type"].rpartition(".")[2] for module in modules]
        if names != ["Transformer", "Pooling", "Normalize"] or pooling.get("pooling_mode") not in ("mean", ["mean"]):
            return None
        from tokenizers import Tokenizer

        session = _session(onnx, threads)
        longest = orjson.loads((folder / "tokenizer_config.json").read_bytes())["model_max_length"]
        inputs = tuple(i.name for i in session.get_inputs())
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return cls(tokenizer, session, inputs, int(longest), int(pooling["embedding_dimension"]))

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


def _onnx_file(model: str | Path) -> Path | None:
    found = sorted((Path(model) / "onnx").glob("*.onnx"), key=lambda p: "qint8" not in p.name)
    return found[0] if found else None


def _session(onnx: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    return onnxruntime.InferenceSession(str(onnx), options, providers=["CPUExecutionProvider"])


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


class SentenceEmbedder:
    """A sentence-transformers model, by folder or by name.

    A folder with an `onnx/` part runs in ONNX Runtime (int8 when there is an int8 file), anything else in PyTorch.
    One thread by default, so that latency does not depend on the neighbours.
    """

    def __init__(self, model: str | Path = DEFAULT_ENCODER, *, threads: int = 1) -> None:
        self.name = model_name(model)
        self._source, self._threads = model, threads
        self._direct = _DirectSession.load(Path(model), threads)
        self.dimension = self._direct.dimension if self._direct else int(self._model.get_embedding_dimension() or 0)

    @cached_property
    def _model(self) -> Any:
        """The model in sentence-transformers: for models of another shape, and for the many texts of a training."""
        import onnxruntime
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(self._threads)
        options: dict[str, Any] = {}
        if (onnx := _onnx_file(self._source)) is not None:
            session = onnxruntime.SessionOptions()
            session.intra_op_num_threads, session.inter_op_num_threads = self._threads, 1
            options = {
                "backend": "onnx",
                "model_kwargs": {
                    "file_name": f"onnx/{onnx.name}",
                    "provider": "CPUExecutionProvider",
                    "session_options": session,
                },
            }
        return SentenceTransformer(str(self._source), device="cpu", **options)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dimension), float32, of length 1."""
        if self._direct and 0 < len(texts) <= FEW:
            return np.vstack([self._direct.encode(text) for text in texts])
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
