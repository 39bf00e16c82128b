"""The actions that Rasa calls, by name. One module a theme; bot/domain/actions.yml has the same names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from api.dialogue.actions import answering, answers, qualification, recap, smalltalk, status, unsure
from api.dialogue.turn import Outcome, Turn

Action = Callable[[Turn], Awaitable[Outcome]]

ACTIONS: dict[str, Action] = {
    **smalltalk.ACTIONS,
    **answers.ACTIONS,
    **qualification.ACTIONS,
    **answering.ACTIONS,
    **recap.ACTIONS,
    **status.ACTIONS,
    **unsure.ACTIONS,
}
# What counts as a turn not understood; any other action starts the count again.
FAILURES = frozenset({"action_fallback", "action_lost", "action_out_of_scope", "action_two_failures"})
# Parts of a form: they neither end what was expected nor count as a turn.
FORM_STEPS = frozenset(name for name in ACTIONS if name.startswith(("validate_", "action_ask_")))
# Said in passing: what was expected is still expected.
IN_PASSING = frozenset({"action_how_are_you", "action_bot_challenge", "action_insult", "action_english"})

__all__ = ["ACTIONS", "FAILURES", "FORM_STEPS", "IN_PASSING", "Action"]
