"""A piece of the page: the messages that came after the last one that a page shows, rendered as the page renders them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages import render
from api.widget.bubbles import exchange_of, last_turn
from api.widget.composer import composer_for
from api.widget.contexts import ExchangePart, GuidedPart
from api.widget.conversing import new_message_id
from api.widget.rendering import TEMPLATES
from knowledge.page_words import PageWords
from knowledge.service_types import Catalogue
from nlu.personal_data import MASKS

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Renderer:
    """What rendering needs besides the messages."""

    catalogue: Catalogue
    words: PageWords

    def piece(self, messages: Sequence[Mapping[str, Any]], opinions: Mapping[int, bool] | None = None) -> Json:
        """`exchange` are list items, each with its message's id; `said` is what a screen reader says of each.

        `guided`, `label` and `autocomplete` are for the box; they come only with messages that end a turn.
        """
        bubbles = exchange_of(messages, self.catalogue, self.words, opinions)
        part = ExchangePart(bubbles, new_message_id(), self.words)
        found: Json = {
            "exchange": render(TEMPLATES, "echange.html", part),
            "said": [self._said(m) for m in messages],
            "last": max((int(m["id"]) for m in messages), default=0),
        }
        turn = last_turn(messages)
        if turn:
            composer = composer_for(turn, self.catalogue)
            found |= {
                "guided": render(TEMPLATES, "saisie.html", GuidedPart(composer)),
                "label": composer.label,
                "autocomplete": composer.autocomplete,
            }
        return found

    def _said(self, message: Mapping[str, Any]) -> Json:
        """Of the learner's own message, only what they don't know: that a part of it was erased."""
        if message["author"] == "learner":
            erased = [s for kind, s in self.words.erased.items() if MASKS[kind] in message["text"]]  # type: ignore[index]
            return {"id": message["id"], "text": " ".join(erased)}
        choices = [str(c["question"]) for c in message.get("choices") or ()]
        delay = [str(message["delay"])] if message.get("delay") else []
        return {"id": message["id"], "text": " ".join([str(message["text"]), *delay, *choices])}
