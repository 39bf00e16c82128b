"""The line above the learner's box while a person answers, or will."""

from __future__ import annotations

from api.live.learners import LiveState
from api.live.notices import say_minutes


def banner(state: LiveState) -> str:
    """One line above the box, empty when the assistant answers."""
    if state.state == "waiting":
        wait = f" Attente mesurée : environ {say_minutes(state.wait_minutes)}." if state.wait_minutes else ""
        return f"Vous attendez une personne du Cned. Position dans la file : {state.position}.{wait}"
    if state.state == "with_agent":
        return f"{state.agent} écrit…" if state.typing else f"{state.agent}, du Cned, vous répond."
    return f"La conversation avec {state.agent} est terminée." if state.state == "ended" and state.agent else ""
