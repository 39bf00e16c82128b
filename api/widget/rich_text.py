"""From the plain text of a message to what a page shows: paragraphs, lists, links on what can be called or opened."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_PHONE = r"(?P<phone>(?<![\d+])0[1-9](?:[ \u00a0.]?\d{2}){4}(?!\d))"
_FORM = r"(?P<form>(?<![\w/])/demande(?![\w/]))"
_URL = r"(?P<url>https?://[^\s<>\"«»]+[^\s<>\"«».,;:!?)\]])"
_SMS = r"(?P<sms>(?<=SMS au )114(?!\d))"
_HELP = r"(?P<help>(?<!\d)(?:112|15|17|18|119|3018|3114)(?!\d| ans| h))"
_LINKS = re.compile("|".join((_PHONE, _FORM, _URL)))
_SAFETY_LINKS = re.compile("|".join((_PHONE, _SMS, _HELP)))
_SENTENCE_END = re.compile(r"(?<=[.?])\s+(?=[A-ZÀ-Ý])")
_BEFORE_SIGN = re.compile(r" (?=[?:;»])|(?<=«) ")
_NOT_DIGITS = re.compile(r"\D")


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text; `href` when it can be followed, `strong` when it must be seen."""

    text: str
    href: str | None = None
    strong: bool = False


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (each of its lines on its own), or a list (each line an item)."""

    kind: Literal["paragraph", "list"]
    lines: tuple[Line, ...]


def written(text: str) -> tuple[Block, ...]:
    """Blocks of a text that a person of the institution wrote, with its links."""
    return _blocks(text, _LINKS)


def untouched(text: str) -> tuple[Block, ...]:
    """Blocks of a text that the learner wrote: one paragraph, no link."""
    return (Block("paragraph", tuple((Span(line),) for line in text.split("\n"))),)


def calm(text: str) -> tuple[Block, ...]:
    """Blocks of a safety text: one sentence a paragraph, its numbers are seen at once (`calls` has their buttons)."""
    sentences = _SENTENCE_END.split(_spaced(text.strip()))
    lines = (_line(sentence, _SAFETY_LINKS) for sentence in sentences)
    return tuple(Block("paragraph", (tuple(Span(s.text, strong=bool(s.href)) for s in line),)) for line in lines)


def calls(text: str) -> tuple[Span, ...]:
    """The numbers of a safety text, each once, in the order of the text: what to press, and the address that calls."""
    found = dict.fromkeys((_href(match), match.group()) for match in _SAFETY_LINKS.finditer(text))
    return tuple(
        Span(f"Envoyer un SMS au {number}" if href.startswith("sms:") else f"Appeler le {number}", href)
        for href, number in found
    )


def phone_link(number: str) -> str:
    """The address that calls a French number."""
    return "tel:+33" + _NOT_DIGITS.sub("", number)[1:]


def _spaced(text: str) -> str:
    """French punctuation stays on the line of the word it follows."""
    return _BEFORE_SIGN.sub("\u00a0", text)


def _blocks(text: str, links: re.Pattern[str]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for raw in _spaced(text.strip()).split("\n"):
        line = raw.strip()
        if not line:
            blocks.append(Block("paragraph", ()))
        elif line.startswith("- "):
            _append(blocks, "list", _line(line[2:], links))
        else:
            _append(blocks, "paragraph", _line(line, links))
    return tuple(block for block in blocks if block.lines)


def _append(blocks: list[Block], kind: Literal["paragraph", "list"], line: Line) -> None:
    if blocks and blocks[-1].kind == kind and blocks[-1].lines:
        blocks[-1] = Block(kind, (*blocks[-1].lines, line))
    else:
        blocks.append(Block(kind, (line,)))


def _line(text: str, links: re.Pattern[str]) -> Line:
    spans: list[Span] = []
    end = 0
    for match in links.finditer(text):
        if match.start() > end:
            spans.append(Span(text[end : match.start()]))
        spans.append(Span(match.group(), _href(match)))
        end = match.end()
    if end < len(text):
        spans.append(Span(text[end:]))
    return tuple(spans)


def _href(match: re.Match[str]) -> str:
    found = match.group()
    if match.lastgroup == "phone":
        return phone_link(found)
    return {"sms": f"sms:{found}", "help": f"tel:{found}"}.get(match.lastgroup or "", found)
