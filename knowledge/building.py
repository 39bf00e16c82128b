"""Building the article side: index of phrasings, classifier of subjects, and thresholds that control risk."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.stats import beta
from sklearn.linear_model import LogisticRegression

from knowledge.articles import Article, load_articles
from knowledge.content_file import CONTENT
from knowledge.index import PhrasingIndex
from knowledge.policy import Policy
from knowledge.search import ArticleRanker
from knowledge.service_types import load_catalogue
from knowledge.triage import Engine, content_digest, evidence
from nlu import artifacts
from nlu.embedding import Embedder
from nlu.features import FeatureExtractor, Features, readable
from nlu.intents import fit, softmax
from nlu.training.data import DATA, Example, load_examples
from nlu.training.noise import add_noise
from nlu.understanding import Understander

NOISY_COPIES = 2
NOISY_LENGTH = 300
SIMILARITY_WEIGHT = 4.0
ANSWER_PRECISION = 0.95
CHOICES_PRECISION = 0.90
CONFIDENCE = 0.90  # of the bound on precision
OUT_OF_SCOPE_LOSS = 0.02  # share of real requests that may be refused as out of scope
TYPE_PRECISION = 0.60

Floats = npt.NDArray[np.float32]


def build(models: Path, embedder: Embedder, content: Path = CONTENT, data: Path = DATA, *, seed: int = 0) -> Engine:
    """Build the index and the ranker from the articles and the training messages, fit the policy on the dev messages.

    Raises:
        knowledge.content_file.ContentError: content that can't be used.
        nlu.artifacts.ArtifactMismatch: the nlu models are missing or of another encoder.
    """
    articles, catalogue = load_articles(content), load_catalogue(content)
    understander = Understander.load(models / "nlu", embedder)
    ranker = _ranker(articles, load_examples("train", data), understander.extractor, seed)
    draft = Engine(understander, ranker, _open_policy(), catalogue, articles)
    dev = load_examples("dev", data)
    policy = fit_policy(draft, dev) if dev else _open_policy()
    folder = models / "knowledge"
    folder.mkdir(parents=True, exist_ok=True)
    ranker.save(folder)
    policy.save(folder)
    manifest = artifacts.Manifest(embedder.name, embedder.dimension, content_digest(articles))
    artifacts.write_manifest(folder, manifest)
    return Engine(understander, ranker, policy, catalogue, articles)


def _ranker(
    articles: dict[str, Article], examples: Sequence[Example], extractor: FeatureExtractor, seed: int
) -> ArticleRanker:
    rows = [(p.text, a.id, p.register) for a in articles.values() for p in a.phrasings]
    rows += [(a.question, a.id, "question") for a in articles.values()]
    rows += [(e.text, e.article, e.voice) for e in examples if e.article in articles]
    features = extractor.extract([readable(t) for t, _, _ in rows])
    index = PhrasingIndex.build([a for _, a, _ in rows], features)
    rng = random.Random(seed)  # noqa: S311  (not for secrets)
    noisy = [(add_noise(t, rng), a, v) for t, a, v in rows if len(t) <= NOISY_LENGTH for _ in range(NOISY_COPIES)]
    more = extractor.extract([readable(t) for t, _, _ in noisy])
    everything = rows + noisy
    classifier = fit(_stack(features, more), [a for _, a, _ in everything], calibrate=False, seed=seed)
    return ArticleRanker(classifier, index, SIMILARITY_WEIGHT, classifier.temperature)


def fit_policy(engine: Engine, dev: Sequence[Example]) -> Policy:
    """Logistic models of "the answer is right" and thresholds whose precision is bounded with confidence.

    The dev people are seen neither by the ranker nor by the classifiers.
    """
    requests = [e for e in dev if e.is_request]
    engine = _with_temperature(engine, requests)
    vectors, right, among, in_scope, sure, types_right = [], [], [], [], [], []
    for example in requests:
        understood = engine.understander.understand(example.text)
        ranking = engine.ranker.rank(understood.features)
        types = engine.type_probabilities(understood.types, ranking)
        found = evidence(understood, ranking, types, engine)
        answers = example.accepted_articles if example.article else frozenset()
        vectors.append(found.vector())
        right.append(ranking.ids[0] in answers)
        among.append(bool(answers & set(ranking.ids[:3])))
        in_scope.append(found.in_scope)
        sure.append(float(types.max()))
        types_right.append(engine.understander.types[int(types.argmax())] == example.service_type)
    answer, choices = _logistic(vectors, right), _logistic(vectors, among)
    matrix = np.column_stack([vectors, np.ones(len(vectors))])
    return Policy(
        answer_weights=tuple(answer.tolist()),
        choices_weights=tuple(choices.tolist()),
        answer_threshold=_bounded(_sigmoid(matrix @ answer), right, ANSWER_PRECISION),
        choices_threshold=_bounded(_sigmoid(matrix @ choices), among, CHOICES_PRECISION),
        out_of_scope_threshold=float(np.quantile(1 - np.array(in_scope), 1 - OUT_OF_SCOPE_LOSS)),
        type_threshold=_bounded(np.array(sure), types_right, TYPE_PRECISION),
    )


def _with_temperature(engine: Engine, requests: Sequence[Example]) -> Engine:
    """The engine with the ranker's temperature fitted on the dev people (the engine is the same object otherwise)."""
    answerable = [e for e in requests if e.article]
    features = engine.understander.extractor.extract([readable(e.text) for e in answerable])
    index = {name: i for i, name in enumerate(engine.ranker.index.entries)}
    targets = np.array([index[str(e.article)] for e in answerable])
    scores = engine.ranker.classifier.scores(features)
    for row in range(len(answerable)):
        one = Features(features.ngrams[row], features.vectors[row : row + 1])
        scores[row] += engine.ranker.similarity_weight * engine.ranker.index.scores(one)

    def loss(log_temperature: float) -> float:
        probabilities = softmax(scores / np.float32(np.exp(log_temperature)))
        return float(-np.log(probabilities[np.arange(len(targets)), targets] + 1e-9).mean())

    temperature = float(np.exp(minimize_scalar(loss, bounds=(-4, 2), method="bounded").x))
    object.__setattr__(engine.ranker, "temperature", temperature)
    return engine


def _logistic(vectors: Sequence[Any], targets: Sequence[bool]) -> npt.NDArray[np.float64]:
    model = LogisticRegression(C=0.5, max_iter=1000).fit(np.array(vectors), np.array(targets))
    return np.append(model.coef_[0], model.intercept_)


def _sigmoid(z: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-z)))


def _bounded(scores: npt.NDArray[np.float64], right: Sequence[bool], precision: float) -> float:
    """The lowest threshold above which the precision is at least `precision`, by a Clopper–Pearson lower bound."""
    order = np.argsort(-scores)
    hits = np.cumsum(np.array(right)[order])
    best = 1.01
    for n in range(20, len(scores) + 1):
        k = int(hits[n - 1])
        lower = float(beta.ppf(1 - CONFIDENCE, k, n - k + 1)) if k else 0.0
        if lower >= precision:
            best = float(scores[order[n - 1]])
    return best


def _stack(first: Features, second: Features) -> Features:
    from scipy.sparse import csr_matrix, vstack

    return Features(csr_matrix(vstack([first.ngrams, second.ngrams])), np.vstack([first.vectors, second.vectors]))


def _open_policy() -> Policy:
    """Answers nothing: before the thresholds are fitted."""
    zeros = (0.0,) * 9
    return Policy(zeros, zeros, 1.01, 1.01, 1.01, 1.01)
