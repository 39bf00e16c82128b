"""Where requests go: content (`routage.yml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.content_file import CONTENT, ContentError, Fault, Located, line_of, load_yaml
from knowledge.service_types import Catalogue, load_catalogue

KEYS = ("regles", "en_file", "par_discipline", "referents", "absence_courte_jours")
CHANNELS = ("chat", "mail", "web_form", "phone")
LISTS = ("en_file", "par_discipline", "referents")


@dataclass(frozen=True, slots=True)
class TeamRule:
    """A team for the requests that meet every condition: each is a fact and the values that it may have."""

    id: str
    conditions: tuple[tuple[str, frozenset[str]], ...]
    team: str
    because: str

    def fits(self, facts: Mapping[str, str]) -> bool:
        """True when every condition is met."""
        return all(facts.get(fact) in values for fact, values in self.conditions)


@dataclass(frozen=True, slots=True)
class RoutingRules:
    """Team rules in order, and what counts in which team."""

    rules: tuple[TeamRule, ...]
    queued: frozenset[str]
    by_discipline: frozenset[str]
    with_referents: frozenset[str]
    short_absence_days: int

    def rule_for(self, facts: Mapping[str, str]) -> TeamRule | None:
        """The first rule that fits."""
        return next((rule for rule in self.rules if rule.fits(facts)), None)


def load_routing(content: Path = CONTENT, catalogue: Catalogue | None = None) -> RoutingRules:
    """Read `routage.yml`.

    Raises:
        ContentError: a team, a service, a unit, a channel, a field or a choice is unknown; every fault has its line.
    """
    path = content / "routage.yml"
    rows = load_yaml(path.read_text(encoding="utf-8"), path) if path.exists() else None
    if not isinstance(rows, Located):
        raise ContentError([Fault(path, 1, "le routage n'est pas une liste de clés")])
    faults = [Fault(path, 1, f"clé absente : {key}") for key in KEYS if key not in rows]
    faults += [Fault(path, rows.lines.get(k, 1), f"clé inconnue : {k}") for k in rows if k not in KEYS]
    if faults:
        raise ContentError(faults)
    catalogue = catalogue or load_catalogue(content)
    rules = [rule for row in rows["regles"] or () if (rule := _rule(row, path, catalogue, faults)) is not None]
    for key in LISTS:
        unknown = [str(team) for team in rows[key] or () if str(team) not in catalogue.teams]
        faults += [Fault(path, rows.lines[key], f"{key} : équipe inconnue : {team}") for team in unknown]
    days = rows["absence_courte_jours"]
    if not isinstance(days, int) or isinstance(days, bool) or days < 0:
        faults.append(
            Fault(path, rows.lines["absence_courte_jours"], "absence_courte_jours : un nombre de jours est attendu")
        )
    if len({rule.id for rule in rules}) < len(rules):
        faults.append(Fault(path, rows.lines["regles"], "regles : id en double"))
    if faults:
        raise ContentError(faults)
    queued, disciplines, referents = (frozenset(str(t) for t in rows[key] or ()) for key in LISTS)
    return RoutingRules(tuple(rules), queued, disciplines, referents, days)


def _rule(row: Any, path: Path, catalogue: Catalogue, faults: list[Fault]) -> TeamRule | None:
    try:
        conditions = tuple((str(k), frozenset(str(v) for v in values)) for k, values in row["si"].items())
        rule = TeamRule(str(row["id"]), conditions, str(row["equipe"]), str(row["parce_que"]).strip())
    except KeyError as error:
        faults.append(Fault(path, line_of(row), f"clé absente : {error.args[0]}"))
        return None
    except (TypeError, AttributeError):
        faults.append(Fault(path, line_of(row), "« si » donne une liste de valeurs par condition"))
        return None
    wrong = [] if rule.team in catalogue.teams else [f"équipe inconnue : {rule.team}"]
    wrong += (
        [] if rule.because and "!" not in rule.because else ["« parce_que » est une phrase, sans point d'exclamation"]
    )
    wrong += [] if conditions else ["une règle a au moins une condition"]
    for fact, values in conditions:
        wrong += _unknown(fact, values, catalogue)
    faults += [Fault(path, line_of(row), f"règle {rule.id} : {what}") for what in wrong]
    return rule


def _unknown(fact: str, values: frozenset[str], catalogue: Catalogue) -> list[str]:
    known: frozenset[str] | None = None
    facts = {"service": frozenset(catalogue.types), "unite": frozenset(catalogue.units), "canal": frozenset(CHANNELS)}
    if fact in facts:
        known = facts[fact]
    elif fact not in catalogue.fields:
        return [f"condition inconnue : {fact}"]
    elif catalogue.fields[fact].choices:
        known = frozenset(choice for choice, _ in catalogue.fields[fact].choices)
    return [] if known is None else [f"{fact} : valeur inconnue : {value}" for value in sorted(values - known)]
