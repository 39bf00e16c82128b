"""The messages of a conversation as a page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from api.widget.composer import Guided, input_to_correct, listed_in_select
from api.widget.contact import REACH
from api.widget.rich_text import Block, Span, calls, calm, untouched, written
from knowledge.page_words import PageWords
from knowledge.service_types import Catalogue
from nlu.personal_data import MASKS

Author = Literal["learner", "assistant", "operator"]
AUTHORS: dict[str, str] = {"learner": "Vous", "assistant": "Assistant", "operator": "Une personne du Cned"}
MASKED = {
    "[COURRIEL]": "[adresse de courriel masquée]",
    "[TÉLÉPHONE]": "[numéro de téléphone masqué]",
    "[NIR]": "[numéro de sécurité sociale effacé]",
    "[INE]": "[numéro INE masqué]",
    "[IBAN]": "[coordonnées bancaires effacées]",
    "[CARTE]": "[numéro de carte effacé]",
}


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where an answer comes from."""

    title: str
    year: int
    url: str | None


@dataclass(frozen=True, slots=True)
class ArticleCard:
    """What surrounds an answer: the question it answers, its sources, how sure it is."""

    question: str
    sources: tuple[SourceLine, ...]
    certainty: str


@dataclass(frozen=True, slots=True)
class RecapLine:
    """One line of the recap; `guided` is the input that corrects it, None for the subject."""

    field: str
    label: str
    value: str
    guided: Guided | None


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message (`id` None: not kept yet).

    `choices` and `options` are buttons while `active`: what they send is their own label."""

    author: Author
    author_label: str
    kind: str
    blocks: tuple[Block, ...]
    article: ArticleCard | None = None
    choices: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()  # (label, what it sends)
    lines: tuple[RecapLine, ...] = ()
    reference: str | None = None
    follow_up: str | None = None  # the page that leads to the follow-up of this request
    delay: str | None = None  # how long its team took lately
    calls: tuple[Span, ...] = ()
    phone: Literal["whole", "hours"] | None = None  # only the hours when the text has the number
    active: bool = False
    last: bool = False
    live: str | None = None  # a notice of a hand-over to a person: the state it leads to
    id: int | None = None
    client_id: str | None = None
    erased: tuple[str, ...] = ()  # why a part of the learner's message is no more
    useful: bool | None = None  # what the learner said of this answer


def exchange_of(
    messages: Sequence[Mapping[str, Any]],
    catalogue: Catalogue,
    words: PageWords | None = None,
    opinions: Mapping[int, bool] | None = None,
) -> tuple[Bubble, ...]:
    """The bubbles of a history. Only what follows the learner's latest message can be answered with buttons.

    `opinions` maps the id of an answer to what the learner said of it.
    """
    turn = last_turn(messages)
    in_select = listed_in_select(turn, catalogue)
    first_active = len(messages) - len(turn) + _last_of_person(turn)
    bubbles = [
        _with_opinion(_bubble(m, catalogue, words, active=i >= first_active, in_select=in_select), opinions or {})
        for i, m in enumerate(messages)
    ]
    if bubbles:
        bubbles[-1] = replace(bubbles[-1], last=True)
    return tuple(bubbles)


def last_turn(messages: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """The messages after the learner's latest."""
    start = max((i + 1 for i, m in enumerate(messages) if m["author"] == "learner"), default=0)
    return messages[start:]


def author_label(message: Mapping[str, Any]) -> str:
    """Who wrote a message; a person has a name."""
    author = str(message["author"])
    return f"{message['name']}, du Cned" if author == "operator" and message.get("name") else AUTHORS[author]


def _last_of_person(turn: Sequence[Mapping[str, Any]]) -> int:
    """Where the turn begins that can be answered: what a hand-over left behind proposes nothing any more."""
    return max((i for i, m in enumerate(turn) if m["author"] == "operator" or m.get("live")), default=0)


def article_card(article: Mapping[str, Any]) -> ArticleCard:
    """What a public article says of itself."""
    sources = tuple(SourceLine(s["title"], int(s["year"]), _web(s.get("url"))) for s in article["sources"])
    year = max((s.year for s in sources), default=None)
    return ArticleCard(article["question"], sources, _certainty(article["certitude"], year))


def _bubble(
    message: Mapping[str, Any],
    catalogue: Catalogue,
    words: PageWords | None,
    *,
    active: bool,
    in_select: frozenset[str],
) -> Bubble:
    author: Author = message["author"]
    kind, text = str(message["kind"]), str(message["text"])
    bubble = Bubble(
        author,
        author_label(message),
        kind,
        _blocks(author, kind, text),
        active=active,
        live=message.get("live"),
        id=message.get("id"),
        client_id=message.get("client_message_id"),
    )
    if author == "learner":
        return replace(bubble, erased=_erased(text, words))
    if author == "operator":
        return bubble
    article, ticket = message.get("article"), message.get("ticket")
    options = [(o["title"], o["text"]) for o in message.get("options") or () if o["text"] not in in_select]
    return replace(
        bubble,
        article=article_card(article) if article else None,
        choices=tuple(c["question"] for c in message.get("choices") or ()),
        options=tuple(options),
        lines=tuple(_line(line, catalogue) for line in message.get("lines") or ()),
        reference=ticket["reference"] if ticket else None,
        follow_up=message.get("follow_up"),
        delay=message.get("delay"),
        calls=calls(text) if kind == "safety" else (),
        phone=None if message.get("live") else _phone(kind, text),
    )


def _with_opinion(bubble: Bubble, opinions: Mapping[int, bool]) -> Bubble:
    return bubble if bubble.id is None else replace(bubble, useful=opinions.get(bubble.id))


def _erased(text: str, words: PageWords | None) -> tuple[str, ...]:
    found = words.erased.items() if words else ()
    return tuple(sentence for kind, sentence in found if MASKS[kind] in text)  # type: ignore[index]


def _line(line: Mapping[str, str], catalogue: Catalogue) -> RecapLine:
    field = catalogue.fields.get(line["field"])
    return RecapLine(line["field"], line["label"], line["value"], input_to_correct(field) if field else None)


def _blocks(author: Author, kind: str, text: str) -> tuple[Block, ...]:
    if author == "learner":
        for mask, words in MASKED.items():
            text = text.replace(mask, words)
        return untouched(text)
    if author == "operator":
        return untouched(text)
    if kind == "safety":
        return calm(text)
    if kind == "summary":
        return written(text.partition("\n- ")[0])  # the lines of the recap are shown apart
    return written(text)


def _phone(kind: str, text: str) -> Literal["whole", "hours"] | None:
    if kind != "handoff":
        return None
    return "hours" if REACH.phone in text else "whole"


def _certainty(certainty: str, year: int | None) -> str:
    if certainty == "publie":
        return "Cette information est publiée par le Cned ou par l'État."
    if certainty == "date":
        return f"Cette information date de {year} : elle a pu changer depuis." if year else "Elle a pu changer depuis."
    return "Cette réponse vous dit à qui vous adresser : seule une personne peut décider pour votre situation."


def _web(url: str | None) -> str | None:
    return url if url and url.startswith(("https://", "http://")) else None
