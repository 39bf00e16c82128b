"""The phrasings of the articles as training messages: the content speaks to the nlu room through a file."""

from __future__ import annotations

import yaml

from knowledge.articles import Article


def as_messages(articles: dict[str, Article]) -> str:
    """Rasa NLU YAML: one intent "<service type>/<article>" an article, its question and phrasings, voice = register."""
    blocks = []
    for article in articles.values():
        examples = [{"text": article.question, "metadata": {"voice": "question"}}]
        examples += [{"text": p.text, "metadata": {"voice": f"article_{p.register}"}} for p in article.phrasings]
        intent = f"{article.service_type}/{article.id}"
        blocks.append({"intent": intent, "metadata": {"writer": "articles"}, "examples": examples})
    return yaml.dump({"version": "3.1", "nlu": blocks}, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
