"""Quick replies and messages that several themes use."""

from __future__ import annotations

from api.conversations.messages import Message, Option, article_view, choice
from api.dialogue.turn import Turn


def button(turn: Turn, key: str) -> Option:
    """A quick reply that sends its own label."""
    label = turn.say(key)
    return Option(title=label, text=label)


def yes_no(turn: Turn) -> list[Option]:
    """Oui, Non."""
    return [button(turn, "bouton_oui"), button(turn, "bouton_non")]


def article_message(turn: Turn, article_id: str) -> Message:
    """An article of the FAQ."""
    article = turn.engine.articles[article_id]
    return Message(kind="answer", text=article.answer, article=article_view(article))


def choices_message(turn: Turn, article_ids: list[str], text: str, options: list[Option] | None = None) -> Message:
    """Articles to pick from."""
    picks = [choice(turn.engine.articles[i]) for i in article_ids]
    return Message(kind="choices", text=text, choices=picks, options=options)
