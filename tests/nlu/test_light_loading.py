"""What serves messages is loaded without what only training needs: half of the memory and of the start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nlu.embedding import SentenceEmbedder

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "transformers", "sentence_transformers", "sklearn")
LOADS = """
import sys
from nlu.embedding import SentenceEmbedder
from nlu.entities import load_recogniser
import api.app, knowledge.triage
assert load_recogniser().find("je suis en 6e")
embedder = SentenceEmbedder()
embedder.encode(["bonjour", "deux textes"])
embedder.encode_parts(["bonjour,", "merci"])
print(*(name for name in sys.argv[1:] if name in sys.modules))
"""


def test_neither_pytorch_nor_scikit_learn_is_loaded_to_serve() -> None:
    command = [sys.executable, "-c", LOADS, *HEAVY]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize("text", ["Bonjour", "slt jarrive pas a me conecter", "une phrase assez longue " * 90, ""])
def test_vectors_are_those_of_sentence_transformers(text: str) -> None:
    embedder = SentenceEmbedder()
    assert embedder._direct is not None
    ours = embedder.encode([text])[0]
    theirs = embedder._model.encode([text], normalize_embeddings=True)[0]
    assert float(np.dot(ours, theirs)) > 0.999
    assert embedder.dimension == len(ours) == int(embedder._model.get_embedding_dimension())
    assert embedder._direct.longest == embedder._model.max_seq_length
