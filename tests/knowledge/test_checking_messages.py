"""What `knowledge check` says of the messages: nearly the same ones, and too few of a kind."""

from __future__ import annotations

import random
import time
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from knowledge.checking import LEAST, Least, check, comparable
from knowledge.checking.near_duplicates import FEWEST_WORDS, THRESHOLD, near_pairs
from tests.knowledge.conftest import article

FEW = Least(0, 0, 0, 0, 0)
HEAD = "version: '3.1'\nnlu:\n"


def block(intent: str, *texts: str, writer: str = "a", metadata: str = "") -> str:
    rows = "".join(f'  - text: "{text}"\n{metadata}' for text in texts)
    return f"- intent: {intent}\n  metadata: {{writer: {writer}}}\n  examples:\n{rows}"


def write(messages: Path, split: str, *blocks: str) -> Path:
    path = messages / split / "autres.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEAD + "".join(blocks), encoding="utf-8")
    return path


def told(content: Path, messages: Path, least: Least = FEW) -> list[tuple[str, int, str]]:
    return [(f"{f.path.parent.name}/{f.path.name}", f.line, f.message) for f in check(content, messages, least)]


@pytest.mark.parametrize("split", ["dev", "epreuve"])
def test_nearly_the_same_message_on_both_sides(content: Path, messages: Path, split: str) -> None:
    write(messages, "train", block("contact_horaires/horaires", "le standard est ouvert le samedi matin ou pas"))
    write(
        messages,
        split,
        block("contact_horaires/horaires", "autre chose", "Le standard est ouvert le samedi matin ?", writer="z"),
    )
    ((place, line, message),) = told(content, messages)
    assert (place, line) == (f"{split}/autres.yml", 7)
    assert "train/autres.yml:6 de l'autre côté de la séparation" in message


def test_the_second_split_is_compared_with_the_first(content: Path, messages: Path) -> None:
    for split, writer in (("dev", "y"), ("epreuve", "z")):
        write(
            messages,
            split,
            block("contact_horaires/horaires", "le standard est ouvert le samedi ou pas", writer=writer),
        )
    ((place, _, message),) = told(content, messages)
    assert place == "epreuve/autres.yml"
    assert "dev/autres.yml:6" in message


def test_a_measured_message_like_a_phrasing_of_an_article(content: Path, messages: Path) -> None:
    text = article(
        "horaires",
        "contact_horaires",
        [f"ouvert numéro {n}" for n in range(7)] + ["le standard ferme quand le vendredi"],
    )
    (content / "faq" / "horaires.md").write_text(text, encoding="utf-8")
    write(messages, "dev", block("contact_horaires/horaires", "le standard ferme quand vendredi", writer="z"))
    ((place, line, message),) = told(content, messages)
    assert (place, line) == ("dev/autres.yml", 6)
    assert "faq/horaires.md:" in message


def test_nearly_the_same_message_under_two_subjects(content: Path, messages: Path) -> None:
    write(
        messages,
        "train",
        block("contact_horaires/horaires", "à qui je parle pour un conseil d'orientation"),
        block("orientation/conseils", "à qui je parle pour des conseils d'orientation"),
    )
    ((place, line, message),) = told(content, messages)
    assert (place, line) == ("train/autres.yml", 10)
    assert "sous un autre sujet (contact_horaires/horaires, orientation/conseils)" in message


@pytest.mark.parametrize(
    ("one", "other"),
    [("surete/danger", "surete/none"), ("conversation/person", "orientation/conseils")],
)
def test_what_is_alike_on_purpose(content: Path, messages: Path, one: str, other: str) -> None:
    write(
        messages,
        "train",
        block(one, "ce devoir de physique me tue vraiment"),
        block(other, "ce devoir de physique me tue"),
    )
    assert told(content, messages) == []


def test_one_subject_may_be_asked_in_nearly_the_same_words(content: Path, messages: Path) -> None:
    write(
        messages,
        "train",
        block("orientation/conseils", "qui me conseille pour mon choix", "qui me conseille pour le choix"),
    )
    assert told(content, messages) == []


def test_few_words_are_nobody_s_phrase(content: Path, messages: Path) -> None:
    write(messages, "train", block("surete/detresse", "je veux mourir là"))
    write(messages, "dev", block("surete/detresse", "moi veux mourir", writer="z"))
    assert told(content, messages) == []


