"""The report on small splits and a small engine: its two files, what people read in it, and the command that makes it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import orjson
import pytest

from knowledge.evaluation import command, judge
from knowledge.evaluation.baselines.nearest import Bm25, MiniLm
from knowledge.evaluation.baselines.reading import Baseline
from knowledge.evaluation.drawing import HEIGHT, WIDTH, Plot, Series
from knowledge.evaluation.headline import HEADLINES
from knowledge.evaluation.intervals import NOTHING, Figure
from knowledge.evaluation.judging import answer_scores
from knowledge.evaluation.report import available_splits, report
from knowledge.evaluation.writing import day, goal, milliseconds, page, part, score, write_report
from knowledge.triage import Engine
from tests.knowledge.small_engine import small_engine

REQUESTS = """\
- intent: contact_horaires/horaires_telephone
  metadata: {voice: %(split)s_sms, writer: %(split)s}
  examples:
  - text: "vos horaires %(split)s svp"
  - text: "vous ouvrez quand %(split)s"
- intent: bourses_aides/bourse_etudiant_bts
  metadata: {voice: %(split)s_mail, writer: %(split)s}
  examples:
  - text: "une bourse <b>%(split)s</b> pour mon bts"
- intent: bourses_aides/dossier_personnel
  metadata: {voice: %(split)s_mail, writer: %(split)s}
  examples:
  - text: "ma bourse %(split)s a été refusée par erreur"
"""
OTHERS = """\
- intent: hors_sujet/far
  examples:
  - text: "une recette de crêpes %(split)s"
    metadata: {kind: far}
- intent: surete/danger
  examples:
  - text: "il me frappe %(split)s"
- intent: surete/none
  examples:
  - text: "merci %(split)s"
- intent: plusieurs_demandes
  examples:
  - text: "vos horaires ? Et une bourse %(split)s au lycée ?"
    metadata: {request_types: [contact_horaires, bourses_aides]}
"""
ENTITIES = """\
- intent: entites
  examples:
  - text: "mon fils est en 3e"
    metadata: {entities: {niveau: 3e, qui: parent}, unite: college}
"""


class Structure(HTMLParser):
    """Tags with their attributes, and the text of headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[str] = []
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open = tag

    def handle_data(self, data: str) -> None:
        if self._open in ("h1", "h2") and data.strip():
            self.headings.append(data.strip())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return small_engine()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    for split in ("train", "dev", "epreuve"):
        (folder / split).mkdir()
        more = ENTITIES if split == "dev" else ""
        text = "version: '3.1'\nnlu:\n" + (REQUESTS + OTHERS) % {"split": split} + more
        (folder / split / "messages.yml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def found(engine: Engine, data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    kept = tmp_path_factory.mktemp("kept")
    others: Sequence[Baseline] = [Bm25(), MiniLm(kept / "absent", kept)]
    return report(engine, ["dev", "epreuve"], others, data=data, kept=kept)


@pytest.fixture(scope="module")
def html(found: dict[str, Any]) -> str:
    return page(found)


def test_splits_that_hold_messages(data: Path, tmp_path: Path) -> None:
    assert available_splits(data) == ["dev", "epreuve"]
    (tmp_path / "dev").mkdir()
    assert available_splits(tmp_path) == []


def test_each_split_has_all_its_figures(found: dict[str, Any]) -> None:
    assert list(found["splits"]) == ["dev", "epreuve"]
    for figures in found["splits"].values():
        assert figures["articles"]["all"]["acc@1"].n == 3
        assert set(figures["articles"]["voices"]) == {"sms", "mail"}
        assert figures["safety"]["recall"].n == figures["safety"]["false_alarms"].n == 1
        assert figures["several_requests"]["all_found"].n == 1
        assert figures["latency"]["all"]["p50"] > 0
    assert found["splits"]["dev"]["entities"]["f1"].n == 1
    assert found["splits"]["epreuve"]["entities"]["f1"] == NOTHING


def test_baselines_read_the_same_messages(found: dict[str, Any]) -> None:
    bm25, minilm = found["baselines"]
    assert bm25["splits"]["dev"]["articles"]["all"]["acc@1"].n == 3
    assert minilm["splits"] == {"dev": None, "epreuve": None}
    assert "non mesuré : modèle absent" in minilm["note"]


def test_the_curve_orders_by_what_the_rule_cuts(engine: Engine, data: Path) -> None:
    judged = judge(engine, data, "dev")
    scores = answer_scores(engine, judged)
    assert all(0 <= s <= 1 for s in scores)
    answered = [s for s, j in zip(scores, judged, strict=True) if j.triage.decision == "answer"]
    assert answered
    assert min(answered) >= engine.policy.answer_threshold


def test_the_json_is_read_back_with_its_intervals(found: dict[str, Any], tmp_path: Path) -> None:
    write_report(found, tmp_path)
    read = orjson.loads((tmp_path / "report.json").read_bytes())
    assert set(read["splits"]["dev"]["articles"]["all"]["acc@1"]) == {"value", "low", "high", "n"}
    for headline in HEADLINES:
        assert headline.of(read["splits"]["dev"]) == headline.of(found["splits"]["dev"])


def test_the_page_is_readable_alone(html: str) -> None:
    structure = Structure(html)
    assert structure.all("html") == [{"lang": "fr"}]
    assert structure.all("script") == structure.all("link") == structure.all("img") == []
    assert structure.headings[0] == "Aiguillage : ce que l'assistant comprend"
    assert {"Sécurité", "Hors sujet", "Sujets voisins confondus", "À côté d'autres systèmes"} <= set(structure.headings)
    assert len(structure.all("caption")) == len(structure.all("table"))
    assert {th.get("scope") for th in structure.all("th")} == {"col", "row"}
    ids = [a["id"] for _, a in structure.tags if "id" in a]
    assert len(ids) == len(set(ids))
    targets = {a["href"] for a in structure.all("a")}
    assert targets <= {f"#{i}" for i in ids}


def test_plots_say_in_words_what_they_show(html: str) -> None:
    structure = Structure(html)
    plots = [a for a in structure.all("svg") if a.get("role") == "img"]
    assert len(plots) == len(structure.all("figure")) == 3
    ids = {a.get("id") for _, a in structure.tags}
    for plot in plots:
        assert set(str(plot["aria-labelledby"]).split()) <= ids


def test_both_splits_stand_side_by_side(html: str) -> None:
    assert (
        '<th scope="col">Mise au point<small>9 messages</small></th><th scope="col">Épreuve<small>8 messages</small></th>'
        in html
    )
    assert "ne sont pas encore là" not in html
    assert "tenu" in html
    assert "non mesuré" in html


def test_messages_are_quoted_as_text(found: dict[str, Any]) -> None:
    pair = {"wanted": "a", "given": None, "n": 1, "of": 2, "example": "<b>&x"}
    figures = {**found["splits"]["dev"], "confusions": {"articles": [pair], "service_types": []}}
    html = page({**found, "splits": {"dev": figures}})
    assert "&lt;b&gt;&amp;x" in html
    assert "Aucune confusion." in html


def test_french_is_plain(html: str) -> None:
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL)
    assert not re.search(r"!|None|nan\b|Figure\(|\btu\b", text)


