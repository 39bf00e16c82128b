"""An article as a value that JSON can hold (what the database keeps), and as a content file; neither way loses anything."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, cast, get_args

import yaml

from knowledge.articles import AUDIENCES, Article, Certainty, Phrasing, Source
from knowledge.seasons import Season

Body = dict[str, Any]
SLUG = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class BadBody(ValueError):
    """What is kept is not an article. The message names the part, never its text."""


def body_of(article: Article) -> Body:
    """The content of an article, without its id and its place."""
    return {
        "question": article.question,
        "service_type": article.service_type,
        "public": list(article.public),
        "certitude": article.certitude,
        "facts": list(article.facts),
        "sources": [_source_body(s) for s in article.sources],
        "review_by": article.review_by.isoformat(),
        "phrasings": [[register, texts] for register, texts in _by_register(article.phrasings).items()],
        "tests": list(article.tests),
        "season": article.season.written() if article.season else None,
        "off_season": article.off_season,
        "answer": article.answer,
    }


def article_of(id_: str, body: Body) -> Article:
    """The article of a body.

    Raises:
        BadBody: a part is missing or of the wrong kind.
    """
    try:
        if body["certitude"] not in get_args(Certainty) or not set(body["public"]) <= set(AUDIENCES):
            raise BadBody("certitude ou public")
        return Article(
            id=id_,
            question=str(body["question"]),
            service_type=str(body["service_type"]),
            public=tuple(body["public"]),
            certitude=cast(Certainty, body["certitude"]),
            sources=tuple(Source(str(s["title"]), int(s["year"]), s.get("url")) for s in body["sources"]),
            review_by=date.fromisoformat(body["review_by"]),
            answer=str(body["answer"]),
            facts=tuple(body["facts"]),
            phrasings=tuple(Phrasing(str(t), str(r), 1) for r, texts in body["phrasings"] for t in texts),
            path=Path(f"{id_}.md"),
            answer_line=1,
            tests=tuple(body["tests"]),
            season=Season.read(body["season"]) if body["season"] else None,
            off_season=str(body["off_season"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadBody(f"article illisible : {type(error).__name__}") from None


def as_markdown(article: Article) -> str:
    """The content file of an article, in the manner of `content/faq`; `read_article` reads the same article from it."""
    lines = [
        "---",
        f"id: {_scalar(article.id)}",
        f"question: {_quoted(article.question)}",
        f"service_type: {_scalar(article.service_type)}",
        f"public: [{', '.join(_scalar(p) for p in article.public)}]",
        f"certitude: {article.certitude}",
        f"facts: [{', '.join(_scalar(f) for f in article.facts)}]",
        "sources:",
    ]
    for source in article.sources:
        lines += [f"  - title: {_quoted(source.title)}", f"    year: {source.year}"]
        lines += [f"    url: {_quoted(source.url)}"] if source.url else []
    lines.append(f"review_by: {article.review_by.isoformat()}")
    if article.season:
        written = article.season.written()
        lines += ["season:", f'  from: "{written["from"]}"', f'  until: "{written["until"]}"']
        lines.append(f"off_season: {_quoted(article.off_season)}")
    if article.tests:
        lines += ["tests:", *_listed(article.tests, "  ")]
    lines.append("phrasings:" if article.phrasings else "phrasings: {}")
    for register, texts in _by_register(article.phrasings).items():
        lines += [f"  {_scalar(register)}:", *_listed(texts, "    ")]
    return "\n".join([*lines, "---", "", article.answer, ""])


def _listed(texts: Iterable[str], indent: str) -> list[str]:
    return [f"{indent}- {_quoted(t)}" for t in texts]


def _by_register(phrasings: Iterable[Phrasing]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for phrasing in phrasings:
        found.setdefault(phrasing.register, []).append(str(phrasing.text))
    return found


def _source_body(source: Source) -> Body:
    return {"title": source.title, "year": source.year} | ({"url": source.url} if source.url else {})


def _scalar(text: str) -> str:
    """Plain where YAML reads the same text back, else between quotes."""
    return text if _PLAIN.fullmatch(text) and yaml.safe_load(text) == text else _quoted(text)


def _quoted(text: str) -> str:
    """A YAML text between double quotes: JSON's, and what YAML would fold or refuse is written as a number."""
    return _UNSAFE.sub(lambda m: f"\\u{ord(m.group()):04x}", json.dumps(text, ensure_ascii=False))
