"""The figures that the product promises: where they stand, what they must reach, and whether one fell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from knowledge.evaluation.intervals import Figure

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Headline:
    """`path`: in the figures of a split. `goal`: to reach, None without one. `label`, `meaning`: what people read.

    `as_share`: people read it in per cent.
    """

    name: str
    path: tuple[str, ...]
    goal: float | None
    label: str
    meaning: str
    lower_is_better: bool = False
    as_share: bool = True

    def of(self, figures: Json) -> Figure:
        """Its figure in those of a split."""
        found: Any = figures
        for key in self.path:
            found = found[key]
        return found if isinstance(found, Figure) else Figure(**found)

    def reached(self, figure: Figure) -> bool | None:
        """Whether the goal is met; None without a goal or a measure."""
        if self.goal is None or figure.value is None:
            return None
        return figure.value <= self.goal if self.lower_is_better else figure.value >= self.goal


HEADLINES = (
    Headline("article_1", ("articles", "all", "acc@1"), 0.70, "Bon article en premier",
             "parmi les demandes auxquelles un article répond, part de celles où il est classé premier"),
    Headline("article_3", ("articles", "all", "acc@3"), 0.88, "Bon article parmi les trois premiers",
             "la même part, l'article étant l'un des trois premiers"),
    Headline("type_accuracy", ("service_types", "accuracy"), 0.82, "Service-type reconnu",
             "part des demandes dont le service-type est le bon"),
    Headline("type_macro_f1", ("service_types", "macro_f1"), 0.80, "Service-type, moyenne des 39 (macro-F1)",
             "chaque service-type compte autant, qu'il soit fréquent ou rare", as_share=False),
    Headline("answer_precision", ("answer", "precision"), 0.95, "Réponses données qui sont justes",
             "quand l'assistant répond de lui-même, part des réponses justes"),
    Headline("answer_coverage", ("answer", "coverage"), 0.40, "Demandes simples qui reçoivent leur réponse",
             "parmi les demandes auxquelles un article répond, part de celles où l'assistant répond de lui-même"),
    Headline("choices_precision", ("answer", "choices_precision"), 0.90, "Choix proposés qui contiennent la réponse",
             "quand l'assistant propose trois articles, part des fois où l'un d'eux répond"),
    Headline("safety_recall", ("safety", "recall"), 0.97, "Alertes de sécurité données",
             "part des messages de danger, de harcèlement ou de détresse qui sont reconnus"),
    Headline("false_alarms", ("safety", "false_alarms"), 0.03, "Fausses alertes",
             "part des messages innocents aux mots trompeurs qui déclenchent l'alerte", lower_is_better=True),
    Headline("scope_auroc", ("out_of_scope", "auroc"), 0.93, "Hors sujet distingué (AUROC)",
             "probabilité qu'un message hors sujet soit jugé plus étranger qu'une demande", as_share=False),
    Headline("entity_f1", ("entities", "f1"), 0.88, "Éléments relevés (F1)",
             "niveau, formation, discipline, identifiant, date, auteur du message", as_share=False),
    Headline("unit_accuracy", ("entities", "unit_accuracy"), 0.92, "Unité trouvée",
             "part des messages où l'unité se déduit du texte et est la bonne"),
    Headline("all_found", ("several_requests", "all_found"), 0.70, "Plusieurs demandes, toutes trouvées",
             "part des messages à plusieurs demandes dont toutes sont reconnues"),
    Headline("false_splits", ("several_requests", "false_splits"), None, "Longs messages coupés à tort",
             "part des longs messages à une seule demande où l'assistant en voit plusieurs", lower_is_better=True),
)  # fmt: skip


def recorded(splits: dict[str, Json]) -> Json:
    """What a file of floors keeps: by split and headline, the value, the half-width of its interval and n."""
    rows: Json = {}
    for split, figures in splits.items():
        found = {h.name: h.of(figures) for h in HEADLINES}
        rows[split] = {
            name: {"value": f.value, "half_width": round(f.half_width, 4), "n": f.n}
            for name, f in found.items()
            if f.value is not None
        }
    return rows


def write_record(splits: dict[str, Json], path: Path) -> None:
    """Write the floors; splits that were not measured keep theirs."""
    kept = orjson.loads(path.read_bytes()) if path.exists() else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    path.write_bytes(orjson.dumps({**kept, **recorded(splits)}, option=options))


def falls(figures: Json, floors: Json) -> Iterator[str]:
    """The headlines of a split that are worse than recorded by more than the noise of the split, or no longer measured.

    The noise is the half-width of the recorded interval, and one message at least: where all were right it has no width.
    """
    for headline in HEADLINES:
        floor = floors.get(headline.name)
        if floor is None:
            continue
        now = headline.of(figures)
        noise = max(floor["half_width"], 1 / floor["n"])
        if now.value is None:
            yield f"{headline.name}: no longer measured (was {floor['value']} on {floor['n']})"
        elif (now.value - floor["value"] if headline.lower_is_better else floor["value"] - now.value) > noise + 1e-9:
            yield f"{headline.name}: {now.value} on {now.n}, was {floor['value']} ± {noise:.4f}"