def test_without_the_second_split_the_page_says_so(found: dict[str, Any]) -> None:
    alone = {**found, "splits": {"dev": found["splits"]["dev"]}}
    assert "ne sont pas encore là" in page(alone)


@pytest.mark.parametrize(
    ("figure", "shown"),
    [
        (Figure(0.961, 0.944, 0.977, 9), "96,1\u00a0% (94,4 à 97,7)"),
        (Figure(0.5, None, None, 9), "50,0\u00a0%"),
        (0.05, "5,0\u00a0%"),
        (NOTHING, "non mesuré"),
        (None, "non mesuré"),
    ],
)
def test_shares_as_people_read_them(figure: Figure | float | None, shown: str) -> None:
    assert part(figure) == shown


def test_other_values_as_people_read_them() -> None:
    assert score(Figure(0.9834, 0.97, 0.99, 9)) == "0,983 (0,970 à 0,990)"
    assert milliseconds(4.24) == "4,2\u00a0ms"
    assert milliseconds(None) == "non mesuré"
    assert day("2026-11-22") == "22/11/2026"
    by_name = {h.name: h for h in HEADLINES}
    assert goal(by_name["false_alarms"]) == "au plus 3\u00a0%"
    assert goal(by_name["scope_auroc"]) == "au moins 0,93"
    assert goal(by_name["false_splits"]) == "–"


def test_coordinates_stay_in_the_drawing() -> None:
    series = Series("s", 0, ((0.0, 0.0), (0.5, 0.1), (2.0, 9.0)), line=True)
    plot = Plot("p", "t", "d", "x", "y", (series,), y_most=0.2)
    points = [tuple(map(float, p.split(","))) for p in plot.path(series).split()]
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in points)
    assert points[0][0] < points[1][0] < points[2][0]
    assert points[0][1] > points[1][1] > points[2][1]
    assert plot.ticks(0.2) == (0, 0.04, 0.08, 0.12, 0.16, 0.2)


def arguments(data: Path, out: Path, **given: Any) -> argparse.Namespace:
    usual = {"split": None, "baselines": "none", "minilm": None, "epochs": None, "record": None}
    return argparse.Namespace(data=data, out=out, **{**usual, **given})


def test_the_command_writes_the_report_and_the_floors(
    engine: Engine, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    floors = tmp_path / "floors" / "headline.json"
    assert command.run(arguments(data, tmp_path / "out", record=floors), engine) == 0
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"report.html", "report.json"}
    assert set(orjson.loads(floors.read_bytes())) == {"dev", "epreuve"}
    assert "Bon article en premier" in capsys.readouterr().out


def test_the_command_measures_the_split_it_is_given(engine: Engine, data: Path, tmp_path: Path) -> None:
    assert command.run(arguments(data, tmp_path, split=["epreuve"]), engine) == 0
    assert list(orjson.loads((tmp_path / "report.json").read_bytes())["splits"]) == ["epreuve"]


@pytest.mark.parametrize("split", [["lune"], ["dev", "lune"], ["train"]])
def test_the_command_refuses_a_split_without_message(
    engine: Engine, data: Path, tmp_path: Path, split: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.run(arguments(data, tmp_path / "out", split=split), engine) == 2
    assert not (tmp_path / "out").exists()
    assert "Aucun message" in capsys.readouterr().err


def test_a_rule_that_answers_nothing_still_has_a_report(engine: Engine, data: Path) -> None:
    mute = replace(engine, policy=replace(engine.policy, answer_threshold=1.01))
    assert "non mesuré" in page(report(mute, ["dev"], [], data=data))
