"""Building the article side: index of phrasings, classifier of subjects, and thresholds that control risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.stats import beta
from sklearn.linear_model import LogisticRegression

from knowledge.articles import Article, load_articles
from knowledge.content_file import CONTENT
from knowledge.index import PhrasingIndex
from knowledge.policy import EVIDENCE, Policy
from knowledge.requests import EVIDENCE as REQUEST_EVIDENCE
from knowledge.requests import RequestFinder, candidates
from knowledge.search import ArticleRanker
from knowledge.service_types import load_catalogue
from knowledge.triage import Engine, content_digest, evidence
from nlu import artifacts
from nlu.embedding import Embedder
from nlu.features import FeatureExtractor, Features, readable
from nlu.intents import fit, fit_temperature
from nlu.language import language
from nlu.training.data import DATA, OUT_OF_SCOPE, Example, load_examples
from nlu.training.noise import noisy_copies
from nlu.understanding import Understander

SIMILARITY_WEIGHT = 4.0
ANSWER_PRECISION = 0.95
CHOICES_PRECISION = 0.90
CONFIDENCE = 0.90  # of the bound on precision
SCOPE_EVIDENCE = ("in_scope", "similarity")
OUT_OF_SCOPE_LOSS = 0.02  # share of real requests that may be refused as out of scope
TYPE_PRECISION = 0.60
LEAST_ASIDE = 0.8
ASIDE_LOSS = 0.005  # share of real requests that may be taken for a turn of conversation that asks for nothing
SINGLE_SPLIT = 0.20  # share of the messages with one request that may be read as several
SEVERAL_WEIGHT = 3.0  # of a message with several requests beside those with one, which are ten times more

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
    draft = Engine(understander, ranker, _open_policy(), _one_request(), catalogue, articles)
    dev = load_examples("dev", data)
    draft = _with_temperature(draft, [e for e in dev if e.article])
    policy, requests = fit_policy(draft, dev), fit_requests(draft, dev)
    folder = models / "knowledge"
    folder.mkdir(parents=True, exist_ok=True)
    draft.ranker.save(folder)
    policy.save(folder)
    requests.save(folder)
    manifest = artifacts.Manifest(embedder.name, embedder.dimension, content_digest(articles, models))
    artifacts.write_manifest(folder, manifest)
    return replace(draft, policy=policy, requests=requests)


def _ranker(
    articles: dict[str, Article], examples: Sequence[Example], extractor: FeatureExtractor, seed: int
) -> ArticleRanker:
    rows = [(p.text, a.id, p.register) for a in articles.values() for p in a.phrasings]
    rows += [(a.question, a.id, "question") for a in articles.values()]
    rows += [(e.text, e.article, e.voice) for e in examples if e.article in articles]
    features = extractor.extract([readable(t) for t, _, _ in rows])
    index = PhrasingIndex.build([a for _, a, _ in rows], features)
    noisy = [(copy, a, v) for t, a, v in rows for copy in noisy_copies(t, seed)]
    more = extractor.extract([readable(t) for t, _, _ in noisy])
    everything = rows + noisy
    classifier = fit(_stack(features, more), [a for _, a, _ in everything], seed=seed)
    return ArticleRanker(classifier, index, SIMILARITY_WEIGHT, classifier.temperature)


@dataclass(frozen=True, slots=True)
class _Read:
    """A dev message as the engine reads it."""

    example: Example
    vector: npt.NDArray[np.float64]
    articles: tuple[str, ...]  # the three best
    type_probability: float
    type_right: bool
    aside: float


def fit_policy(engine: Engine, dev: Sequence[Example]) -> Policy:
    """Logistic models of "the answer is right" and of "out of scope", and thresholds bounded with confidence.

    The dev people are seen neither by the ranker nor by the classifiers. No article answers what is out of scope.
    """
    requests = [_read(engine, e) for e in dev if e.is_request]
    foreign = [_read(engine, e) for e in dev if e.group == OUT_OF_SCOPE and language(e.text) == "fr"]
    answers = [r.example.accepted_articles if r.example.article else frozenset() for r in requests]
    right = [r.articles[0] in a for r, a in zip(requests, answers, strict=True)]
    among = [bool(a & set(r.articles)) for r, a in zip(requests, answers, strict=True)]
    vectors = np.array([r.vector for r in requests])
    everything = np.array([r.vector for r in (*requests, *foreign)])
    nothing = [False] * len(foreign)
    answer, choices = _logistic(everything, [*right, *nothing]), _logistic(everything, [*among, *nothing])
    scope = _fit_scope(vectors, np.array([r.vector for r in foreign]).reshape(-1, len(EVIDENCE)))
    return Policy(
        answer_weights=tuple(answer.tolist()),
        choices_weights=tuple(choices.tolist()),
        scope_weights=tuple(scope.tolist()),
        answer_threshold=_bounded(_apply(answer, vectors), right, ANSWER_PRECISION),
        choices_threshold=_bounded(_apply(choices, vectors), among, CHOICES_PRECISION),
        out_of_scope_threshold=float(np.quantile(_apply(scope, vectors), 1 - OUT_OF_SCOPE_LOSS)),
        aside_threshold=max(LEAST_ASIDE, float(np.quantile([r.aside for r in requests], 1 - ASIDE_LOSS))),
        type_threshold=_bounded(
            np.array([r.type_probability for r in requests]), [r.type_right for r in requests], TYPE_PRECISION
        ),
    )


def fit_requests(engine: Engine, dev: Sequence[Example]) -> RequestFinder:
    """When another service type is asked for too: fitted on the dev messages, those of several requests weighing more.

    The threshold is the lowest that cuts at most `SINGLE_SPLIT` of the messages that ask for one thing.
    """
    rows, targets, weights, singles = [], [], [], []
    for example in dev:
        several = example.metadata.get("request_types")
        if not several and not example.is_request:
            continue
        wanted = set(several or [example.group])
        understood = engine.understander.understand(example.text)
        ranking = engine.ranker.rank(understood.features)
        main = engine.understander.types[int(engine.type_probabilities(understood.types, ranking).argmax())]
        found = candidates(understood, main, engine.understander)
        rows += list(found.values())
        targets += [name in wanted for name in found]
        weights += [SEVERAL_WEIGHT if several else 1.0] * len(found)
        if not several:
            singles.append(list(found.values()))
    if not any(targets):
        return _one_request()
    evidence = np.array(rows)
    scale = evidence.std(axis=0) + 1e-6
    model = LogisticRegression(C=0.5, max_iter=3000).fit(evidence / scale, np.array(targets), sample_weight=weights)
    finder = RequestFinder((*(model.coef_[0] / scale).tolist(), float(model.intercept_[0])), 1.01)
    surest = np.array([finder.scores(np.array(found)).max() for found in singles if found])
    return replace(finder, threshold=float(np.quantile(surest, 1 - SINGLE_SPLIT)))


def _fit_scope(requests: npt.NDArray[np.float64], foreign: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Out of scope is not the same as hesitant: only the evidence of scope counts, the other weights are 0."""
    weights = np.zeros(len(EVIDENCE) + 1)
    weights[-1] = -9.0
    if len(foreign):
        columns = [EVIDENCE.index(name) for name in SCOPE_EVIDENCE]
        targets = [False] * len(requests) + [True] * len(foreign)
        weights[[*columns, -1]] = _logistic(np.vstack([requests, foreign])[:, columns], targets)
    return weights


