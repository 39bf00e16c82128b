"""What every system learns from: the training messages and the articles' own phrasings."""

from __future__ import annotations

from pathlib import Path

from knowledge.articles import Article
from nlu.training.data import DATA, Example, load_examples


def training_messages(articles: dict[str, Article], data: Path = DATA) -> list[Example]:
    """Those of the train split, then the question and the phrasings of each article."""
    own = [
        Example(text, article.service_type, article.id, voice, "articles")
        for article in articles.values()
        for text, voice in [(article.question, "question"), *((p.text, p.register) for p in article.phrasings)]
    ]
    return [*load_examples("train", data), *own]
