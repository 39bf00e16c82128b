"""The documentation of the HTTP interface at /docs: a plain page made from /openapi.json, without any script."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api.pages import page, templates

router = APIRouter(include_in_schema=False)
_TEMPLATES = templates(Path(__file__).parent / "templates")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing an operation takes or gives."""

    name: str
    where: str
    kind: str
    required: bool
    text: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    anchor: str
    method: str
    path: str
    summary: str
    parameters: tuple[Parameter, ...]
    body: str | None
    answers: tuple[tuple[str, str, str | None], ...]  # status, description, schema name


@dataclass(frozen=True, slots=True)
class Schema:
    """A named object."""

    name: str
    text: str
    properties: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class DocsPage:
    """Everything the page shows."""

    title: str
    description: str
    operations: tuple[Operation, ...]
    schemas: tuple[Schema, ...]


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """The documentation page."""
    return page(_TEMPLATES, "docs.html", docs_context(request.app.openapi()))


def docs_context(document: dict[str, Any]) -> DocsPage:
    """The page of an OpenAPI document."""
    operations = [
        _operation(path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    schemas = [_schema(name, schema) for name, schema in document.get("components", {}).get("schemas", {}).items()]
    info = document["info"]
    return DocsPage(info["title"], info.get("description", ""), tuple(operations), tuple(schemas))


def _operation(path: str, method: str, operation: dict[str, Any]) -> Operation:
    parameters = tuple(
        Parameter(p["name"], p["in"], kind(p.get("schema", {})), p.get("required", False), p.get("description", ""))
        for p in operation.get("parameters", ())
    )
    answers = tuple(
        (status, answer.get("description", ""), _content(answer)) for status, answer in operation["responses"].items()
    )
    body = _content(operation["requestBody"]) if "requestBody" in operation else None
    summary = operation.get("description") or operation.get("summary", "")
    return Operation(operation["operationId"], method.upper(), path, summary, parameters, body, answers)


def _schema(name: str, schema: dict[str, Any]) -> Schema:
    required = schema.get("required", ())
    properties = tuple(
        Parameter(key, "", kind(value), key in required, value.get("description", ""))
        for key, value in schema.get("properties", {}).items()
    )
    return Schema(name, schema.get("description", ""), properties)


def _content(part: dict[str, Any]) -> str | None:
    for content in part.get("content", {}).values():
        return kind(content.get("schema", {})) or None
    return None


def kind(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(kind(choice) for choice in schema["anyOf"])
    if schema.get("type") == "array":
        return f"[{kind(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("const") or schema.get("type", ""))
