"""The systems beside which the product is measured: they learn the same messages and say when they can't."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from knowledge.evaluation.baselines.kept import readings
from knowledge.evaluation.baselines.nearest import Bm25, MiniLm, installed_minilm
from knowledge.evaluation.baselines.rasa_project import project
from knowledge.evaluation.baselines.reading import NotMeasured, Reading
from knowledge.evaluation.baselines.stock_rasa import ENVIRONMENT, StockRasa
from knowledge.evaluation.training_messages import training_messages
from nlu.training.data import Example
from tests.fakes import FakeEngine
from tests.knowledge.evaluation.messages import example

TRAINING = [
    example("contact_horaires/horaires_telephone", "quels sont vos horaires au téléphone"),
    example("contact_horaires/horaires_telephone", "à quelle heure ouvre le standard"),
    example("bourses_aides/bourse_college_lycee", "demander une bourse pour le collège"),
    example("bourses_aides/bourse_college_lycee", "les bourses au lycée"),
    example("bourses_aides/dossier_personnel", "ma bourse n'est toujours pas versée"),
    example("bourses_aides/dossier_personnel", "bourse refusée par erreur"),
    example("hors_sujet/far", "une recette de crêpes au sucre"),
    example("hors_sujet/far", "qui a gagné le match de football"),
    example("surete/danger", "mon père me frappe tous les soirs"),
    example("surete/danger", "mon père me frappe fort"),
    example("surete/none", "ce devoir me tue"),
    example("surete/none", "ce devoir de maths me tue"),
    example("conversation/thank", "merci beaucoup"),
    example("conversation/thank", "merci bien"),
]


class Counting:
    """A baseline that counts how often it is asked to read."""

    name, label, note, version = "compte", "Compte", "essai", "1"

    def __init__(self) -> None:
        self.times = 0

    def read(self, training: Sequence[Example], texts: Sequence[str]) -> list[Reading]:
        self.times += 1
        return [Reading(("a",), "t", 0.5, "none", 1.0) for _ in texts]


@pytest.fixture(scope="module")
def by_bm25() -> dict[str, Reading]:
    texts = [
        "horaire du téléphone",
        "une bourse pour mon lycée",
        "recette de crêpe",
        "il me frappe",
        "versée",
        "zzz ??",
        "",
    ]
    return dict(zip(texts, Bm25().read(TRAINING, texts), strict=True))


@pytest.mark.parametrize(
    ("text", "article", "service_type"),
    [
        ("horaire du téléphone", "horaires_telephone", "contact_horaires"),
        ("une bourse pour mon lycée", "bourse_college_lycee", "bourses_aides"),
    ],
)
def test_bm25_finds_by_stems(by_bm25: dict[str, Reading], text: str, article: str, service_type: str) -> None:
    read = by_bm25[text]
    assert (read.articles[0], read.service_type, read.alarm) == (article, service_type, "none")
    assert len(set(read.articles)) == len(read.articles) == 2


def test_bm25_tells_what_is_foreign_and_what_is_alarming(by_bm25: dict[str, Reading]) -> None:
    assert by_bm25["recette de crêpe"].out_of_scope > 0 > by_bm25["horaire du téléphone"].out_of_scope
    assert by_bm25["il me frappe"].alarm == "danger"
    assert by_bm25["versée"].service_type == "bourses_aides"


@pytest.mark.parametrize("text", ["zzz ??", ""])
def test_bm25_reads_words_it_never_saw(by_bm25: dict[str, Reading], text: str) -> None:
    assert by_bm25[text].out_of_scope == 0


def test_minilm_says_that_it_is_absent(tmp_path: Path) -> None:
    with pytest.raises(NotMeasured, match="modèle absent"):
        MiniLm(tmp_path / "nulle_part", tmp_path).read(TRAINING, ["x"])


def test_the_package_of_minilm_is_found_only_when_installed() -> None:
    found = installed_minilm()
    assert found is None or (found / "modules.json").exists()


def test_readings_are_kept_until_messages_change(tmp_path: Path) -> None:
    baseline = Counting()
    first = readings(baseline, TRAINING, ["un", "deux"], folder=tmp_path)
    assert readings(baseline, TRAINING, ["un", "deux"], folder=tmp_path) == first
    assert baseline.times == 1
    readings(baseline, TRAINING[:-1], ["un", "deux"], folder=tmp_path)
    readings(baseline, TRAINING, ["un", "trois"], folder=tmp_path)
    baseline.version = "2"
    readings(baseline, TRAINING, ["un", "deux"], folder=tmp_path)
    assert baseline.times == 4


def test_readings_again_and_kept(tmp_path: Path) -> None:
    baseline = Counting()
    with pytest.raises(NotMeasured):
        readings(baseline, TRAINING, ["un"], folder=tmp_path, when="kept")
    for _ in range(2):
        readings(baseline, TRAINING, ["un"], folder=tmp_path, when="again")
    assert baseline.times == 2
    assert readings(baseline, TRAINING, ["un"], folder=tmp_path, when="kept")[0].articles == ("a",)


def test_everybody_learns_the_articles_own_phrasings() -> None:
    learnt = training_messages(FakeEngine().articles)
    questions = {e.article: e.text for e in learnt if e.writer == "articles"}
    assert questions["horaires_telephone"] == "Quand puis-je vous appeler ?"
    assert any(e.group == "surete" for e in learnt)


def test_the_stock_project_learns_our_intents() -> None:
    files = {name: yaml.safe_load(text) for name, text in project(TRAINING, 7).items()}
    names = [component["name"] for component in files["config.yml"]["pipeline"]]
    assert names == [
        "WhitespaceTokenizer", "RegexFeaturizer", "LexicalSyntacticFeaturizer", "CountVectorsFeaturizer",
        "CountVectorsFeaturizer", "DIETClassifier", "EntitySynonymMapper", "ResponseSelector", "FallbackClassifier",
    ]  # fmt: skip
    assert {c.get("epochs") for c in files["config.yml"]["pipeline"]} == {None, 7}
    intents = [row["intent"] for row in files["nlu.yml"]["nlu"]]
    assert "bourses_aides/bourse_college_lycee" in intents
    assert {"hors_sujet", "surete_danger", "surete_none", "conversation"} <= set(intents)
    assert set(files["domain.yml"]["intents"]) == {i.split("/")[0] for i in intents}
    assert "utter_bourses_aides/dossier_personnel" in files["domain.yml"]["responses"]


def test_the_stock_project_keeps_a_message_on_a_line_and_out_of_rasa_s_markup() -> None:
    text = project([example("t/a", "une\nligne [et](niveau)"), example("t/a", "- deux {x}")], 1)["nlu.yml"]
    assert yaml.safe_load(text)["nlu"][0]["examples"] == "- une ligne (et)(niveau)\n- - deux (x)\n"


def test_rasa_says_that_it_is_not_installed(tmp_path: Path) -> None:
    with pytest.raises(NotMeasured, match="n'est pas installé"):
        StockRasa(tmp_path, environment=tmp_path).read(TRAINING, ["x"])


@pytest.mark.rasa
@pytest.mark.timeout(600)
def test_a_real_stock_rasa_learns_and_is_not_taught_twice(tmp_path: Path) -> None:
    if not (ENVIRONMENT / "bin" / "rasa").exists():
        pytest.skip("the Rasa environment is not installed")
    rasa = StockRasa(tmp_path, epochs=30, niceness=0)
    texts = ["quels sont vos horaires au téléphone", "mon père me frappe fort", "les bourses au lycée", "/restart"]
    read = rasa.read(TRAINING, texts)
    assert [r.service_type for r in read[:3:2]] == ["contact_horaires", "bourses_aides"]
    assert (read[0].articles[0], read[2].articles[0]) == ("horaires_telephone", "bourse_college_lycee")
    assert (read[0].alarm, read[1].alarm) == ("none", "danger")
    assert all(r.milliseconds > 0 for r in read)
    (model,) = tmp_path.glob("rasa-*.tar.gz")
    made = model.stat().st_mtime_ns
    assert [r.articles for r in rasa.read(TRAINING, texts[:1])] == [read[0].articles]
    assert model.stat().st_mtime_ns == made
