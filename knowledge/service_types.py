"""The catalogue of service types: labels, what the form asks, team, delays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from knowledge.content_file import CONTENT, ContentError, Fault, line_of, load_yaml

Handling = Literal["simple", "mixte", "complexe"]
FieldKind = Literal["texte", "adresse", "recit", "nom", "date", "choix", "contact", "niveau", "identifiant", "oui_non"]

UNITS = {
    "ecole": "Cned École",
    "college": "Cned Collège",
    "lycee": "Cned Lycée",
    "pro": "Cned Pro",
    "sup_concours": "Cned Sup-concours",
    "langues": "Cned Langues",
}


@dataclass(frozen=True, slots=True)
class ServiceType:
    """One of the services the institution offers. Delays are published observations, never promises; None: not fixed.

    `delay_hours`: until the first answer; `resolution_hours`: until it is resolved.
    """

    id: str
    code: str
    label: str
    guidance: str  # accompagnement: "parcours" or "disciplinaire"
    handling: Handling
    team: str
    per_unit: bool
    delay_hours: int | None
    fields: tuple[str, ...]
    resolution_hours: int | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """Who answers. `spoken` is how a learner hears of it ("les conseillers de scolarité")."""

    id: str
    label: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Field:
    """One thing the form may ask. `names`: how people name its line; `words`: how they say each choice, by choice id."""

    id: str
    label: str
    question: str
    kind: FieldKind
    choices: tuple[tuple[str, str], ...]  # (id, label)
    optional: bool
    names: tuple[str, ...] = ()
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Service types, teams and fields by id, checked against one another."""

    types: dict[str, ServiceType]
    teams: dict[str, Team]
    fields: dict[str, Field]

    @property
    def units(self) -> dict[str, str]:
        """The six operational units, id to label."""
        return UNITS


BASE_FIELDS = ("demandeur", "nom", "nom_eleve", "identifiant", "niveau", "formation", "contact")


def load_catalogue(content: Path = CONTENT) -> Catalogue:
    """Read `services_type.yml`, `equipes.yml` and `champs.yml`.

    Raises:
        ContentError: an entry is missing, unknown or malformed; every fault has its file and line.
    """
    faults: list[Fault] = []
    teams = _load(content / "equipes.yml", _team, faults)
    fields = _load(content / "champs.yml", _field, faults)
    types_path = content / "services_type.yml"
    types = _load(types_path, _service_type, faults)
    lines = {str(row["id"]): line_of(row) for row in load_yaml(types_path.read_text(), types_path) if "id" in row}
    for service_type in types.values():
        line = lines[service_type.id]
        if service_type.team not in teams:
            faults.append(Fault(types_path, line, f"équipe inconnue : {service_type.team}"))
        faults += [Fault(types_path, line, f"champ inconnu : {f}") for f in service_type.fields if f not in fields]
    faults += [Fault(content / "champs.yml", 1, f"champ du socle absent : {f}") for f in BASE_FIELDS if f not in fields]
    if faults:
        raise ContentError(faults)
    return Catalogue(types, teams, fields)


def _load(path: Path, build: Any, faults: list[Fault]) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for row in load_yaml(path.read_text(), path):
        try:
            entry = build(row)
        except KeyError as error:
            faults.append(Fault(path, line_of(row), f"clé absente : {error.args[0]}"))
            continue
        except ValueError as error:
            faults.append(Fault(path, line_of(row), str(error)))
            continue
        if entry.id in entries:
            faults.append(Fault(path, line_of(row), f"id en double : {entry.id}"))
        entries[entry.id] = entry
    return entries


def _one_of(value: Any, allowed: Any, what: str) -> Any:
    if value not in get_args(allowed):
        raise ValueError(f"{what} inconnu : {value} (attendu : {', '.join(get_args(allowed))})")
    return str(value)


def _service_type(row: dict[str, Any]) -> ServiceType:
    return ServiceType(
        id=str(row["id"]),
        code=str(row["code"]),
        label=str(row["libelle"]),
        guidance=str(row["accompagnement"]),
        handling=_one_of(row["traitement"], Handling, "traitement"),
        team=str(row["equipe"]),
        per_unit=bool(row["par_unite"]),
        delay_hours=_hours(row["delai_heures"]),
        fields=tuple(str(f) for f in row["champs"]),
        resolution_hours=_hours(row.get("delai_resolution_heures")),
    )


def _hours(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or int(value) <= 0:
        raise ValueError(f"un délai est un nombre d'heures, ou null quand il est à fixer : {value}")
    return int(value)


def _team(row: dict[str, Any]) -> Team:
    return Team(str(row["id"]), str(row["libelle"]), str(row["dire"]))


def _field(row: dict[str, Any]) -> Field:
    kind = _one_of(row["genre"], FieldKind, "genre")
    choices = tuple((str(c["id"]), str(c["libelle"])) for c in row.get("choix", ()))
    if kind == "choix" and not choices:
        raise ValueError(f"un champ de genre choix a besoin de choix : {row['id']}")
    return Field(
        id=str(row["id"]),
        label=str(row["libelle"]),
        question=str(row["question"]),
        kind=kind,
        choices=choices,
        optional=bool(row.get("facultatif", True)),
        names=tuple(str(n) for n in row.get("noms", ())),
        words=tuple((str(c["id"]), tuple(str(w) for w in c.get("mots", ()))) for c in row.get("choix", ())),
    )
