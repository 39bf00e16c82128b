"""Sentence vectors: any sentence-transformers model, by default the project's own French encoder in int8 ONNX."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

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


class SentenceEmbedder:
    """A sentence-transformers model, by folder or by name.

    A folder with an `onnx/` part runs in ONNX Runtime (int8 when there is an int8 file), anything else in PyTorch.
    One thread, so that latency does not depend on the neighbours.
    """

    def __init__(self, model: str | Path = DEFAULT_ENCODER) -> None:
        import onnxruntime
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(1)
        self.name = str(model) if model != DEFAULT_ENCODER else "aiguillage-encoder"
        options: dict[str, Any] = {}
        onnx = sorted((Path(model) / "onnx").glob("*.onnx"), key=lambda p: "qint8" not in p.name)
        if onnx:
            session = onnxruntime.SessionOptions()
            session.intra_op_num_threads = 1
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
        self.dimension = int(self._model.get_sentence_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dimension), float32, of length 1."""
        vectors = self._model.encode(
            list(texts), batch_size=32, show_progress_bar=False, convert_to_numpy=True, normalize_embeddings=True
        )
        return np.asarray(vectors, dtype=np.float32)
