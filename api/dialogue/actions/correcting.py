"""Corrections in the request form and at its recap."""

from __future__ import annotations

import re
from dataclasses import replace

from api.conversations.messages import Message
from api.dialogue.turn import TAKEN, Outcome, Turn
from knowledge import qualification
from knowledge.corrections import find_correction
from knowledge.qualification import Draft
from knowledge.service_types import Field
from nlu.normalisation import fold

_PLAINLY = re.compile(
    r"\b(?:modifi|chang|corrig|rectifi|correction|tromp|plante)\w*|^(?:il )?y a (?:une |des )?(?:erreur|faute)s?\W*$"
    r"|\berreur de ma part\b|\bj'ai fait une (?:erreur|faute)\b"
)


def wants_to_correct(turn: Turn) -> bool:
    """True when the message says that something said before is wrong."""
    return turn.triage.act == "correct"


def correct(turn: Turn, draft: Draft, asked: Field) -> Outcome | None:
    """A correction while `asked` is the question; None when the message is rather its answer."""
    found = find_correction(turn.text, draft, turn.catalogue)
    plainly = turn.state.correcting or _PLAINLY.search(fold(turn.text)) is not None
    if found is not None and (found[1] is not None or plainly):
        return apply(turn, draft, *found)
    if turn.state.correcting:
        turn.state.correcting = False
        if turn.triage.act in ("skip", "deny", "affirm"):
            return Outcome(events=(TAKEN,))
        answered = qualification.fill(draft, asked.id, turn.text, catalogue=turn.catalogue)
        if isinstance(answered, Draft) and asked.kind not in ("texte", "recit"):
            return None
        return Outcome((Message(kind="smalltalk", text=turn.say("correction_plus_tard")),), (TAKEN,))
    if not plainly:
        return None
    turn.state.correcting = True  # the form then asks what is to be changed
    return Outcome(events=(TAKEN,))


def apply(turn: Turn, draft: Draft, field: str, value: str | None) -> Outcome:
    """The new value in place of the old one; without a value that can be read, the question is asked again."""
    turn.state.correcting = False
    turn.state.refusals = 0
    if field == "contact":
        value = turn.typed_contact if turn.gives_contact else None
        turn.state.email = turn.state.email if "[COURRIEL]" in turn.text else None
        turn.state.phone = turn.state.phone if "[TÉLÉPHONE]" in turn.text else None
    filled = None if value is None else qualification.fill(draft, field, value, catalogue=turn.catalogue)
    if isinstance(filled, Draft):
        turn.keep(filled)
        return Outcome((Message(kind="smalltalk", text=turn.say("correction_faite")),), (TAKEN,))
    # The field alone: forget its value, so that the form asks it again.
    fields = {name: kept for name, kept in draft.fields.items() if name != field}
    turn.keep(replace(draft, fields=fields, asked=None))
    return Outcome((Message(kind="smalltalk", text=turn.say("correction_question")),), (TAKEN,))