def _read(engine: Engine, example: Example) -> _Read:
    understood = engine.understander.understand(example.text)
    ranking = engine.ranker.rank(understood.features)
    types = engine.type_probabilities(understood.types, ranking)
    best = engine.understander.types[int(types.argmax())]
    vector = evidence(understood, ranking, types, engine).vector()
    right = best == example.service_type
    return _Read(example, vector, ranking.ids[:3], float(types.max()), right, understood.aside)


def _with_temperature(engine: Engine, answerable: Sequence[Example]) -> Engine:
    """The engine, its ranker's temperature fitted on the dev people."""
    features = engine.understander.extractor.extract([readable(e.text) for e in answerable])
    index = {name: i for i, name in enumerate(engine.ranker.index.entries)}
    targets = np.array([index[str(e.article)] for e in answerable])
    scores = engine.ranker.classifier.scores(features)
    for row in range(len(answerable)):
        one = Features(features.ngrams[row], features.vectors[row : row + 1])
        scores[row] += engine.ranker.similarity_weight * engine.ranker.index.scores(one)

    temperature = fit_temperature(scores, targets)
    return replace(engine, ranker=replace(engine.ranker, temperature=temperature))


def _logistic(vectors: npt.NDArray[np.float64], targets: Sequence[bool]) -> npt.NDArray[np.float64]:
    model = LogisticRegression(C=0.5, max_iter=1000).fit(vectors, np.array(targets))
    return np.append(model.coef_[0], model.intercept_)


def _apply(weights: npt.NDArray[np.float64], vectors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-(vectors @ weights[:-1] + weights[-1]))))


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


def _one_request() -> RequestFinder:
    """Finds no other request: before it is fitted, or without messages that hold several."""
    return RequestFinder((0.0,) * (len(REQUEST_EVIDENCE) + 1), 1.01)


def _open_policy() -> Policy:
    """Answers nothing: before the thresholds are fitted."""
    zeros = (0.0,) * (len(EVIDENCE) + 1)
    return Policy(zeros, zeros, zeros, 1.01, 1.01, 1.01, 1.01, 1.01)
