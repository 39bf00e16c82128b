"""Training of the nlu room: service types, scope, handling and safety, from `nlu/data/train`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nlu import artifacts
from nlu.embedding import Embedder
from nlu.features import FeatureExtractor, Features, readable
from nlu.intents import HeldOut, IntentClassifier, fit, fit_temperature, held_out, softmax
from nlu.safety import NONE, SafetyDetector
from nlu.training.data import DATA, OUT_OF_SCOPE, SAFETY, Example, load_examples
from nlu.training.noise import noisy_copies
from nlu.understanding import GENERAL, PERSONAL, Understander

ROOM = Path(__file__).parent.parent
_MADE_BY = (
    "features.py", "intents.py", "normalisation.py", "safety.py", "data/sms.yml", "training/noise.py",
    "training/understanding.py",
)  # fmt: skip
SUFFERING = "souffrance_harcelement"
SAFETY_GATE = -0.6
SAFETY_RECALL = 0.97  # of the alarms held out of training
ORDINARY_ALARMS = 0.015  # share of ordinary requests that may give the alarm
SENTENCE_ALARMS = 0.004  # the same, for their sentences read one by one


@dataclass(frozen=True, slots=True)
class Corpus:
    """Examples with their noisy copies, features row by row, and for each row the index of its original."""

    examples: list[Example]
    features: Features
    origins: list[int]

    def select(self, rows: Sequence[int]) -> Features:
        """Features of some rows."""
        return Features(self.features.ngrams[rows], self.features.vectors[rows])


def train(
    embedder: Embedder, folder: Path, data: Path = DATA, more: Path | None = None, *, seed: int = 0
) -> Understander:
    """Train every model of the room and write them with their manifest. `more`: a further file of messages."""
    examples = load_examples("train", data, more)
    extractor = FeatureExtractor.fit([readable(e.text) for e in examples], embedder)
    corpus = with_noise(examples, extractor, seed)
    understander = Understander(
        extractor,
        _service_types(corpus),
        _scope(corpus),
        _handling(corpus),
        _safety(corpus, extractor),
    )
    folder.mkdir(parents=True, exist_ok=True)
    understander.save(folder)
    manifest = artifacts.Manifest(embedder.name, embedder.dimension, training_digest(data, more))
    artifacts.write_manifest(folder, manifest)
    return understander


def training_digest(data: Path = DATA, more: Path | None = None) -> str:
    """Of all that the models are made from: the messages, and the code and lists that turn them into features."""
    parts: list[str | bytes] = [e.text + e.group + e.name for e in load_examples("train", data, more)]
    parts += [(ROOM / name).read_bytes() for name in _MADE_BY]
    return artifacts.digest(parts)


def with_noise(examples: list[Example], extractor: FeatureExtractor, seed: int) -> Corpus:
    """The examples and, for the short ones, copies with spelling noise."""
    rows, origins = list(examples), list(range(len(examples)))
    for i, example in enumerate(examples):
        copies = noisy_copies(example.text, seed)
        rows += [replace(example, text=copy) for copy in copies]
        origins += [i] * len(copies)
    return Corpus(rows, extractor.extract([readable(e.text) for e in rows]), origins)


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
    rows = [i for i, e in enumerate(corpus.examples) if e.group != SAFETY]
    labels = [OUT_OF_SCOPE if corpus.examples[i].group == OUT_OF_SCOPE else "demande" for i in rows]
    return _fit_balanced(corpus, rows, labels)[0]


def _safety(corpus: Corpus, extractor: FeatureExtractor) -> SafetyDetector:
    """Requests about suffering are neither alarms nor innocent: they are left out."""
    rows = [i for i, e in enumerate(corpus.examples) if e.group != SUFFERING]
    labels = [e.name if e.group == SAFETY else NONE for e in (corpus.examples[i] for i in rows)]
    classifier, unseen = _fit_balanced(corpus, rows, labels)
    threshold = _safety_threshold([corpus.examples[i] for i in rows], classifier, unseen)
    detector = SafetyDetector(classifier, extractor, SAFETY_GATE, threshold, 2.0)
    innocent = [e.text for e in corpus.examples[: max(corpus.origins) + 1] if e.is_request and e.group != SUFFERING]
    quiet = float(np.quantile([detector.worst_sentence(text)[1] for text in innocent], 1 - SENTENCE_ALARMS))
    return replace(detector, sentence_threshold=max(threshold, quiet))


def _fit_balanced(corpus: Corpus, rows: list[int], labels: list[str]) -> tuple[IntentClassifier, HeldOut]:
    """Rare classes weigh more, by the square root of their rarity; a text and its noisy copies are held out together."""
    counts = Counter(labels)
    weights = np.array([(len(labels) / (len(counts) * counts[label])) ** 0.5 for label in labels])
    features = corpus.select(rows)
    unseen = held_out(features, labels, [str(corpus.origins[i]) for i in rows], weights=weights, folds=4)
    temperature = fit_temperature(unseen.scores, unseen.targets)
    return fit(features, labels, temperature=temperature, weights=weights), unseen


def _safety_threshold(examples: list[Example], classifier: IntentClassifier, unseen: HeldOut) -> float:
    """The score that `SAFETY_RECALL` of the alarms reach when held out, raised where ordinary requests would reach it too."""
    probabilities = softmax(unseen.scores / np.float32(classifier.temperature))
    scores = 1 - probabilities[:, unseen.labels.index(NONE)]
    alarms = unseen.targets != unseen.labels.index(NONE)
    ordinary = np.array([examples[row].is_request for row in unseen.rows])
    return max(
        float(np.quantile(scores[alarms], 1 - SAFETY_RECALL)), float(np.quantile(scores[ordinary], 1 - ORDINARY_ALARMS))
    )
