"""Imports go one way. Every module is read with `ast`; a breach is named by file and line."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("nlu", "knowledge", "api", "bot")
FORBIDDEN_ROOMS = {
    "nlu": {"knowledge", "api", "bot"},
    "knowledge": {"api", "bot"},
    "api": {"bot"},
    "bot": {"nlu", "knowledge", "api"},
}
HTTP_AND_SQL = {
    "httpx",
    "fastapi",
    "starlette",
    "requests",
    "aiohttp",
    "urllib",
    "sqlalchemy",
    "psycopg",
    "alembic",
    "asyncpg",
}
LOADERS = {
    "SentenceEmbedder",
    "SentenceTransformer",
    "load_engine",
    "load_recogniser",
    "load_articles",
    "load_catalogue",
}
# In a feature: what each kind of module may not import, of any feature.
FORBIDDEN_LAYERS = {
    "repository": {"service", "routes", "pages"},
    "service": {"routes", "pages"},
    "routes": {"repository"},
    "pages": {"repository"},
}


@dataclass(frozen=True, slots=True)
class Import:
    """A module imported by a file: `name` is dotted and absolute; for `from a import b` both `a` and `a.b` are given."""

    path: Path
    line: int
    name: str

    @property
    def where(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: imports {self.name}"


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path, root: Path = ROOT) -> Iterator[Import]:
    package = path.relative_to(root).parent.parts
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(path, node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            name = ".".join([*base, *([node.module] if node.module else [])])
            yield Import(path, node.lineno, name)
            for alias in node.names:
                yield Import(path, node.lineno, f"{name}.{alias.name}")


def called(node: ast.AST) -> str:
    """Name of what a call calls, "" when it has none."""
    function = node.func if isinstance(node, ast.Call) else None
    return getattr(function, "id", getattr(function, "attr", ""))


def at_import(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Everything that runs when the module is imported: bodies of functions left out, their defaults and decorators not."""
    pending: list[ast.AST] = list(body)
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            pending += [*node.decorator_list, *node.args.defaults, *(d for d in node.args.kw_defaults if d)]
        elif not isinstance(node, ast.Lambda) and not _is_main_guard(node):
            pending += ast.iter_child_nodes(node)


def _is_main_guard(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "__main__" in ast.unparse(node.test)


def layer(name: str) -> tuple[str, str] | None:
    """(feature, kind of module) of an `api` module name, None for what is in no feature."""
    parts = name.split(".")
    return (parts[1], parts[2]) if len(parts) >= 3 and parts[0] == "api" else None


def test_every_room_has_modules() -> None:
    assert all(modules(room) for room in ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_import_one_way(room: str) -> None:
    breaches = [
        found.where
        for path in modules(room)
        for found in imports(path)
        if found.name.split(".")[0] in FORBIDDEN_ROOMS[room]
    ]
    assert not breaches, "\n".join(breaches)


def test_no_room_imports_tests() -> None:
    breaches = [
        found.where
        for room in ROOMS
        if room != "bot"
        for path in modules(room)
        for found in imports(path)
        if found.name.split(".")[0] in ("tests", "pytest", "hypothesis")
    ]
    assert not breaches, "\n".join(breaches)


def test_understanding_has_no_http_and_no_sql() -> None:
    breaches = [f.where for path in modules("nlu") for f in imports(path) if f.name.split(".")[0] in HTTP_AND_SQL]
    assert not breaches, "\n".join(breaches)


def test_understanding_reads_no_environment_variable() -> None:
    breaches = []
    for path in modules("nlu"):
        for node in ast.walk(tree(path)):
            name = ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ""
            if name in ("os.environ", "os.getenv", "environ", "getenv", "os.putenv"):
                breaches.append(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}: {name}")
        breaches += [f.where for f in imports(path) if f.name in ("os.environ", "os.getenv")]
    assert not breaches, "\n".join(breaches)


def test_inside_api_layers_import_one_way() -> None:
    breaches = []
    for path in modules("api"):
        own = path.stem
        for found in imports(path):
            target = layer(found.name)
            if target and target[1] in FORBIDDEN_LAYERS.get(own, ()):
                breaches.append(found.where)
    assert not breaches, "\n".join(breaches)


def test_routes_and_pages_hold_no_query() -> None:
    queries = {f"sqlalchemy.{verb}" for verb in ("select", "insert", "update", "delete")}
    breaches = [
        found.where
        for path in modules("api")
        if path.stem in ("routes", "pages")
        for found in imports(path)
        if found.name in queries
    ]
    assert not breaches, "\n".join(breaches)


def test_a_feature_never_imports_the_repository_of_another() -> None:
    breaches = []
    for path in modules("api"):
        parts = path.relative_to(ROOT / "api").parts
        feature = parts[0] if len(parts) > 1 else ""
        for found in imports(path):
            target = layer(found.name)
            if target and target[1] == "repository" and target[0] != feature:
                breaches.append(found.where)
    assert not breaches, "\n".join(breaches)


def test_models_load_at_no_import() -> None:
    breaches = [
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}: {called(node)}() at import"
        for room in ROOMS
        for path in modules(room)
        for node in at_import(tree(path).body)
        if called(node) in LOADERS
    ]
    assert not breaches, "\n".join(breaches)


def test_the_reader_sees_relative_and_inner_imports(tmp_path: Path) -> None:
    """The test itself: an import in a function, a relative one and a name taken from a package are all seen."""
    package = tmp_path / "api" / "faq"
    package.mkdir(parents=True)
    path = package / "service.py"
    path.write_text("def f():\n    from ..tickets import repository\nimport os.path\nfrom . import routes\n")
    found = {(f.line, f.name) for f in imports(path, tmp_path)}
    assert (2, "api.tickets.repository") in found
    assert (3, "os.path") in found
    assert (4, "api.faq.routes") in found
    loading = ast.parse(
        "def f(x=load_engine()):\n    load_engine()\nA = [SentenceEmbedder() for _ in '1']\ng = lambda: load_engine()\n"
    )
    assert sorted(called(n) for n in at_import(loading.body) if called(n)) == ["SentenceEmbedder", "load_engine"]
