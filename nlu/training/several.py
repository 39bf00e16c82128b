"""Training of the reading of several requests: a yes-or-no classifier a service type, on messages joined as people join them."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.svm import LinearSVC

from nlu.features import FeatureExtractor, readable
from nlu.intents import VECTOR_WEIGHT, IntentClassifier
from nlu.training.data import Example

JOINED = 5_000  # messages made
LONGEST = 40  # words of a message that is joined to another
THREE = 0.25  # share of them that hold three requests
JOINTS = (
    ". ", ". Et ", " et ", ", et ", "\n", " et aussi ", ". Par ailleurs, ", ", sinon ", " + ", " ", ". Autre chose : ", "; ",
    " et puis ", "? ",
)  # fmt: skip


def train_several(examples: Sequence[Example], extractor: FeatureExtractor, *, seed: int = 0) -> IntentClassifier:
    """Scores (n × types, no probability) of "this service type is asked for", among one or several."""
    requests = [e for e in examples if e.is_request]
    made = joined(requests, seed)
    types = sorted({e.group for e in requests})
    wanted = np.array(
        [[t == e.group for t in types] for e in requests] + [[t in both for t in types] for _, both in made]
    )
    features = extractor.extract([readable(e.text) for e in requests] + [readable(text) for text, _ in made])
    matrix = csr_matrix(hstack([features.ngrams, csr_matrix(features.vectors * VECTOR_WEIGHT)]))
    coefficients = np.zeros((len(types), matrix.shape[1]), dtype=np.float32)
    bias = np.zeros(len(types), dtype=np.float32)
    for row in range(len(types)):
        svm = LinearSVC(C=0.5, tol=1e-2, random_state=seed).fit(matrix, wanted[:, row])
        coefficients[row], bias[row] = svm.coef_[0], svm.intercept_[0]
    split = features.ngrams.shape[1]
    return IntentClassifier(
        tuple(types),
        np.ascontiguousarray(coefficients[:, :split].T),
        np.ascontiguousarray(coefficients[:, split:].T * np.float32(VECTOR_WEIGHT)),
        bias,
        1.0,
    )


def joined(requests: Sequence[Example], seed: int, count: int = JOINED) -> list[tuple[str, frozenset[str]]]:
    """`count` messages of two or three short requests of different service types, and these types."""
    choose = random.Random(seed)  # noqa: S311  (no secret)
    short = [e for e in requests if len(e.text.split()) <= LONGEST]
    return [_join(short, choose) for _ in range(count)]


def _join(short: Sequence[Example], choose: random.Random) -> tuple[str, frozenset[str]]:
    number = 3 if choose.random() < THREE else 2
    parts = choose.sample(short, number)
    while len({e.group for e in parts}) < number:
        parts = choose.sample(short, number)
    text = parts[0].text.rstrip(" .!?") if choose.random() < 0.5 else parts[0].text
    for part in parts[1:]:
        opening = part.text[:1].lower() if choose.random() < 0.6 else part.text[:1]
        text += choose.choice(JOINTS) + opening + part.text[1:]
    return text, frozenset(e.group for e in parts)
