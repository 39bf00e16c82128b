"""FAQ articles: one Markdown file each, front matter then the answer a person wrote."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self, get_args

from knowledge.content_file import CONTENT, ContentError, Fault, Located, line_of, load_yaml
from knowledge.seasons import Season

Certainty = Literal["publie", "date", "orientation"]
AUDIENCES = ("eleve", "parent", "adulte", "etablissement", "prospect")
_KEYS = ("id", "question", "service_type", "public", "certitude", "sources", "review_by", "phrasings")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from: a document or a page, and the year it speaks of."""

    title: str
    year: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Phrasing:
    """A way people ask for the article. `register` is the manner (poli, sms, …); `line` where it stands in the file."""

    text: str
    register: str
    line: int


@dataclass(frozen=True, slots=True)
class Article:
    """A dated, sourced answer. `answer` is plain text: paragraphs, and lines starting with "- " for lists.

    `tests` are questions, not learnt from, that must lead to it. Out of its `season` it answers `off_season`.
    """

    id: str
    question: str
    service_type: str
    public: tuple[str, ...]
    certitude: Certainty
    sources: tuple[Source, ...]
    review_by: date
    answer: str
    facts: tuple[str, ...]
    phrasings: tuple[Phrasing, ...]
    path: Path
    answer_line: int
    tests: tuple[str, ...] = ()
    season: Season | None = None
    off_season: str = ""

    @property
    def learnt(self) -> tuple[str, ...]:
        """The texts that lead to it and are learnt from: its phrasings, then its question."""
        return (*(p.text for p in self.phrasings), self.question)

    def on(self, day: date) -> Self:
        """The article as it answers that day."""
        return self if self.season is None or self.season.holds(day) else replace(self, answer=self.off_season)


def load_articles(content: Path = CONTENT) -> dict[str, Article]:
    """All articles of `content/faq`, by id.

    Raises:
        ContentError: with every malformed file, and the line of each fault.
    """
    faults: list[Fault] = []
    articles: dict[str, Article] = {}
    for path in sorted((content / "faq").glob("*.md")):
        try:
            article = read_article(path)
        except ContentError as error:
            faults += error.faults
            continue
        articles[article.id] = article
    if faults:
        raise ContentError(faults)
    return articles


def read_article(path: Path) -> Article:
    """One article file.

    Raises:
        ContentError: no front matter, a missing key or a value of the wrong kind.
    """
    front, answer, answer_line = _split(path)
    meta = load_yaml(front, path, first_line=2)
    if not isinstance(meta, Located):
        raise ContentError([Fault(path, 1, "l'en-tête n'est pas une liste de clés")])
    missing = [k for k in _KEYS if k not in meta]
    if missing:
        raise ContentError([Fault(path, 1, f"clé absente : {k}") for k in missing])
    if faults := list(_wrong(meta, path)):
        raise ContentError(faults)
    return Article(
        id=str(meta["id"]),
        question=str(meta["question"]),
        service_type=str(meta["service_type"]),
        public=tuple(str(p) for p in meta["public"]),
        certitude=meta["certitude"],
        sources=tuple(_source(s) for s in meta["sources"]),
        review_by=meta["review_by"],
        answer=answer,
        facts=tuple(str(f) for f in meta.get("facts", ())),
        phrasings=tuple(
            Phrasing(str(t), register, line_of(t, line_of(meta)))
            for register, texts in meta["phrasings"].items()
            for t in texts
        ),
        path=path,
        answer_line=answer_line,
        tests=tuple(str(t) for t in meta.get("tests", ())),
        season=Season.read(meta["season"]) if "season" in meta else None,
        off_season=str(meta.get("off_season", "")).strip(),
    )


def _split(path: Path) -> tuple[str, str, int]:
    lines = path.read_text(encoding="utf-8").split("\n")
    if not lines or lines[0].strip() != "---" or "---" not in lines[1:]:
        raise ContentError([Fault(path, 1, "l'article commence par un en-tête entre deux lignes « --- »")])
    end = lines.index("---", 1)
    body = end + 1
    while body < len(lines) and not lines[body].strip():
        body += 1
    return "\n".join(lines[1:end]), "\n".join(lines[body:]).strip(), body + 1


def _wrong(meta: Located, path: Path) -> Any:
    def fault(key: str, message: str) -> Fault:
        return Fault(path, meta.lines.get(key, 1), message)

    if meta["id"] != path.stem:
        yield fault("id", f"l'id {meta['id']} n'est pas le nom du fichier")
    if meta["certitude"] not in get_args(Certainty):
        yield fault("certitude", f"certitude inconnue : {meta['certitude']}")
    for audience in meta["public"]:
        if audience not in AUDIENCES:
            yield fault("public", f"public inconnu : {audience}")
    if not isinstance(meta["review_by"], date):
        yield fault("review_by", "review_by est une date AAAA-MM-JJ")
    if not isinstance(meta["phrasings"], dict):
        yield fault("phrasings", "phrasings range les formulations par registre")
    if not isinstance(meta.get("tests", []), list):
        yield fault("tests", "tests est une liste de questions")
    if ("season" in meta) != bool(str(meta.get("off_season", "")).strip()):
        yield fault("season", "une période (season) va avec un texte hors période (off_season)")
    if "season" in meta:
        try:
            Season.read(meta["season"])
        except ValueError:
            yield fault("season", "une période va d'un jour (from) à un autre (until), écrits MM-JJ")
    if not meta["sources"]:
        yield fault("sources", "source manquante")
    for source in meta["sources"] or ():
        if not isinstance(source, dict) or not source.get("title") or not isinstance(source.get("year"), int):
            yield Fault(
                path, line_of(source, meta.lines["sources"]), "une source a un titre (title) et une année (year)"
            )


def _source(row: dict[str, Any]) -> Source:
    url = row.get("url")
    return Source(str(row["title"]), int(row["year"]), str(url) if url else None)
