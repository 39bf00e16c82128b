"""Reading content files: YAML that remembers its lines, so that a fault is reported with file and line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CONTENT = Path(__file__).parent / "content"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in the content."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        try:
            path = self.path.resolve().relative_to(Path.cwd())
        except ValueError:
            path = self.path
        return f"{path}:{self.line}: {self.message}"


class ContentError(Exception):
    """Content that can't be used. `faults` says where and why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(f) for f in faults))
        self.faults = faults


class Located(dict[str, Any]):
    """A YAML mapping with the 1-based line it starts on (`line`) and that of each of its keys (`lines`)."""

    line: int = 1
    lines: dict[str, int]


class LocatedText(str):
    """A YAML string with the 1-based line it stands on."""

    __slots__ = ("line",)
    line: int


class _Loader(yaml.CSafeLoader):
    first_line = 1


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Located:
    values = Located({str(k): v for k, v in loader.construct_mapping(node, deep=True).items()})
    values.line = loader.first_line + node.start_mark.line
    values.lines = {str(k.value): loader.first_line + k.start_mark.line for k, _ in node.value}
    return values


def _text(loader: _Loader, node: yaml.ScalarNode) -> LocatedText:
    text = LocatedText(loader.construct_scalar(node))
    text.line = loader.first_line + node.start_mark.line
    return text


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:str", _text)


def load_yaml(text: str, path: Path, *, first_line: int = 1) -> Any:
    """The value of a YAML text whose first line is line `first_line` of `path`.

    Raises:
        ContentError: the text is not YAML; the fault names the line.
    """
    loader = _Loader(text)
    loader.first_line = first_line
    try:
        return loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = first_line + (mark.line if mark else 0)
        raise ContentError([Fault(path, line, f"YAML illisible : {error.problem}")]) from error
    finally:
        loader.dispose()


def line_of(value: Any, default: int = 1) -> int:
    """The line a located value stands on."""
    return int(getattr(value, "line", default))
