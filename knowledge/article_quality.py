"""What keeps an article from being published, and what would make it easier to read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from knowledge.articles import Article
from knowledge.checking.comparing import comparable
from knowledge.checking.content import article_faults
from knowledge.checking.near_duplicates import near_pairs
from knowledge.service_types import Catalogue
from knowledge.writing_rules import WritingRules

_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
NEAR = 0.6  # cosine of two phrasings that say nearly the same; wider than what is refused in training
MOST_NEAR = 5


@dataclass(frozen=True, slots=True)
class Near:
    """Another article that seems to say the same: the two texts that are near."""

    article: str
    mine: str
    theirs: str


def faults(article: Article, others: Mapping[str, Article], catalogue: Catalogue, rules: WritingRules) -> list[str]:
    """What must be put right before anybody reviews it, in French. Empty: nothing."""
    found = [] if article.service_type else ["choisissez un service"]
    found += [
        f.message for f in article_faults(article, catalogue) if article.service_type or "service-type" not in f.message
    ]
    if not article.sources:
        found.append("au moins une source est nécessaire")
    found += dead_facts(article, rules)
    owners = {comparable(t): o for o in others.values() if o.id != article.id for t in o.learnt}
    for text in article.learnt:
        if other := owners.get(comparable(text)):
            found.append(f"« {text} » mène déjà à l'article « {other.question} »")
    mine = {comparable(t) for t in article.learnt}
    found += [f"« {t} » sert déjà à apprendre : une question de contrôle doit être nouvelle" for t in article.tests
              if comparable(t) in mine]  # fmt: skip
    return found


def dead_facts(article: Article, rules: WritingRules) -> list[str]:
    """Facts that no article may state: unknown ones, and those to be checked."""
    found = []
    for id_ in article.facts:
        fact = rules.facts.get(id_)
        if fact is None:
            found.append(f"le fait {id_} n'existe pas")
        elif fact.standing == "a_verifier":
            found.append(f"le fait {id_} est à vérifier : aucun article ne l'affirme")
    if article.certitude == "publie" and article.facts:
        standings = {rules.facts[f].standing for f in article.facts if f in rules.facts}
        if standings == {"date"}:
            found.append("tous les faits sont anciens : la certitude est « à vérifier », pas « publié »")
    return found


def overdue(article: Article, day: date) -> bool:
    """The date of review has come."""
    return article.review_by <= day


def hints(article: Article, rules: WritingRules) -> list[str]:
    """How it could be easier to read. Nothing here keeps it from being published."""
    found: list[str] = []
    for text in filter(None, (article.answer, article.off_season)):
        found += _sentence_hints(text, rules)
        found += _jargon(text, rules.jargon)
    return list(dict.fromkeys(found))


def near_articles(article: Article, others: Mapping[str, Article]) -> list[Near]:
    """Articles with a text that is nearly one of this article's, the nearest first; a third of a second for 150 articles."""
    mine = [t for t in (*article.learnt, *article.tests) if t.strip()]
    theirs = [(t, o.id) for o in others.values() if o.id != article.id for t in o.learnt]
    found: dict[str, tuple[float, Near]] = {}
    for first, second, cosine in near_pairs([*mine, *(t for t, _ in theirs)], NEAR):
        if first < len(mine) <= second:
            text, owner = theirs[second - len(mine)]
            if owner not in found or cosine > found[owner][0]:
                found[owner] = (cosine, Near(owner, mine[first], text))
    return [near for _, near in sorted(found.values(), key=lambda pair: -pair[0])][:MOST_NEAR]


def _sentence_hints(text: str, rules: WritingRules) -> Iterator[str]:
    sentences = [s for s in _SENTENCE.split(text) if re.search(r"\w", s)]
    lengths = [len(re.findall(r"[\w'’-]+", s)) for s in sentences]
    for sentence, length in zip(sentences, lengths, strict=True):
        if length > rules.longest_sentence:
            yield f"Phrase de {length} mots, à couper : « {_beginning(sentence)} »"
    if lengths and sum(lengths) / len(lengths) > rules.mean_sentence:
        yield f"Les phrases ont {round(sum(lengths) / len(lengths))} mots en moyenne ({rules.mean_sentence} conseillés)"


def _jargon(text: str, jargon: Mapping[str, str]) -> Iterator[str]:
    for word, plain in jargon.items():
        if re.search(rf"(?<!\w){re.escape(word)}s?(?!\w)", text, re.IGNORECASE if word.islower() else 0):
            yield f"« {word} » : peut-être « {plain} »"


def _beginning(sentence: str) -> str:
    first = sentence.lstrip("- ").split()[:6]
    return " ".join(first) + "…"
