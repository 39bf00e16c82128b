"""Which of the choices shown somebody means: "2", "la première", or the question itself."""

from __future__ import annotations

from nlu.dialogue_acts import comparable, dialogue_act, rank_chosen


def chosen(text: str, choices: list[str], questions: dict[str, str] | None = None) -> str | None:
    """The id picked among `choices`, None when the text picks nothing. `questions` gives the wording of each id."""
    plain = comparable(text)
    for article_id in choices:
        if text.strip() == article_id or (questions and plain == comparable(questions.get(article_id, ""))):
            return article_id
    if dialogue_act(text) != "choose":
        return None
    rank = rank_chosen(text)
    return choices[rank] if rank is not None and -len(choices) <= rank < len(choices) else None
