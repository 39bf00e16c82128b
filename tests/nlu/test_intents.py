"""The linear classifier on vectors and n-grams, with a small embedder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nlu.features import FeatureExtractor, Features, readable
from nlu.intents import IntentClassifier, fit, fit_temperature, held_out, softmax
from nlu.segmentation import MAX_CHARACTERS
from tests.nlu.embedders import HashEmbedder

TEXTS = {
    "colis": [
        "mon colis n'est pas arrive",
        "colis perdu",
        "ou est mon colis de cours",
        "je n'ai pas recu le colis",
        "colis abime",
    ],
    "facture": [
        "je veux une facture",
        "facture svp",
        "envoyer la facture",
        "ou trouver ma facture",
        "facture de paiement",
    ],
    "stage": [
        "convention de stage",
        "signer la convention",
        "mon stage commence",
        "trouver un stage",
        "stage de trois semaines",
    ],
}
ROWS = [(text, label) for label, texts in TEXTS.items() for text in texts]


@pytest.fixture(scope="module")
def extractor() -> FeatureExtractor:
    return FeatureExtractor.fit([t for t, _ in ROWS], HashEmbedder())


@pytest.fixture(scope="module")
def features(extractor: FeatureExtractor) -> Features:
    return extractor.extract([t for t, _ in ROWS])


@pytest.fixture(scope="module")
def classifier(features: Features) -> IntentClassifier:
    return fit(features, [label for _, label in ROWS])


def test_it_learns_its_examples(classifier: IntentClassifier, features: Features) -> None:
    best = classifier.scores(features).argmax(axis=1)
    assert [classifier.labels[i] for i in best] == [label for _, label in ROWS]


def test_it_reads_new_sentences(classifier: IntentClassifier, extractor: FeatureExtractor) -> None:
    new = extractor.extract(["le colis de mon fils", "une facture pour mon employeur", "convention pas signee"])
    assert [classifier.labels[i] for i in classifier.scores(new).argmax(axis=1)] == ["colis", "facture", "stage"]


def test_probabilities(classifier: IntentClassifier, features: Features) -> None:
    probabilities = classifier.probabilities(features)
    assert probabilities.shape == (len(ROWS), 3)
    assert (probabilities >= 0).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert (probabilities.argmax(axis=1) == classifier.scores(features).argmax(axis=1)).all()
    assert classifier.temperature > 0


def test_labels_keep_their_column_whatever_the_order(features: Features) -> None:
    order = np.random.default_rng(0).permutation(len(ROWS))
    shuffled = Features(features.ngrams[order], features.vectors[order])
    one, other = fit(features, [label for _, label in ROWS]), fit(shuffled, [ROWS[i][1] for i in order])
    assert one.labels == other.labels == ("colis", "facture", "stage")
    assert (one.scores(features).argmax(axis=1) == other.scores(features).argmax(axis=1)).all()


def test_two_labels(features: Features) -> None:
    labels = ["colis" if label == "colis" else "autre" for _, label in ROWS]
    classifier = fit(features, labels)
    assert classifier.labels == ("autre", "colis")
    assert [classifier.labels[i] for i in classifier.scores(features).argmax(axis=1)] == labels
    np.testing.assert_allclose(classifier.probabilities(features).sum(axis=1), 1, atol=1e-5)


def test_one_label_is_refused(features: Features) -> None:
    with pytest.raises(ValueError, match="two labels"):
        fit(features, ["seul"] * len(ROWS))


def test_held_out_scores_come_from_models_that_have_not_seen_the_group(features: Features) -> None:
    labels = [label for _, label in ROWS]
    kept = held_out(features, labels, [f"personne {i % 5}" for i in range(len(ROWS))])
    assert kept.labels == ("colis", "facture", "stage")
    assert sorted(kept.rows.tolist()) == list(range(len(ROWS)))
    assert [kept.labels[i] for i in kept.targets] == [labels[i] for i in kept.rows]
    seen = fit(features, labels).scores(features)[kept.rows]
    own = np.arange(len(ROWS))
    assert kept.scores[own, kept.targets].mean() < seen[own, kept.targets].mean()


def test_a_label_of_one_group_alone_is_left_out_of_its_fold(features: Features) -> None:
    """A subject that one person alone wrote about can't be known without that person."""
    groups = [f"personne {i % 4}" for i in range(10)] + ["seule"] * 5
    kept = held_out(features, [label for _, label in ROWS], groups)
    assert sorted(kept.rows.tolist()) == list(range(10))
    assert (kept.scores.min(axis=0)[2]) < 0


def test_fewer_groups_than_folds_are_refused(features: Features) -> None:
    with pytest.raises(ValueError, match="groups"):
        held_out(features, [label for _, label in ROWS], ["un", "deux"] * 7 + ["un"])


def test_the_fitted_temperature_follows_how_often_the_scores_are_right() -> None:
    rng = np.random.default_rng(0)
    targets = rng.integers(0, 3, 600)
    sure = np.full((600, 3), -1.0, dtype=np.float32)
    sure[np.arange(600), targets] = 1.0
    doubtful = sure.copy()
    wrong = rng.choice(600, 300, replace=False)
    doubtful[wrong] = np.roll(sure[wrong], 1, axis=1)
    assert fit_temperature(sure, targets) < 0.1 < 1 < fit_temperature(doubtful, targets)


def test_saved_and_loaded_it_predicts_the_same(
    classifier: IntentClassifier, extractor: FeatureExtractor, features: Features, tmp_path: Path
) -> None:
    extractor.save(tmp_path)
    classifier.save(tmp_path, "sujets")
    loaded = IntentClassifier.load(tmp_path, "sujets")
    again = FeatureExtractor.load(tmp_path, HashEmbedder()).extract([t for t, _ in ROWS])
    assert loaded.labels == classifier.labels
    np.testing.assert_allclose(again.ngrams.toarray(), features.ngrams.toarray(), atol=1e-6)
    np.testing.assert_allclose(loaded.probabilities(again), classifier.probabilities(features), atol=5e-3)


def test_a_colder_temperature_is_surer(classifier: IntentClassifier, features: Features) -> None:
    colder = replace(classifier, temperature=classifier.temperature / 2)
    assert (colder.probabilities(features).max(axis=1) >= classifier.probabilities(features).max(axis=1)).all()


def test_softmax_does_not_overflow() -> None:
    rows = softmax(np.array([[1000.0, 0.0], [-1000.0, -1000.0]], dtype=np.float32))
    np.testing.assert_allclose(rows, np.array([[1, 0], [0.5, 0.5]]))


def test_readable_keeps_the_words_of_the_person() -> None:
    assert readable("Bonjour, jarrive pas") == readable("BONJOUR, JARRIVE PAS")
    assert readable("Mon colis ?\n\nCordialement\nJean") == "mon colis ?"
    assert len(readable("a b " * 5000)) <= MAX_CHARACTERS


def test_unknown_words_have_no_ngrams(extractor: FeatureExtractor) -> None:
    assert extractor.extract(["ʘʘʘ", ""]).ngrams.nnz == 0
