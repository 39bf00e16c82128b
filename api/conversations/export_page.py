"""The copy of a conversation that its author takes away: JSON for programs, a page for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from api.conversations.owner import Export
from api.pages import render, templates
from knowledge.service_types import Catalogue

_TEMPLATES = templates(Path(__file__).parent / "templates")
AUTHORS = {"learner": "Vous", "assistant": "Assistant", "operator": "Une personne du Cned"}
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ExportPage:
    """`known` and the `fields` of each request are (label, value); each message is (author, moment, text)."""

    opened_at: datetime
    messages: tuple[tuple[str, datetime, str], ...]
    known: tuple[tuple[str, str], ...]
    requests: tuple[tuple[str, str, datetime, tuple[tuple[str, str], ...]], ...]  # reference, subject, moment, fields


def export_document(found: Export) -> Json:
    """The JSON document."""
    return {
        "opened_at": found.opened_at,
        "messages": found.messages,
        "known": found.known,
        "feedback": found.feedback,
        "requests": found.requests,
    }


def export_page(found: Export, catalogue: Catalogue) -> str:
    """The HTML document: it needs nothing else to be read."""
    context = ExportPage(
        opened_at=found.opened_at,
        messages=tuple((_author(m), m["at"], m["text"]) for m in found.messages),
        known=_labelled(found.known, catalogue),
        requests=tuple(
            (r["reference"], r["subject"], r["at"], _labelled(r["fields"], catalogue) + _contact(r))
            for r in found.requests
        ),
    )
    return render(_TEMPLATES, "export.html", context)


def _author(message: Json) -> str:
    name = message.get("name") if message["author"] == "operator" else None
    return f"{name}, du Cned" if name else AUTHORS[message["author"]]


def _labelled(values: dict[str, str], catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    labels = {name: field.label for name, field in catalogue.fields.items()}
    return tuple((labels.get(name, name), str(value)) for name, value in values.items() if value)


def _contact(request: Json) -> tuple[tuple[str, str], ...]:
    given = (("Courriel", request["email"]), ("Téléphone", request["phone"]))
    return tuple((label, value) for label, value in given if value)
