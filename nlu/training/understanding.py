"""Training of the nlu room: service types, scope, handling and safety, from `nlu/data/train`."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nlu import artifacts
from nlu.embedding import Embedder
from nlu.features import FeatureExtractor, readable
from nlu.intents import IntentClassifier, fit, fit_temperature, held_out
from nlu.training.corpus import Corpus, fit_balanced, with_noise
from nlu.training.data import CONVERSATION, DATA, OUT_OF_SCOPE, SAFETY, Example, load_examples
from nlu.training.safety import train_safety
from nlu.training.several import train_several
from nlu.understanding import ASIDE, GENERAL, PERSONAL, Understander

ROOM = Path(__file__).parent.parent
_MADE_BY = (
    "features.py", "intents.py", "ngrams.py", "normalisation.py", "safety.py", "segmentation.py", "spread.py", "data/sms.yml",
    "training/corpus.py", "training/noise.py", "training/safety.py", "training/several.py", "training/understanding.py",
)  # fmt: skip
REQUEST = "demande"
NAMES = frozenset({"admin", "course", "document_or_device"})  # kinds of turns that name a thing, and nothing more


def train(
    embedder: Embedder, folder: Path, data: Path = DATA, more: Path | None = None, *, seed: int = 0
) -> Understander:
    """Train every model of the room and write them with their manifest. `more`: a further file of messages."""
    examples = load_examples("train", data, more)
    extractor = FeatureExtractor.fit([readable(e.text) for e in examples], embedder)
    corpus = with_noise(examples, extractor, seed)
    with ThreadPoolExecutor(
        os.cpu_count()
    ) as pool:  # a support vector machine is fitted outside the interpreter's lock
        several = pool.submit(train_several, examples, extractor, seed=seed)
        safety = pool.submit(train_safety, corpus, extractor, load_examples("dev", data))
        types, scope, handling = (pool.submit(head, corpus) for head in (_service_types, _scope, _handling))
    understander = Understander(
        extractor, types.result(), several.result(), scope.result(), handling.result(), safety.result()
    )
    folder.mkdir(parents=True, exist_ok=True)
    understander.save(folder)
    manifest = artifacts.Manifest(embedder.name, embedder.dimension, training_digest(data, more))
    artifacts.write_manifest(folder, manifest)
    return understander


def training_digest(data: Path = DATA, more: Path | None = None) -> str:
    """Of all that the models are made from: the messages, and the code and lists that turn them into features."""
    examples = [*load_examples("train", data, more), *load_examples("dev", data)]
    parts: list[str | bytes] = [e.text + e.group + e.name for e in examples]
    parts += [(ROOM / name).read_bytes() for name in _MADE_BY]
    return artifacts.digest(parts)


def _service_types(corpus: Corpus) -> IntentClassifier:
    rows = [i for i, e in enumerate(corpus.examples) if e.is_request]
    return _fit_requests(corpus, rows, [corpus.examples[i].group for i in rows])


def _handling(corpus: Corpus) -> IntentClassifier:
    rows = [i for i, e in enumerate(corpus.examples) if e.is_request]
    return _fit_requests(corpus, rows, [GENERAL if corpus.examples[i].article else PERSONAL for i in rows])


def _fit_requests(corpus: Corpus, rows: list[int], labels: list[str]) -> IntentClassifier:
    """Calibrated on voices held out: the confidence is that for people never seen."""
    features = corpus.select(rows)
    unseen = held_out(features, labels, [corpus.examples[i].voice for i in rows])
    return fit(features, labels, temperature=fit_temperature(unseen.scores, unseen.targets))


def _scope(corpus: Corpus) -> IntentClassifier:
    """A request, out of scope, or a turn of conversation that asks for nothing. Names of things ("colis") may be requests."""
    rows = [i for i, e in enumerate(corpus.examples) if e.group != SAFETY]
    return fit_balanced(corpus, rows, [_scope_of(corpus.examples[i]) for i in rows])


def _scope_of(example: Example) -> str:
    if example.group == OUT_OF_SCOPE:
        return OUT_OF_SCOPE
    return ASIDE if example.group == CONVERSATION and example.name not in NAMES else REQUEST
