"""The figures as a table that people read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.bench.chat import chat_table
from tests.bench.lookup import lookup_table

Json = dict[str, Any]
# The figures to reach: milliseconds, turns a second, megabytes.
TRIAGE_MS, SEARCH_MS, TURN_MS, TURN_P95_MS, PER_SECOND = 8, 8, 25, 60, 80
RESIDENT_MB = {"service": 800, "Rasa": 750}
WIDTH = 44


def table(figures: Json) -> str:
    """The whole report."""
    return "\n".join(
        [
            *_machine(figures),
            *_understanding(figures),
            *lookup_table(figures.get("lookup", {})),
            *_turns(figures),
            *_starts(figures),
            *_memory(figures),
            *chat_table(figures.get("chat", {})),
        ]
    )


def _machine(figures: Json) -> Iterator[str]:
    machine = figures["machine"]
    before, after = machine["load_before"], machine["load_after"]
    yield f"Aiguillage : mesures du {machine['date']}, {machine['cores']} cœurs, {machine['processor']}"
    yield f"Charge de la machine sur une minute : {before:.1f} avant, {after:.1f} après. Durées en millisecondes."


def _understanding(figures: Json) -> Iterator[str]:
    found, product = figures["understanding"], figures["product"]
    yield _heading("Compréhension (un cœur)", "p50", "p95", "par s", "objectif")
    yield _timed("triage, message de 15 mots", found["short"], _under(found["short"]["p50"], TRIAGE_MS))
    yield _timed("triage, courriel de 100 mots", found["mails"])
    yield _timed("recherche FAQ, dans le processus", found["searches"])
    search = product["faq_search"]
    yield _timed("recherche FAQ, par HTTP", search, _under(search["p50"], SEARCH_MS))


def _turns(figures: Json) -> Iterator[str]:
    product, stock = figures["product"], figures.get("stock")
    yield _heading("Un tour de conversation", "p50", "p95", "par s", "objectif")
    alone, together = product["alone"]["turns"], product["together"]["turns"]
    met = f"{_under(alone['p50'], TURN_MS)}, p95 {_under(alone['p95'], TURN_P95_MS)}"
    yield _timed("l'un après l'autre", alone, met)
    yield _timed("8 conversations à la fois", together, _over(together["per_second"], PER_SECOND))
    noise = [
        f"{measured[phase]['others_cores']:.1f}" for _, measured in _both(figures) for phase in ("alone", "together")
    ]
    yield f"  autres, en cœurs occupés, mesure par mesure : {', '.join(noise)}"
    if stock:
        ours_theirs = [("alone", "l'un après l'autre"), ("together", "8 conversations à la fois")]
        for phase, label in ours_theirs:
            yield _timed(f"Rasa d'origine, {label}", stock[phase]["turns"])
        for phase, label in ours_theirs:
            yield _ratios(f"rapport, {label}", product[phase]["turns"], stock[phase]["turns"])
    yield _heading("Selon le tour (l'un après l'autre)", "p50", "p95", "nombre", "")
    for label, found in product["alone"]["by_label"].items():
        yield f"  {label:<{WIDTH}}{found['p50']:>9.1f}{found['p95']:>9.1f}{found['n']:>9}"
    yield _heading("Processeur par tour (ms)", "seul", "à 8", "", "")
    for who, measured in _both(figures):
        for name in measured["alone"]["cpu_ms_per_turn"]:
            one, eight = (measured[phase]["cpu_ms_per_turn"][name] for phase in ("alone", "together"))
            yield f"  {who + name:<{WIDTH}}{one:>9.1f}{eight:>9.1f}"
    counts = {name: product["alone"][name] + product["together"][name] for name in ("tickets", "alarms", "unanswered")}
    yield f"  {counts['tickets']} demandes ouvertes, {counts['unanswered']} tours sans réponse"
    if counts["alarms"]:
        yield f"  ATTENTION : {counts['alarms']} réponses de sécurité, sans passer par Rasa ; aucun message n'en demandait"


def _starts(figures: Json) -> Iterator[str]:
    yield _heading("Démarrage à froid", "s", "", "", "")
    for who, found in _both(figures):
        for name, seconds in found["cold_start_s"].items():
            yield f"  {who + name:<{WIDTH}}{seconds:>9.1f}"
        yield f"  {who + 'premier tour (ms)':<{WIDTH}}{found['first_turn_ms']:>9.1f}"


def _memory(figures: Json) -> Iterator[str]:
    yield _heading("Mémoire résidente après la charge (Mo)", "RSS", "PSS", "", "objectif")
    for who, found in _both(figures):
        for name, used in found["memory_mb"].items():
            goal = _under(used["rss"], RESIDENT_MB[name]) if not who and name in RESIDENT_MB else ""
            yield f"  {who + name:<{WIDTH}}{used['rss']:>9.0f}{used['pss']:>9.0f}{'':>9}  {goal}"
    if stock := figures.get("stock"):
        ours, theirs = figures["product"]["memory_mb"], stock["memory_mb"]["Rasa"]
        for label, names in (("Rasa", ["Rasa"]), ("service + Rasa", ["service", "Rasa"])):
            rss, pss = (sum(ours[n][k] for n in names) / theirs[k] for k in ("rss", "pss"))
            yield f"  {f'rapport, {label}':<{WIDTH}}{rss:>8.2f}×{pss:>8.2f}×"


def _both(figures: Json) -> Iterator[tuple[str, Json]]:
    yield "", figures["product"]
    if stock := figures.get("stock"):
        yield "Rasa d'origine : ", stock


def _heading(title: str, *columns: str) -> str:
    return f"\n{title:<{WIDTH + 2}}" + "".join(f"{c:>9}" for c in columns[:3]) + f"  {columns[3]}"


def _timed(label: str, found: Json, met: str = "") -> str:
    return f"  {label:<{WIDTH}}{found['p50']:>9.1f}{found['p95']:>9.1f}{found['per_second']:>9.0f}  {met}".rstrip()


def _ratios(label: str, ours: Json, theirs: Json) -> str:
    return f"  {label:<{WIDTH}}" + "".join(f"{ours[k] / theirs[k]:>8.2f}×" for k in ("p50", "p95", "per_second"))


def _under(value: float, goal: float) -> str:
    return f"≤ {goal:.0f} : {'tenu' if value <= goal else 'MANQUÉ'}"


def _over(value: float, goal: float) -> str:
    return f"≥ {goal:.0f} par s : {'tenu' if value >= goal else 'MANQUÉ'}"
