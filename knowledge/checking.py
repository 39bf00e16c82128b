"""`knowledge check`: what must be true of the content before it is published, each fault with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from knowledge.articles import Article, read_article
from knowledge.content_file import ContentError, Fault
from knowledge.page_words import load_page_words
from knowledge.replies import load_replies
from knowledge.service_types import Catalogue, load_catalogue
from nlu.normalisation import clean, fold
from nlu.training.data import DATA, PERSONAL_FILE, Example, load_examples

LEAST_PHRASINGS = 8
LEAST_REGISTERS = 4
WORDS = (40, 120)
_PROMISES = re.compile(
    r"\b(?:nous (?:vous )?(?:garantissons|promettons)|c'est garanti|garanti sous|sans faute sous|vous aurez une réponse sous)\b",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
_LOUD = re.compile(r"[!\U0001F300-\U0001FAFF\u2600-\u27BF]")


def check(content: Path, data: Path = DATA) -> list[Fault]:
    """Every fault of the catalogue, the articles, the replies and the training messages; an empty list when all is well."""
    faults: list[Fault] = []
    catalogue = _catalogue(content, faults)
    articles = _articles(content, faults)
    if catalogue:
        for article in articles:
            faults += _article_faults(article, catalogue)
        faults += _unanswered_types(articles, catalogue, content)
    faults += _shared_phrasings(articles)
    faults += _replies(content)
    if catalogue:
        faults += _messages(data, {a.id: a.service_type for a in articles}, catalogue)
    return sorted(faults, key=lambda f: (str(f.path), f.line))


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


def _article_faults(article: Article, catalogue: Catalogue) -> Iterator[Fault]:
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


def _messages(data: Path, types: dict[str, str], catalogue: Catalogue) -> Iterator[Fault]:
    """Training and dev messages point to known ids, lead to one subject each, and nobody is in both splits."""
    training = load_examples("train", data)
    development = load_examples("dev", data)
    for split, examples in (("train", training), ("dev", development)):
        for example in examples:
            if example.is_request and (fault := _unknown(example, types, catalogue)):
                yield _at(data / split, example, fault)
    subjects: dict[str, str] = {}
    for example in training:
        key = comparable(example.text)
        subject = f"{example.group}/{example.name}"
        if key and subjects.setdefault(key, subject) != subject:
            yield _at(data / "train", example, f"message sous deux sujets ({subjects[key]}, {subject})")
    for example in development:
        key = comparable(example.text)
        if key and key in subjects:
            yield _at(data / "dev", example, "message de mise au point présent dans l'entraînement")
    for writer in {e.writer for e in training} & {e.writer for e in development} - {""}:
        yield Fault(data / "dev", 1, f"le passage d'écriture {writer} est des deux côtés de la séparation")


def _at(folder: Path, example: Example, message: str) -> Fault:
    """A fault at the line where the message stands."""
    start = example.text.split("\n")[0][:60].replace('"', '\\"')
    for path in sorted(folder.glob("*.yml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if start in line:
                return Fault(path, number, f"{message} : {example.text[:60]}")
    return Fault(folder, 1, f"{message} : {example.text[:60]}")


def _unknown(example: Example, types: dict[str, str], catalogue: Catalogue) -> str | None:
    if example.group not in catalogue.types:
        return f"service-type inconnu {example.group}"
    if example.name != PERSONAL_FILE and types.get(example.name) != example.group:
        return f"article inconnu ou d'un autre service-type {example.name}"
    return None


def comparable(text: str) -> str:
    """A text without accents, case, punctuation and spacing: two texts with the same form are the same phrasing."""
    return " ".join(re.findall(r"\w+", fold(clean(text))))
