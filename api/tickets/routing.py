"""Where a request goes, to whom, and why: the choice, from facts and people already read. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from api.teams.service import Member
from knowledge.disciplines import discipline_of
from knowledge.routing_rules import RoutingRules
from knowledge.service_types import Catalogue

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a request. `fields`: the values said, by field id. `referents`: who knows the learner there."""

    service_type: str
    unit: str | None
    channel: str
    fields: Mapping[str, str]

    @property
    def discipline(self) -> str | None:
        """The discipline, in the form that compares."""
        said = self.fields.get("discipline") or self.fields.get("matiere")
        return discipline_of(said) or None if said else None

    @property
    def conditions(self) -> dict[str, str]:
        """What rules look at."""
        known = {**self.fields, "service": self.service_type, "canal": self.channel}
        return known | ({"unite": self.unit} if self.unit else {})


@dataclass(frozen=True, slots=True)
class Destination:
    """The team, the unit, and why, in sentences."""

    team: str
    unit: str | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the team, with what counts now. `open_tickets`: what they have to do; learners who are awaited don't count."""

    member: Member
    open_tickets: int
    away: bool
    referent: bool = False
    given_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why somebody gets it, or not."""

    name: str
    chosen: bool
    why: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets it (None: the queue of the team), the sentence that says why, and the verdict on each."""

    operator_id: uuid.UUID | None
    reason: str
    verdicts: tuple[Verdict, ...]


def destination(facts: Facts, rules: RoutingRules, catalogue: Catalogue) -> Destination:
    """The team of the first rule that fits, else that of the service type; its unit when that team has units."""
    kind = catalogue.types[facts.service_type]
    rule = rules.rule_for(facts.conditions)
    team = rule.team if rule else kind.team
    because = rule.because if rule else f"le service est « {kind.label} »"
    reasons = [f"Équipe « {catalogue.teams[team].label} » parce que {because}."]
    if not kind.per_unit:
        return Destination(team, None, tuple(reasons))
    if facts.unit is None:
        return Destination(team, None, (*reasons, "Aucune unité : ni le niveau ni la formation ne le disent."))
    said = next((v for n in ("niveau", "formation") if (v := facts.fields.get(n))), None)
    why = f"parce que la personne a dit « {said} »" if said else "d'après le message"
    return Destination(team, facts.unit, (*reasons, f"Unité « {catalogue.units.get(facts.unit, facts.unit)} » {why}."))


def choose(facts: Facts, where: Destination, people: Sequence[Candidate], rules: RoutingRules) -> Choice:
    """Who of the team gets it."""
    if not people:
        return Choice(None, "File de l'équipe : l'équipe n'a pas de membre enregistré.", ())
    if where.team in rules.queued:
        return Choice(None, "File de l'équipe : ses demandes ne sont pas réparties.", ())
    own = [c for c in people if c.referent and not c.away]
    if own:
        return _chosen(own[0], people, "référent de l'élève", {})
    refused = {c.member.operator_id: why for c in people if (why := _refusal(c, facts, where, rules)) is not None}
    left = [c for c in people if c.member.operator_id not in refused]
    if not left:
        return Choice(None, "File de l'équipe : personne n'est disponible.", _verdicts(people, None, "", refused))
    load = min(_load(c) for c in left)
    equals = [c for c in left if _load(c) == load]
    first = min(equals, key=lambda c: (c.given_at or NEVER, c.member.login))
    why = f"{first.open_tickets} sur {first.member.capacity} demandes, la charge la plus faible"
    if len(equals) > 1:
        why = f"{first.open_tickets} sur {first.member.capacity} demandes, à égalité avec {len(equals) - 1} autre(s) : à son tour"
    return _chosen(first, people, why, refused)


def _refusal(c: Candidate, facts: Facts, where: Destination, rules: RoutingRules) -> str | None:
    m = c.member
    if c.away:
        return "absent" if not c.referent else "référent de l'élève, absent"
    if m.unit is not None and where.unit is not None and m.unit != where.unit:
        return "autre unité"
    if (
        where.team in rules.by_discipline
        and m.disciplines
        and facts.discipline
        and facts.discipline not in m.disciplines
    ):
        return "autre discipline"
    if m.skills and facts.service_type not in m.skills:
        return "ne traite pas ce service"
    if c.open_tickets >= m.capacity:
        return f"capacité atteinte ({c.open_tickets} sur {m.capacity})"
    return None


def _load(c: Candidate) -> float:
    return c.open_tickets / max(1, c.member.capacity)


def _chosen(first: Candidate, people: Sequence[Candidate], why: str, refused: Mapping[uuid.UUID, str]) -> Choice:
    reason = f"Confiée à {first.member.name} : {why}."
    return Choice(first.member.operator_id, reason, _verdicts(people, first, why, refused))


def _verdicts(
    people: Sequence[Candidate], first: Candidate | None, why: str, refused: Mapping[uuid.UUID, str]
) -> tuple[Verdict, ...]:
    return tuple(
        Verdict(c.member.name, True, why)
        if c is first
        else Verdict(
            c.member.name,
            False,
            refused.get(c.member.operator_id, f"disponible, {c.open_tickets} sur {c.member.capacity} demandes"),
        )
        for c in people
    )
