"""From the form of an article to its body: what can't be read is said beside its field, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.text_fields import storable
from knowledge.article_bodies import Body
from knowledge.articles import AUDIENCES
from knowledge.seasons import Season, day_of_year

LONGEST_LINE = 300
LONGEST_ANSWER = 5_000
MOST_LINES = 60
SOURCES = 8
CERTAINTIES = ("publie", "date", "orientation")
NEEDED = "Ce champ est nécessaire."


@dataclass(frozen=True, slots=True)
class Typed:
    """The body as far as it can be read, and the refusals by field of the form."""

    body: Body
    errors: Mapping[str, str]


def read_form(form: Mapping[str, Any], publics: list[str], registers: list[str]) -> Typed:
    """The form of an article. `publics`: the boxes that are ticked."""
    errors: dict[str, str] = {}
    body: Body = {
        "question": _line(form, "question"),
        "service_type": _line(form, "service"),
        "public": [p for p in AUDIENCES if p in publics],
        "certitude": _line(form, "certitude"),
        "facts": [f for f in _line(form, "faits").upper().replace(",", " ").split() if f],
        "sources": _sources(form, errors),
        "review_by": _date(form, errors),
        "phrasings": [[r, texts] for r in registers if (texts := _lines(form, f"formulations_{r}"))],
        "tests": _lines(form, "controle"),
        "season": _season(form, errors),
        "off_season": _text(form, "hors_saison"),
        "answer": _text(form, "reponse"),
    }
    if not body["question"]:
        errors["question"] = NEEDED
    if body["certitude"] not in CERTAINTIES:
        body["certitude"], errors["certitude"] = "orientation", "Choisissez une certitude."
    if body["season"] and not body["off_season"]:
        errors["hors_saison"] = "Écrivez ce qui est répondu le reste de l'année."
    if body["off_season"] and not body["season"] and "saison_du" not in errors:
        errors["saison_du"] = "Donnez les deux dates de la période."
    return Typed(body, errors)


def day_typed(text: str) -> str:
    """ "01-15" as "15/01"; nothing stays nothing."""
    month, _, day = text.partition("-")
    return f"{day}/{month}" if day else ""


def _season(form: Mapping[str, Any], errors: dict[str, str]) -> dict[str, str] | None:
    start, end = (_line(form, name) for name in ("saison_du", "saison_au"))
    if not start and not end:
        return None
    days = []
    for name, text in (("saison_du", start), ("saison_au", end)):
        day, _, month = text.partition("/")
        try:
            days.append(day_of_year(f"{month.strip().zfill(2)}-{day.strip().zfill(2)}"))
        except ValueError:
            errors[name] = "Écrivez le jour et le mois, par exemple 15/01."
    return Season(*days).written() if len(days) == 2 else None


def _sources(form: Mapping[str, Any], errors: dict[str, str]) -> list[dict[str, Any]]:
    found = []
    for n in range(SOURCES):
        title, year, url = (_line(form, f"source_{part}_{n}") for part in ("titre", "annee", "url"))
        if not (title or year or url):
            continue
        if not title:
            errors[f"source_titre_{n}"] = "Donnez le titre de cette source."
        if not (year.isascii() and year.isdigit() and 1900 <= int(year) <= 2100):
            errors[f"source_annee_{n}"] = "Donnez l'année, en quatre chiffres."
            year = "0"
        if url and not url.startswith(("https://", "http://")):
            errors[f"source_url_{n}"] = "Une adresse commence par https://"
        found.append({"title": title, "year": int(year)} | ({"url": url} if url else {}))
    return found


def _date(form: Mapping[str, Any], errors: dict[str, str]) -> str:
    typed = _line(form, "relecture")
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        errors["relecture"] = "Donnez la date à laquelle relire cet article."
        return typed


def _lines(form: Mapping[str, Any], name: str) -> list[str]:
    lines = [" ".join(line.split())[:LONGEST_LINE] for line in storable(str(form.get(name, ""))).split("\n")]
    return list(dict.fromkeys(line for line in lines if line))[:MOST_LINES]


def _line(form: Mapping[str, Any], name: str) -> str:
    return " ".join(storable(str(form.get(name, ""))).split())[:LONGEST_LINE]


def _text(form: Mapping[str, Any], name: str) -> str:
    lines = storable(str(form.get(name, ""))).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()[:LONGEST_ANSWER].strip()
