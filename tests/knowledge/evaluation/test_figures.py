"""Each figure on a few messages whose right value is known, or that scikit-learn gives."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score, roc_auc_score

from knowledge.evaluation.calibration import diagram
from knowledge.evaluation.compared import articles, auroc, compared, macro_f1, milliseconds, safety, service_types
from knowledge.evaluation.confusions import near_subjects, near_types
from knowledge.evaluation.entities import entities
from knowledge.evaluation.intervals import NOTHING, resampled, share
from knowledge.evaluation.risk import answers, curve
from knowledge.evaluation.several import several
from knowledge.evaluation.split_figures import split_figures
from tests.knowledge.evaluation.messages import example, judged


def test_a_share_and_its_interval() -> None:
    found = share([True] * 80 + [False] * 20)
    assert (found.value, found.n) == (0.8, 100)
    assert found.low is not None
    assert found.high is not None
    assert 0.70 < found.low < 0.74  # ± 1.96 √(0.8 × 0.2 / 100)
    assert 0.86 < found.high < 0.90
    assert found.half_width == pytest.approx(0.078, abs=0.015)


def test_more_messages_less_noise() -> None:
    few, many = share([True, False] * 20), share([True, False] * 500)
    assert many.half_width < few.half_width / 3


def test_the_interval_is_the_same_each_time() -> None:
    values = [True, False, True, True, False]
    assert share(values) == share(values)


def test_nothing_to_measure() -> None:
    assert share([]) == NOTHING
    assert NOTHING.half_width == 0
    assert auroc([], [0.1]) == auroc([0.1], []) == NOTHING
    assert milliseconds([])["p50"] is None
    assert resampled(lambda rows: float("nan"), 3).value is None


def test_articles_by_voice() -> None:
    wanted = [example("t/a", voice="dev_sms"), example("t/a", voice="dev_mail"), example("t/dossier_personnel")]
    found = articles(
        [
            judged(wanted[0], articles=("a", "b")).verdict,
            judged(wanted[1], articles=("b", "c", "a")).verdict,
            judged(wanted[2], articles=("a",)).verdict,
        ],
        "dev",
    )
    assert (found["all"]["acc@1"].value, found["all"]["acc@3"].value) == (0.5, 1.0)
    assert found["all"]["mrr"].value == pytest.approx((1 + 1 / 3) / 2, abs=1e-4)
    assert found["all"]["acc@1"].n == 2  # what only a person can answer has no article to find
    assert set(found["voices"]) == {"sms", "mail"}
    assert found["voices"]["mail"]["acc@1"].value == 0


def test_an_article_that_answers_too_is_told_apart() -> None:
    one = judged(example("t/a", also=["b"]), articles=("b", "a")).verdict
    found = articles([one], "dev")["all"]
    assert (found["acc@1"].value, found["accepted@1"].value) == (0, 1)


def test_macro_f1_is_that_of_scikit_learn() -> None:
    generator = np.random.default_rng(1)
    wanted, given = generator.integers(0, 5, 60), generator.integers(0, 6, 60)
    assert macro_f1(wanted, given, 8) == pytest.approx(f1_score(wanted, given, average="macro"))


def test_auroc_is_that_of_scikit_learn_with_ties() -> None:
    generator = np.random.default_rng(2)
    positive, negative = generator.integers(3, 9, 40) / 10, generator.integers(0, 7, 70) / 10
    expected = roc_auc_score([1] * 40 + [0] * 70, [*positive, *negative])
    found = auroc(positive.tolist(), negative.tolist())
    assert found.value == pytest.approx(expected, abs=1e-4)
    assert found.n == 40
    assert found.low is not None
    assert found.low < expected


def test_service_types_of_requests_alone() -> None:
    rows = [
        judged(example("t/a"), types=("t",)),
        judged(example("u/b"), types=("t",)),
        judged(example("hors_sujet/far")),
    ]
    found = service_types([j.verdict for j in rows])
    assert (found["accuracy"].value, found["accuracy"].n) == (0.5, 2)
    assert found["macro_f1"].value == pytest.approx((2 / 3 + 0) / 2, abs=1e-4)


def test_safety_by_label_and_kind() -> None:
    found = safety(
        [
            judged(example("surete/danger", kind="allusif"), alarm="danger").verdict,
            judged(example("surete/danger", kind="sms")).verdict,
            judged(example("surete/detresse"), alarm="danger").verdict,
            judged(example("surete/none", kind="colere"), alarm="danger").verdict,
            judged(example("surete/none", kind="colere")).verdict,
            judged(example("souffrance_harcelement/x"), alarm="danger").verdict,
            judged(example("t/a")).verdict,
        ]
    )
    assert found["recall"].value == pytest.approx(2 / 3, abs=1e-4)
    assert found["right_label"].value == pytest.approx(1 / 3, abs=1e-4)
    assert {k: v.value for k, v in found["recall_by_label"].items()} == {"danger": 0.5, "detresse": 1}
    assert {k: v.value for k, v in found["recall_by_kind"].items()} == {"allusif": 1, "sms": 0}
    assert (found["false_alarms"].value, found["false_alarms"].n) == (0.5, 2)
    assert {k: v.value for k, v in found["false_alarms_by_kind"].items()} == {"colere": 0.5}
    # a request about suffering may rightly ring: it is no false alarm
    assert (found["false_alarms_requests"].value, found["false_alarms_requests"].n) == (0, 1)


def test_scope_by_kind() -> None:
    rows = [judged(example("t/a"), out_of_scope=s) for s in (0.1, 0.2, 0.6)]
    rows += [judged(example("hors_sujet/far", kind="far"), out_of_scope=0.9)]
    rows += [judged(example("hors_sujet/near"), out_of_scope=0.15)]
    found = compared([j.verdict for j in rows], "dev")["out_of_scope"]
    assert found["auroc"].value == pytest.approx(4 / 6, abs=1e-4)
    assert {k: (v.value, v.n) for k, v in found["auroc_by_kind"].items()} == {"far": (1, 1), "near": (0.3333, 1)}


def test_confused_pairs_most_frequent_first() -> None:
    rows = [judged(example("t/a", "une longue phrase"), articles=("b",), types=("u",))]
    rows += [
        judged(example("t/a", "courte"), articles=("b",), types=("t",)),
        judged(example("t/a"), articles=("a",), types=("t",)),
    ]
    rows += [
        judged(example("t/c", also=["a"]), articles=("a",), types=("t",)),
        judged(example("t/c"), articles=("a",), types=("t",)),
    ]
    verdicts = [j.verdict for j in rows]
    assert near_subjects(verdicts) == [
        {"wanted": "a", "given": "b", "n": 2, "of": 3, "example": "courte"},
        {"wanted": "c", "given": "a", "n": 1, "of": 2, "example": "un message"},
    ]
    assert near_types(verdicts) == [{"wanted": "t", "given": "u", "n": 1, "of": 5, "example": "une longue phrase"}]


def test_calibration_of_what_is_announced() -> None:
    found = diagram([0.75] * 4 + [0.15] * 4 + [1.0], [True, True, True, False] + [False] * 4 + [True])
    assert found["reliability"] == [
        {"confidence": 0.15, "accuracy": 0.0, "n": 4},
        {"confidence": 0.75, "accuracy": 0.75, "n": 4},
        {"confidence": 1.0, "accuracy": 1.0, "n": 1},
    ]
    assert found["expected_calibration_error"].value == pytest.approx(0.15 * 4 / 9, abs=1e-4)


def test_answers_precision_and_coverage() -> None:
    found = answers(
        [
            judged(example("t/a"), articles=("a",), decision="answer"),
            judged(example("t/a", also=["b"]), articles=("b",), decision="answer"),
            judged(example("t/dossier_personnel"), articles=("a",), decision="answer"),  # a person was needed
            judged(example("t/a"), articles=("b", "c", "a"), decision="choices"),
            judged(example("t/a"), articles=("a",), decision="out_of_scope"),
            judged(example("hors_sujet/far"), articles=("a",), decision="answer"),
        ]
    )
    assert found["precision"].value == pytest.approx(2 / 3, abs=1e-4)
    assert (found["coverage"].value, found["coverage"].n) == (0.5, 4)
    assert found["choices_precision"].value == 1
    assert found["foreign_answered"].value == 1
    assert found["requests_refused"].value == 0.2


def test_risk_grows_with_coverage_and_the_chosen_point_is_what_was_answered() -> None:
    right = [judged(example("t/a"), articles=("a",), decision="answer") for _ in range(40)]
    wrong = [judged(example("t/a"), articles=("b",)) for _ in range(10)]
    foreign = judged(example("hors_sujet/far"))
    found = curve([*right, *wrong, foreign], [0.9] * 40 + [0.2] * 10 + [0.99])
    assert found["points"][0] == {"coverage": 0.2, "risk": 0.0}
    assert found["points"][-1] == {"coverage": 1.0, "risk": 0.2}
    assert [p["coverage"] for p in found["points"]] == sorted(p["coverage"] for p in found["points"])
    assert found["chosen"] == {"coverage": 0.8, "risk": 0.0}
    assert curve([foreign], [0.5]) == {"points": [], "chosen": None}


def test_entities_and_unit() -> None:
    rows = [
        judged(
            example("entites", entities={"niveau": "3e", "date": "lundi"}, unite="college"),
            entities={"niveau": "3E", "date": "lundi 3 mars"},
            unit="college",
        ),
        judged(example("entites", entities={"discipline": "SVT"}, unite="lycee"), entities={"discipline": "anglais"}),
        judged(example("entites", entities={}, unite=None), unit="pro"),
        judged(example("t/a"), entities={"niveau": "4e"}),
    ]
    found = entities(rows)
    assert found["f1"].value == pytest.approx(2 * 2 / (3 + 3), abs=1e-4)
    assert {k: v.value for k, v in found["f1_by_label"].items()} == {"niveau": 1, "date": 1, "discipline": 0}
    assert (found["unit_accuracy"].value, found["no_unit_accuracy"].value) == (0.5, 0)
    assert entities([rows[-1]])["f1"] == NOTHING


def test_several_requests_and_false_splits() -> None:
    found = several(
        [
            judged(example("plusieurs_demandes", request_types=["t", "u"]), everything=("u", "t", "v")),
            judged(example("plusieurs_demandes", request_types=["t", "u"]), everything=("t",)),
            judged(example("une_demande", request_types=["t"]), everything=("t", "u")),
            judged(example("une_demande", request_types=["t"]), everything=("u",)),
            judged(example("t/a"), everything=("t",)),
        ]
    )
    assert (found["all_found"].value, found["exactly"].value) == (0.5, 0)
    assert (found["false_splits"].value, found["false_splits"].n) == (0.5, 2)
    assert found["false_splits_requests"].value == 0


def test_times_of_short_messages_and_mails() -> None:
    rows = [
        judged(example("t/a", "mot " * 15), articles=("a",), types=("t",), milliseconds=float(n)) for n in (1, 2, 9)
    ]
    rows += [judged(example("t/a", "mot " * 100), articles=("a",), types=("t",), milliseconds=30.0)]
    found = split_figures(rows, [0.5] * 4, "dev")["latency"]
    assert (found["short"]["p50"], found["short"]["n"], found["mail"]["p50"], found["all"]["n"]) == (2, 3, 30, 4)
