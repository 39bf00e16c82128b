"""Alarms: the sentences that are read one by one, the words that leave no doubt, and the thresholds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlu.features import FeatureExtractor, readable_parts
from nlu.intents import fit
from nlu.safety import LABELS, NONE, SafetyDetector, plain_words
from tests.nlu.embedders import HashEmbedder

TEXTS = {
    "danger": ["il me frappe tous les soirs", "mon pere me tape", "on me frappe a la maison", "il me tape dessus"],
    "harcelement": [
        "ils se moquent de moi au college",
        "une eleve me harcele",
        "on m'insulte sur le groupe",
        "ils me harcelent",
    ],
    "detresse": [
        "je veux mourir",
        "je n'ai plus envie de vivre",
        "je veux en finir avec la vie",
        "plus envie de vivre",
    ],
    NONE: [
        "ou est mon colis",
        "je veux une facture",
        "mon inscription est bloquee",
        "quelle est la date du bac",
        "note de maths",
    ],
}


EXTRACTOR = FeatureExtractor.fit([t for texts in TEXTS.values() for t in texts], HashEmbedder())


@pytest.fixture(scope="module")
def detector() -> SafetyDetector:
    rows = [(text, label) for label, texts in TEXTS.items() for text in texts]
    classifier = fit(EXTRACTOR.extract([t for t, _ in rows]), [label for _, label in rows], temperature=0.1)
    return SafetyDetector(classifier, 0.8, 0.8)


def read(detector: SafetyDetector, text: str) -> tuple[str, float]:
    reading = detector.read(text, *EXTRACTOR.extract_parts(readable_parts(text)))
    return reading.label, reading.score


@pytest.mark.parametrize(("label", "text"), [(label, texts[0]) for label, texts in TEXTS.items()])
def test_learned_messages(detector: SafetyDetector, label: str, text: str) -> None:
    assert read(detector, text)[0] == label


def test_below_the_threshold_there_is_no_label(detector: SafetyDetector) -> None:
    label, score = read(detector, "ou est mon colis")
    assert label == NONE
    assert 0 <= score < detector.threshold


def test_no_threshold_reached_gives_none_however_grave(detector: SafetyDetector) -> None:
    deaf = replace(detector, threshold=1.01, part_threshold=1.01)
    assert read(deaf, "une eleve me harcele")[0] == NONE


def test_words_that_leave_no_doubt_count_whatever_the_classifier_thinks(detector: SafetyDetector) -> None:
    deaf = replace(detector, threshold=1.01, part_threshold=1.01)
    assert read(deaf, "je veux mourir") == ("detresse", 1.0)


def test_a_grave_sentence_in_a_long_ordinary_mail_is_heard(detector: SafetyDetector) -> None:
    mail = "Mon inscription est bloquée depuis une semaine. Une élève me harcèle tous les jours. Quelle est la date du bac ?"
    careful = replace(detector, threshold=1.01)
    assert read(careful, mail)[0] == "harcelement"
    deaf = replace(careful, part_threshold=1.01)
    assert read(deaf, mail)[0] == NONE


def test_quoted_mail_is_not_read(detector: SafetyDetector) -> None:
    mail = "Où est mon colis ?\n\nLe 12 mai, Léa a écrit :\n> une élève me harcèle au collège"
    assert read(detector, mail)[0] == NONE


def test_an_empty_message_is_quiet(detector: SafetyDetector) -> None:
    assert read(detector, "")[0] == NONE


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("je veux mourir", "detresse"),
        ("Je VEUX mourir !!!", "detresse"),
        ("je vais en finir", "detresse"),
        ("je veux en finir avec la vie", "detresse"),
        ("moi je pense à me suicider", "detresse"),
        ("elle veut mettre fin à ses jours", "detresse"),
        ("ma fille a des idées noires", "detresse"),
        ("il a fait une tentative de suicide", "detresse"),
        ("elle se scarifie", "detresse"),
        ("mon père me frappe", "danger"),
        ("mon beau-père me frappe", "danger"),
        ("ma belle mère me bat", "danger"),
        ("j'ai été violée", "danger"),
        ("ma fille est harcelée", "harcelement"),
        ("Mon fils se fait harceler tous les jours", "harcelement"),
        ("je suis harcelé", "harcelement"),
    ],
)
def test_plain_words(text: str, label: str) -> None:
    assert label in LABELS
    assert plain_words(text) == label


@pytest.mark.parametrize(
    "text",
    [
        "je veux mourir de rire",
        "je vais mourir de faim avec ces délais",
        "il me frappe dans l'oeil",
        "ce sujet me frappe par son actualité",
        "un devoir sur le suicide chez Durkheim",
        "la tentative de suicide dans le roman étudié",
        "je veux en finir avec cette inscription",
        "mon colis a disparu",
        "je vais me tuer à la tâche",
        "je suis harcelé par vos relances",
        "il est harcelant ce chapitre",
        "ma fille a été harcelée il y a deux ans, elle va bien maintenant",
        "",
    ],
)
def test_innocent_words(text: str) -> None:
    assert plain_words(text) is None
