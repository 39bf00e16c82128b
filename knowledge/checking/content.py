"""What must be true of the catalogue, the articles and the replies before they are published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from knowledge.articles import Article, read_article
from knowledge.checking.comparing import comparable
from knowledge.content_file import ContentError, Fault
from knowledge.deadlines import load_deadline_words
from knowledge.delays import load_delays
from knowledge.follow_up import load_follow_up_texts, load_mail_texts
from knowledge.opening_hours import load_hours
from knowledge.page_words import load_page_words
from knowledge.replies import load_replies
from knowledge.service_types import Catalogue, load_catalogue
from knowledge.themes import theme_faults
from knowledge.writing_rules import load_writing_rules

LEAST_PHRASINGS = 8
LEAST_REGISTERS = 4
WORDS = (40, 120)
_PROMISES = re.compile(
    r"\b(?:nous (?:vous )?(?:garantissons|promettons)|c'est garanti|garanti sous|sans faute sous|vous aurez une réponse sous)\b",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
_LOUD = re.compile(r"[!\U0001F300-\U0001FAFF\u2600-\u27BF]")


def content_faults(content: Path) -> tuple[list[Fault], list[Article], Catalogue | None]:
    """The faults, and what could be read: the articles, and the catalogue when it is without fault."""
    faults: list[Fault] = []
    catalogue = _catalogue(content, faults)
    articles = _articles(content, faults)
    if catalogue:
        for article in articles:
            faults += article_faults(article, catalogue)
        faults += _unanswered_types(articles, catalogue, content)
        faults += theme_faults(content, catalogue, {a.id for a in articles})
    faults += _shared_phrasings(articles)
    faults += _replies(content)
    faults += _hours(content)
    faults += _follow_up(content)
    faults += _writing(content, articles)
    faults += _delays(content, catalogue)
    return faults, articles, catalogue


def _catalogue(content: Path, faults: list[Fault]) -> Catalogue | None:
    try:
        return load_catalogue(content)
    except ContentError as error:
        faults += error.faults
        return None


def _articles(content: Path, faults: list[Fault]) -> list[Article]:
    articles = []
    for path in sorted((content / "faq").glob("*.md")):
        try:
            articles.append(read_article(path))
        except ContentError as error:
            faults += error.faults
    return articles


def article_faults(article: Article, catalogue: Catalogue) -> Iterator[Fault]:
    """What is wrong in one article."""
    path, line = article.path, article.answer_line
    if article.service_type not in catalogue.types:
        yield Fault(path, 1, f"service-type inconnu : {article.service_type}")
    words = len(article.answer.split())
    if not WORDS[0] <= words <= WORDS[1]:
        yield Fault(path, line, f"la réponse a {words} mots (attendu : {WORDS[0]} à {WORDS[1]})")
    if len(article.phrasings) < LEAST_PHRASINGS:
        yield Fault(path, 1, f"{len(article.phrasings)} formulations (attendu : au moins {LEAST_PHRASINGS})")
    if len({p.register for p in article.phrasings}) < LEAST_REGISTERS:
        yield Fault(path, 1, f"les formulations n'ont pas {LEAST_REGISTERS} registres différents")
    if article.certitude in ("publie", "date") and not re.search(r"\b(?:19|20)\d\d\b", article.answer):
        yield Fault(path, line, "un fait daté se donne avec son année")
    for number, text in enumerate(article.answer.split("\n"), line):
        for pattern, what in (
            (_PROMISES, "promesse de délai"),
            (_ACCOUNT, "adresse de courriel"),
            (_LOUD, "point d'exclamation ou émoji"),
        ):
            if pattern.search(text):
                yield Fault(path, number, f"{what} dans la réponse")


def _unanswered_types(articles: list[Article], catalogue: Catalogue, content: Path) -> Iterator[Fault]:
    answered = {a.service_type for a in articles}
    for service_type in catalogue.types.values():
        if service_type.id not in answered and service_type.handling == "simple":
            yield Fault(
                content / "services_type.yml", 1, f"aucun article pour le service-type simple {service_type.id}"
            )


def _shared_phrasings(articles: list[Article]) -> Iterator[Fault]:
    """A phrasing (accents, case and punctuation aside) leads to one article only."""
    first: dict[str, tuple[Article, int]] = {}
    for article in articles:
        for phrasing in article.phrasings:
            key = comparable(phrasing.text)
            if key in first and first[key][0].id != article.id:
                other, line = first[key]
                where = f"{other.path.name}:{line}"
                yield Fault(article.path, phrasing.line, f"formulation déjà présente dans {where} : {phrasing.text}")
            first.setdefault(key, (article, phrasing.line))


def _replies(content: Path) -> list[Fault]:
    faults: list[Fault] = []
    try:
        load_replies(content / "reponses.yml")
    except ContentError as error:
        faults += error.faults
    try:
        load_page_words(content)
    except ContentError as error:
        faults += error.faults
    return faults


def _hours(content: Path) -> list[Fault]:
    try:
        load_hours(content / "horaires.yml")
    except ContentError as error:
        return error.faults
    return []


def _writing(content: Path, articles: list[Article]) -> Iterator[Fault]:
    """The advice to editors can be read, and no article states a fact that is still to be checked."""
    try:
        rules = load_writing_rules(content)
    except ContentError as error:
        yield from error.faults
        return
    for article in articles:
        for id_ in article.facts:
            fact = rules.facts.get(id_)
            if fact is None or fact.standing == "a_verifier":
                what = "inconnu" if fact is None else "à vérifier : aucun article ne l'affirme"
                yield Fault(article.path, 1, f"fait {id_} {what}")


def _delays(content: Path, catalogue: Catalogue | None) -> list[Fault]:
    """Delays, deadline words and routing. Content without them uses the project's."""
    faults: list[Fault] = []
    teams = frozenset(catalogue.teams) if catalogue else None
    for name, load in (
        ("delais.yml", lambda: load_delays(content, teams)),
        ("echeances.yml", lambda: load_deadline_words(content)),
    ):
        if not (content / name).exists():
            continue
        try:
            load()
        except ContentError as error:
            faults += error.faults
    return faults


def _follow_up(content: Path) -> list[Fault]:
    """The e-mails and the follow-up page: complete, calm, without a promise. Content without them uses the project's."""
    faults: list[Fault] = []
    for name, load in (("courriels.yml", load_mail_texts), ("suivi.yml", load_follow_up_texts)):
        path = content / name
        if not path.exists():
            continue
        try:
            load(content)
        except ContentError as error:
            faults += error.faults
        for number, text in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            for pattern, what in ((_PROMISES, "promesse de délai"), (_LOUD, "point d'exclamation ou émoji")):
                if pattern.search(text):
                    faults.append(Fault(path, number, f"{what} dans ce qui est écrit aux personnes"))
    return faults
