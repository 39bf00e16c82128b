"""The report as files: `report.json` for programs, `report.html` for the institution."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from knowledge.evaluation import drawing
from knowledge.evaluation.comparison_table import COLUMNS, rows
from knowledge.evaluation.headline import HEADLINES, Headline
from knowledge.evaluation.intervals import Figure

Json = dict[str, Any]
RISK = 0.05  # of a wrong answer, at most
_TEMPLATES = Path(__file__).parent / "templates"
UNKNOWN = "non mesuré"
SPLIT_NAMES = {"dev": "mise au point", "epreuve": "épreuve"}
NAMES = {
    "all": "toutes", "libre": "forme libre", "mail": "longs courriels", "paraphrase": "paraphrases", "sms": "style SMS",
    "danger": "danger", "harcelement": "harcèlement", "detresse": "détresse",
    "far": "sans rapport", "near": "proche : l'école, mais pas nos services", "gibberish": "suite de lettres",
    "homework": "devoir à faire", "injection": "tentative de détournement", "other_language": "autre langue",
    "niveau": "niveau", "formation": "formation", "discipline": "discipline", "identifiant": "identifiant",
    "date": "date", "qui": "auteur du message",
}  # fmt: skip


def write_report(found: Json, folder: Path) -> None:
    """Write both files into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))
    (folder / "report.html").write_text(page(found), encoding="utf-8")


def page(found: Json) -> str:
    """The readable report: one HTML page that needs nothing else."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    splits = found["splits"]
    environment.filters |= {
        "part": part,
        "score": score,
        "named": named,
        "milliseconds": milliseconds,
        "goal": goal,
        "day": day,
    }
    return environment.get_template("rapport.html").render(
        found=found, splits=[(SPLIT_NAMES.get(s, s), figures) for s, figures in splits.items()],
        headlines=HEADLINES, plots=plots(splits), drawing=drawing, risk=RISK, columns=COLUMNS,
        comparisons=[(SPLIT_NAMES.get(s, s), s, list(rows(f, found["baselines"], s, shown))) for s, f in splits.items()],
        safety_labels=[f["safety"]["recall_by_label"] for f in splits.values()],
        safety_kinds=[f["safety"]["recall_by_kind"] for f in splits.values()],
        false_kinds=[f["safety"]["false_alarms_by_kind"] for f in splits.values()],
        scope_kinds=[{"all": f["out_of_scope"]["auroc"], **f["out_of_scope"]["auroc_by_kind"]} for f in splits.values()],
        entity_labels=[f["entities"]["f1_by_label"] for f in splits.values()],
    )  # fmt: skip


def plots(splits: Json) -> dict[str, drawing.Plot]:
    """The plots of the page, by name."""
    pairs = [(SPLIT_NAMES.get(s, s), figures) for s, figures in splits.items()]
    titles = {"service_types": "Probabilité du service-type", "articles": "Probabilité du premier article"}
    diagrams = {
        name: drawing.reliability(name, title, [(s, f["calibration"][name]) for s, f in pairs])
        for name, title in titles.items()
    }
    return {**diagrams, "risk": drawing.risk_coverage([(s, f["risk_coverage"]) for s, f in pairs], RISK)}


def part(value: Figure | float | None, bounds: bool = True) -> str:
    """A share as people read it: "96,1 % (94,4 à 97,7)"."""
    return _shown(value, bounds, lambda v: f"{v * 100:.1f}".replace(".", ","), "\u00a0%")


def goal(headline: Headline) -> str:
    """What a headline must reach: "au moins 97 %"."""
    if headline.goal is None:
        return "–"
    number = f"{headline.goal * 100:.0f}\u00a0%" if headline.as_share else f"{headline.goal:.2f}".replace(".", ",")
    return f"{'au plus' if headline.lower_is_better else 'au moins'} {number}"


def day(date: str) -> str:
    """ "2026-11-22" → "22/11/2026"."""
    return "/".join(reversed(date.split("-")))


def score(value: Figure | float | None, bounds: bool = True) -> str:
    """A score between 0 and 1: "0,983 (0,974 à 0,991)"."""
    return _shown(value, bounds, lambda v: f"{v:.3f}".replace(".", ","), "")


def shown(headline: Headline, figure: Figure) -> str:
    """A headline figure, without its interval."""
    return part(figure, False) if headline.as_share else score(figure, False)


def milliseconds(value: float | None) -> str:
    """A time: "4,2 ms"."""
    return UNKNOWN if value is None else f"{value:.1f}\u00a0ms".replace(".", ",")


def named(key: str) -> str:
    """The French name of a voice, a label, a kind; what has none is shown as it is."""
    return NAMES.get(key, key.replace("_", " "))


def _shown(value: Figure | float | None, bounds: bool, number: Any, unit: str) -> str:
    if isinstance(value, Figure):
        if value.value is None:
            return UNKNOWN
        interval = f" ({number(value.low)} à {number(value.high)})" if bounds and value.low is not None else ""
        return f"{number(value.value)}{unit}{interval}"
    return UNKNOWN if value is None else f"{number(value)}{unit}"