def test_pairs_are_exactly_those_of_a_full_comparison() -> None:
    generator = random.Random(3)
    words = [
        f"{a}{b}{c}" for a in ("cou", "dev", "bul", "sta") for b in ("rri", "oir", "let") for c in ("er", "s", "in")
    ]
    texts = [" ".join(generator.choices(words, k=generator.randint(2, 9))) for _ in range(300)]
    texts += [t.replace("er", "é", 1) for t in texts[:60]] + [texts[7]]
    vectorizer = CountVectorizer(analyzer="char_wb", ngram_range=(4, 4))
    counts = vectorizer.fit_transform([comparable(t) for t in texts]).astype(float)
    full = (m := normalize(counts.sqrt())) @ m.T
    long = [len(t.split()) >= FEWEST_WORDS for t in texts]
    wanted = {
        (i, j) for i, j in zip(*np.nonzero(full.toarray() >= THRESHOLD), strict=True) if i < j and long[i] and long[j]
    }
    found = near_pairs(texts)
    assert len(wanted) > 60
    assert {(i, j) for i, j, _ in found} == wanted
    assert all(abs(cosine - full[i, j]) < 1e-4 for i, j, cosine in found)


@pytest.mark.parametrize("texts", [[], ["un seul message sans voisin"], ["", "  ", "?!"]])
def test_nothing_to_compare(texts: list[str]) -> None:
    assert near_pairs(texts) == []


def test_ten_thousand_messages_take_seconds() -> None:
    """Processor time, so that neighbours of the machine do not count."""
    generator = random.Random(5)
    syllables = [a + b for a in "bcdflmnprstv" for b in ("a", "e", "i", "o", "u", "an", "ou", "er")]
    words = ["".join(generator.choices(syllables, k=generator.randint(1, 4))) for _ in range(4000)]
    weights = [1 / rank for rank in range(1, len(words) + 1)]  # as words come in a language
    texts = [" ".join(generator.choices(words, weights, k=generator.randint(4, 30))) for _ in range(10_000)]
    texts[-1] = f"{texts[0]} merci"
    began = time.process_time()
    found = near_pairs(texts)
    assert time.process_time() - began < 5
    assert (0, 9_999) in {(i, j) for i, j, _ in found}


def test_too_few_messages_of_a_kind(content: Path, messages: Path) -> None:
    write(messages, "train", block("hors_sujet/far", "la météo de demain"), block("surete/none", "ce devoir me tue"))
    found = told(content, messages, Least(article=2, service_type=3, out_of_scope=1, alarms=1, innocent=2))
    assert [message for _, _, message in found] == [
        "article conseils : 0 messages d'entraînement (attendu : au moins 2)",
        "article horaires : 1 messages d'entraînement (attendu : au moins 2)",
        "service-type contact_horaires : 1 messages d'entraînement (attendu : au moins 3)",
        "service-type orientation : 0 messages d'entraînement (attendu : au moins 3)",
        "alertes de sécurité : 0 messages d'entraînement (attendu : au moins 1)",
        "innocents aux mots trompeurs : 1 messages d'entraînement (attendu : au moins 2)",
    ]


def test_what_the_project_asks_for() -> None:
    assert Least(article=16, service_type=80, out_of_scope=400, alarms=300, innocent=300) == LEAST


def test_messages_of_measure_do_not_count_as_training(content: Path, messages: Path) -> None:
    write(messages, "dev", *(block("hors_sujet/far", f"question {n} sans rapport aucun", writer="z") for n in range(3)))
    found = told(content, messages, Least(0, 0, 1, 0, 0))
    assert [message for _, _, message in found] == ["hors sujet : 0 messages d'entraînement (attendu : au moins 1)"]


@pytest.mark.parametrize(("one", "other"), [("train", "epreuve"), ("dev", "epreuve")])
def test_a_writer_of_two_splits(content: Path, messages: Path, one: str, other: str) -> None:
    writer = {"train": "a", "dev": "b"}[one]
    write(messages, "epreuve", block("orientation/conseils", "qui me conseille", writer=writer))
    ((_, _, message),) = told(content, messages)
    assert message == f"le passage d'écriture {writer} est des deux côtés de la séparation ({one}, {other})"


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ("    metadata: {request_types: [orientation, lune]}\n", "service-type inconnu lune"),
        ("    metadata: {also: [conseils, lune]}\n", "autre article inconnu lune"),
    ],
)
def test_ids_of_the_metadata_are_known(content: Path, messages: Path, metadata: str, message: str) -> None:
    path = write(
        messages, "epreuve", block("plusieurs_demandes", "horaires et conseils", writer="z", metadata=metadata)
    )
    (fault,) = check(content, messages, FEW)
    assert (fault.path, fault.line) == (path, 6)
    assert fault.message.startswith(message)
