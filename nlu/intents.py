"""A linear classifier on sentence vector ⊕ character n-grams, with calibrated probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import orjson
from scipy.sparse import csr_matrix, hstack

from nlu.features import Features

Floats = npt.NDArray[np.float32]
UNKNOWN = -5.0  # score of a label that a fold has not seen
VECTOR_WEIGHT = 1.0  # of the sentence vector beside n-grams of length 1: measured on cdtn and covidfaq intents


@dataclass(frozen=True, slots=True)
class IntentClassifier:
    """`labels` (k), weights of the n-grams (vocabulary × k) and of the vector (dimension × k), bias (k), temperature."""

    labels: tuple[str, ...]
    ngram_weights: Floats
    vector_weights: Floats
    bias: Floats
    temperature: float

    def scores(self, features: Features) -> Floats:
        """Decision values, shape (n, k)."""
        vectors = features.vectors @ self.vector_weights + self.bias
        return np.asarray(features.ngrams @ self.ngram_weights, dtype=np.float32) + vectors

    def word_probabilities(self, features: Features) -> Floats:
        """The same as `probabilities` by the n-grams alone, without the sentence vector."""
        scores = np.asarray(features.ngrams @ self.ngram_weights, dtype=np.float32) + self.bias
        return softmax(scores / self.temperature)

    def probabilities(self, features: Features) -> Floats:
        """Calibrated probabilities, shape (n, k), each row of sum 1."""
        return softmax(self.scores(features) / self.temperature)

    def save(self, folder: Path, name: str) -> None:
        """Write `<name>.npz` and `<name>.json` into the folder."""
        np.savez(
            folder / f"{name}.npz",
            ngram_weights=self.ngram_weights.astype(np.float16),
            vector_weights=self.vector_weights,
            bias=self.bias,
        )
        (folder / f"{name}.json").write_bytes(
            orjson.dumps({"labels": list(self.labels), "temperature": self.temperature})
        )

    @classmethod
    def load(cls, folder: Path, name: str) -> Self:
        """Read what `save` wrote."""
        with np.load(folder / f"{name}.npz") as arrays:
            ngrams, vectors, bias = arrays["ngram_weights"], arrays["vector_weights"], arrays["bias"]
        head = orjson.loads((folder / f"{name}.json").read_bytes())
        return cls(tuple(head["labels"]), ngrams.astype(np.float32), vectors, bias, float(head["temperature"]))


def fit(
    features: Features,
    labels: Sequence[str],
    *,
    temperature: float = 0.5,
    weights: npt.NDArray[np.float64] | None = None,
    seed: int = 0,
) -> IntentClassifier:
    """Train on texts and their labels. `weights`: of each text. `temperature`: see `held_out` and `fit_temperature`.

    Raises:
        ValueError: fewer than two labels.
    """
    names, targets = np.unique(np.asarray(labels), return_inverse=True)
    if len(names) < 2:
        raise ValueError("a classifier needs at least two labels")
    coefficients, bias = _fit_svm(_matrix(features), targets, weights, seed)
    split = features.ngrams.shape[1]
    return IntentClassifier(
        tuple(str(n) for n in names),
        np.ascontiguousarray(coefficients[:, :split].T),
        np.ascontiguousarray(coefficients[:, split:].T) * VECTOR_WEIGHT,
        bias,
        temperature,
    )


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Decision values of texts by models that have not seen their group: rows of the corpus, scores (n × k), targets."""

    rows: npt.NDArray[np.int64]
    labels: tuple[str, ...]
    scores: Floats
    targets: npt.NDArray[np.int64]


def held_out(
    features: Features,
    labels: Sequence[str],
    groups: Sequence[str],
    *,
    weights: npt.NDArray[np.float64] | None = None,
    folds: int = 3,
    seed: int = 0,
) -> HeldOut:
    """Cross-validation by groups (people, or originals of noisy copies); texts of a label that a fold lacks are left out.

    Raises:
        ValueError: fewer groups than folds.
    """
    from sklearn.model_selection import GroupKFold  # for training alone

    names, targets = np.unique(np.asarray(labels), return_inverse=True)
    matrix = _matrix(features)
    rows, scores = [], []
    for train, test in GroupKFold(folds).split(matrix, targets, groups):
        known = np.unique(targets[train])
        test = test[np.isin(targets[test], known)]
        weight = None if weights is None else weights[train]
        coefficients, bias = _fit_svm(matrix[train], np.searchsorted(known, targets[train]), weight, seed)
        full = np.full((len(test), len(names)), UNKNOWN, dtype=np.float32)
        full[:, known] = matrix[test] @ coefficients.T + bias
        rows.append(test)
        scores.append(full)
    order = np.concatenate(rows)
    return HeldOut(order, tuple(str(n) for n in names), np.vstack(scores), targets[order])


def fit_temperature(scores: Floats, targets: npt.NDArray[np.int64]) -> float:
    """The temperature that makes held-out probabilities most likely."""
    from scipy.optimize import minimize_scalar  # for training alone

    def loss(log_temperature: float) -> float:
        probabilities = softmax(scores / np.float32(np.exp(log_temperature)))
        return float(-np.log(probabilities[np.arange(len(targets)), targets] + 1e-9).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-4, 2), method="bounded").x))


def softmax(scores: Floats) -> Floats:
    """Row-wise softmax, shape kept."""
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True), dtype=np.float32)


def _matrix(features: Features) -> csr_matrix:
    return csr_matrix(hstack([features.ngrams, csr_matrix(features.vectors * VECTOR_WEIGHT)]))


def _fit_svm(
    matrix: csr_matrix, targets: npt.NDArray[np.int64], weights: npt.NDArray[np.float64] | None, seed: int
) -> tuple[Floats, Floats]:
    from sklearn.svm import LinearSVC  # for training alone

    svm = LinearSVC(C=1.0, random_state=seed, tol=1e-3).fit(matrix, targets, sample_weight=weights)
    coefficients, bias = svm.coef_.astype(np.float32), svm.intercept_.astype(np.float32)
    if len(coefficients) == 1:  # two classes: one hyperplane
        coefficients, bias = np.vstack([-coefficients, coefficients]), np.concatenate([-bias, bias])
    return coefficients, bias
