"""YAML that remembers its lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.content_file import ContentError, Fault, line_of, load_yaml

PATH = Path("x.yml")
TEXT = """\
a: un
b:
  - deux
  - c: trois

    d: 4
"""


@pytest.mark.parametrize("first", [1, 10])
def test_lines_of_mappings_keys_and_texts(first: int) -> None:
    value = load_yaml(TEXT, PATH, first_line=first)
    assert value == {"a": "un", "b": ["deux", {"c": "trois", "d": 4}]}
    assert value.lines == {"a": first, "b": first + 1}
    assert line_of(value["a"]) == first
    assert line_of(value["b"][0]) == first + 2
    assert line_of(value["b"][1]) == first + 3
    assert value["b"][1].lines == {"c": first + 3, "d": first + 5}


def test_what_has_no_line_takes_the_default() -> None:
    assert line_of(load_yaml("a: 4", PATH)["a"], 7) == 7


@pytest.mark.parametrize(("text", "line"), [("a: 1\nb: [1, 2\nc: 3\n", 13), ('a: "x\n', 12), ("a: b: c\n", 11)])
def test_unreadable_yaml_is_a_fault_with_its_line(text: str, line: int) -> None:
    with pytest.raises(ContentError) as error:
        load_yaml(text, PATH, first_line=11)
    (fault,) = error.value.faults
    assert (fault.path, fault.line) == (PATH, line)
    assert fault.message.startswith("YAML illisible")


def test_a_fault_is_written_as_editors_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert str(Fault(tmp_path / "faq" / "a.md", 3, "source manquante")) == "faq/a.md:3: source manquante"
    assert str(Fault(Path("/ailleurs/a.md"), 3, "non")) == "/ailleurs/a.md:3: non"
    assert str(ContentError([Fault(PATH, 1, "a"), Fault(PATH, 2, "b")])) == "x.yml:1: a\nx.yml:2: b"
