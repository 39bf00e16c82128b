"""From articles, versions and publications to what the pages of the writing room show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from api.articles.comparing import CERTAINTIES
from api.articles.contexts import (
    Advice,
    MisledLine,
    NearLine,
    Preview,
    PublicationLine,
    Row,
    SourceInput,
    VersionLine,
)  # fmt: skip
from api.articles.forms import SOURCES, day_typed
from api.articles.service import STATES, ArticleFile
from api.console.contexts import Option
from api.db.models import ArticlePublication, ArticleVersion
from api.lookup.contexts import hit_of
from api.widget.rich_text import written
from knowledge.article_bodies import Body
from knowledge.article_quality import Near, dead_facts, hints, near_articles, overdue
from knowledge.articles import Article
from knowledge.audience import PUBLICS
from knowledge.question_tests import Misled
from knowledge.replies import Replies
from knowledge.service_types import Catalogue
from knowledge.writing_rules import WritingRules


def version_line(version: ArticleVersion, live: int | None) -> VersionLine:
    """A version in words."""
    return VersionLine(
        number=version.number,
        state="En ligne" if version.number == live else STATES[version.state],
        author=version.author or "Fichier de contenu",
        reviewer=version.reviewer or "",
        note=" ".join(filter(None, (version.note, version.review_note))),
        at=version.created_at,
        live=version.number == live,
    )


def publication_line(publication: ArticlePublication) -> PublicationLine:
    """A publication in words."""
    return PublicationLine(
        version=publication.version,
        by=publication.by or "Fichier de contenu",
        at=publication.at,
        misled=len(publication.misled),
        signature=publication.signature,
    )


def preview_of(article: Article, catalogue: Catalogue, replies: Replies) -> Preview:
    """The article as people will read it."""
    return Preview(hit_of(article, catalogue, replies), written(article.answer))


def near_lines(article: Article, live: Mapping[str, Article]) -> tuple[NearLine, ...]:
    """The articles that say nearly the same."""
    found: list[Near] = near_articles(article, live)
    return tuple(
        NearLine(n.article, live[n.article].question, n.mine, n.theirs, written(live[n.article].answer)) for n in found
    )


def advice_of(
    article: Article, wrong: Sequence[str], live: Mapping[str, Article], rules: WritingRules, *, near: bool = True
) -> Advice:
    """Everything to know before going on."""
    lines = near_lines(article, live) if near else ()
    return Advice(tuple(wrong), tuple(hints(article, rules)), lines)


def row_of(
    id_: str, article: Article, file: tuple[str, str | None], catalogue: Catalogue, rules: WritingRules, day: date
) -> Row:
    """A line of the list; `file`: its state in words and its owner."""
    kind = catalogue.types.get(article.service_type)
    return Row(
        id=id_,
        question=article.question,
        state=file[0],
        service=kind.label if kind else article.service_type,
        owner=file[1] or "",
        review_by=article.review_by,
        overdue=overdue(article, day),
        dead=bool(dead_facts(article, rules)),
    )


def misled_lines(misled: Sequence[Misled], questions: Mapping[str, str]) -> tuple[MisledLine, ...]:
    """Questions that would go wrong, with the questions of the articles."""
    return tuple(
        MisledLine(m.text, questions.get(m.article, m.article), questions.get(m.found, m.found), m.before is None)
        for m in misled
    )


def empty_body(review_by: date) -> Body:
    """The form of a new article."""
    return {
        "question": "", "service_type": "", "public": ["eleve", "parent"], "certitude": "orientation", "facts": [],
        "sources": [], "review_by": review_by.isoformat(), "phrasings": [], "tests": [], "season": None,
        "off_season": "", "answer": "",
    }  # fmt: skip


def form_parts(body: Body, catalogue: Catalogue, rules: WritingRules, day: date) -> dict[str, Any]:
    """The lists and the rows of the form."""
    texts = {register: list(found) for register, found in body["phrasings"]}
    registers = {**rules.registers, **{r: r for r in texts if r not in rules.registers}}
    sources = [
        SourceInput(i, s["title"], str(s["year"] or ""), s.get("url", "")) for i, s in enumerate(body["sources"])
    ]
    shown = min(SOURCES, max(2, len(sources) + 1))
    sources += [SourceInput(i, "", "", "") for i in range(len(sources), shown)]
    season = body["season"] or {"from": "", "until": ""}
    kinds = sorted(catalogue.types.values(), key=lambda t: t.label.casefold())
    return {
        "services": (
            Option("", "Choisir un service", not body["service_type"]),
            *(Option(t.id, t.label, t.id == body["service_type"]) for t in kinds),
        ),
        "publics": tuple(Option(p, label, p in body["public"]) for p, label in PUBLICS.items()),
        "certainties": tuple(Option(c, label, c == body["certitude"]) for c, label in CERTAINTIES.items()),
        "sources": tuple(sources),
        "registers": tuple((r, label, "\n".join(texts.get(r, ()))) for r, label in registers.items()),
        "season": (day_typed(season["from"]), day_typed(season["until"])),
        "moments": tuple(rules.next_moments(day)),
    }


def state_of(file: ArticleFile) -> str:
    """Where an article stands, in words."""
    if file.working:
        return STATES[file.working.state]
    return "En ligne" if file.record.live else "Archivé"
