"""Without Rasa: the decision alone still gives the answer, the choices, or the way to a person. Never a dead end."""

from __future__ import annotations

from dataclasses import replace

from api.conversations.messages import Message, article_view, choice
from api.dialogue.choosing import chosen
from api.dialogue.desk import Desk
from api.dialogue.state import DialogueState
from api.dialogue.turn import PHONE
from knowledge.decisions import Triage

CHOICES = 3
_SMALL_TALK = {
    "greet": "salutation",
    "thank": "remerciement",
    "goodbye": "au_revoir",
    "how_are_you": "comment_ca_va",
    "bot_challenge": "qui_suis_je",
    "insult": "insulte",
}


def answer_alone(read: Triage, state: DialogueState, desk: Desk) -> tuple[list[Message], DialogueState]:
    """The messages, and the state to keep: a running request stays as it is, choices can be picked next."""
    found = [a.id for a in read.articles if a.id in desk.engine.articles]
    picked = chosen(read.masked_text, state.choices) if state.expecting == "choices" else None
    if picked is not None and picked in desk.engine.articles:
        return [_article(picked, desk)], replace(state, expecting="none", choices=[])
    if read.decision == "answer" and found:
        return [_article(found[0], desk)], state
    if read.decision == "choices" and found:
        picks = found[:CHOICES]
        message = Message(
            kind="choices", text=desk.replies.say("choix"), choices=[choice(desk.engine.articles[i]) for i in picks]
        )
        return [message], replace(state, expecting="choices", choices=picks)
    if read.decision == "out_of_scope":
        return [Message(kind="out_of_scope", text=desk.replies.say("hors_sujet"))], state
    key = _SMALL_TALK.get(read.act or "")
    if read.decision == "smalltalk" and key is not None:
        return [Message(kind="smalltalk", text=desk.replies.say(key))], state
    key = "degrade_personne" if state.draft is None else "degrade_demande"
    text = desk.replies.say(key, lien=desk.request_form, telephone=PHONE)
    return [Message(kind="handoff", text=text)], state


def _article(article_id: str, desk: Desk) -> Message:
    article = desk.engine.articles[article_id]
    return Message(kind="answer", text=article.answer, article=article_view(article))
