"""Answers of the FAQ, choices, and what the person says of them."""

from __future__ import annotations

from functools import lru_cache

from api.conversations.messages import Message, Option
from api.dialogue.actions.buttons import article_message, choices_message, yes_no
from api.dialogue.choosing import chosen
from api.dialogue.turn import Outcome, Turn, likely_type, said
from nlu.dialogue_acts import comparable

CHOICES = 3


def about_message(turn: Turn) -> tuple[Message, ...]:
    """What the FAQ says of the message: the answer and its question back, or choices. In a form, no question back."""
    if (exact := _question_of_an_article(turn)) is not None:
        return _answer(turn, exact)
    found = [a.id for a in turn.triage.articles if a.id in turn.engine.articles]
    if not found:
        turn.state.failures += 1
        return (Message(kind="handoff", text=turn.say("incompris")),)
    if turn.triage.decision == "choices":
        return (_choices(turn, found[:CHOICES]),)
    return _answer(turn, found[0])


async def answer(turn: Turn) -> Outcome:
    """The article that answers the message."""
    return said(*about_message(turn))


async def choose(turn: Turn) -> Outcome:
    """The article that was picked; a bare "oui" before several choices shows them again."""
    questions = {i: turn.engine.articles[i].question for i in turn.state.choices if i in turn.engine.articles}
    picked = chosen(turn.text, list(questions), questions)
    if picked is None and len(questions) == 1:
        picked = next(iter(questions))
    if picked is None:
        return said(_choices(turn, list(questions))) if questions else said(*about_message(turn))
    return said(*_answer(turn, picked))


async def accept_answer(turn: Turn) -> Outcome:
    """The answer helped."""
    if "autre" in turn.text.lower():
        return said(Message(kind="smalltalk", text=turn.say("relance_oui")))
    return said(Message(kind="smalltalk", text=turn.say("retour_oui")))


async def refuse_answer(turn: Turn) -> Outcome:
    """The answer did not help: offer a person."""
    return said(_offer(turn, "retour_non"))


async def refuse_choices(turn: Turn) -> Outcome:
    """None of the choices: offer a person."""
    return said(_offer(turn, "choix_refuses"))


async def decline_offer(turn: Turn) -> Outcome:
    """No person wanted."""
    return said(Message(kind="smalltalk", text=turn.say("proposition_refusee")))


async def anything_else(turn: Turn) -> Outcome:
    """A yes or a no that answers nothing but "Avez-vous une autre question ?"; or the request is confirmed twice."""
    if turn.triage.act == "deny":
        return said(Message(kind="smalltalk", text=turn.say("relance_non")))
    if turn.state.ticket and turn.state.sent == turn.state.turn - 1 and "autre" not in turn.text.lower():
        text = turn.say("ticket_deja_ouvert", reference=turn.state.ticket)
        return said(Message(kind="smalltalk", text=text))
    return said(Message(kind="smalltalk", text=turn.say("relance_oui")))


def _answer(turn: Turn, article_id: str) -> tuple[Message, ...]:
    if turn.expected == "feedback" and not turn.form.active and (turn.state.last or {}).get("article") == article_id:
        return (_offer(turn, "meme_reponse"),)  # it did not answer the first time
    article = article_message(turn, article_id)
    _remember_subject(turn, turn.engine.articles[article_id].service_type, article_id)
    if turn.form.active:
        return (article,)
    turn.state.expecting, turn.state.choices = "feedback", []
    return (article, Message(kind="smalltalk", text=turn.say("retour"), options=yes_no(turn)))


def _question_of_an_article(turn: Turn) -> str | None:
    """The article whose very question was typed or picked: no doubt is left."""
    plain = comparable(turn.text)
    return next((a.id for a in turn.engine.articles.values() if _plain_question(a.question) == plain), None)


@lru_cache(maxsize=1024)
def _plain_question(question: str) -> str:
    """An article's question, made comparable once: for all of them it takes longer than reading the message."""
    return comparable(question)


def _choices(turn: Turn, article_ids: list[str]) -> Message:
    _remember_subject(turn, likely_type(turn.triage))
    if turn.form.active:
        return choices_message(turn, article_ids, turn.say("choix_dans_demande"))
    turn.state.expecting, turn.state.choices = "choices", article_ids
    none = turn.say("choix_aucun")
    return choices_message(turn, article_ids, turn.say("choix"), [Option(title=none, text=none)])


def _offer(turn: Turn, key: str) -> Message:
    turn.state.expecting, turn.state.choices = "offer", []
    service_type = (turn.state.last or {}).get("service_type")
    return Message(kind="handoff", text=turn.say(key, equipe=turn.team(service_type)), options=yes_no(turn))


def _remember_subject(turn: Turn, service_type: str | None, article_id: str | None = None) -> None:
    # Picking a choice is not a new subject: what the person first wrote says more than "2".
    if turn.expected != "choices" or turn.state.last is None:
        turn.state.last = {"text": turn.text, "service_type": service_type, "article": article_id}
    else:
        turn.state.last = turn.state.last | {"service_type": service_type, "article": article_id}


ACTIONS = {
    "action_answer": answer,
    "action_offer_choices": answer,
    "action_choose": choose,
    "action_decline_choices": refuse_choices,
    "action_feedback_yes": accept_answer,
    "action_feedback_no": refuse_answer,
    "action_decline_offer": decline_offer,
    "action_anything_else": anything_else,
}
