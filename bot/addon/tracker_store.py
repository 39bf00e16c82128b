"""Rasa's SQL tracker store with one query to read and one to write, and trackers that stay short.

The table is Rasa's own, so Rasa's tools read it. A tracker holds the latest turns only: the state of a conversation
lives in the service and comes with each message, and rules look at the current turn and the active form. Without that,
a turn costs 24 ms at 20 messages and 137 ms at 300.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import sqlalchemy as sa
from psycopg2.extras import execute_values
from rasa.core.tracker_store import SQLTrackerStore, create_engine_kwargs
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT_NAME_KEY

EVENTS_READ = 60  # more than the longest turn, and about five of them
TURNS_KEPT = 3
_LATEST = "SELECT data FROM events WHERE sender_id = %s ORDER BY id DESC LIMIT %s"
_LATEST_LOOP = "SELECT data FROM events WHERE sender_id = %s AND type_name = %s ORDER BY id DESC LIMIT 1"
_ADD = "INSERT INTO events (sender_id, type_name, timestamp, intent_name, action_name, data) VALUES %s"

Json = dict[str, Any]


class ShortTrackerStore(SQLTrackerStore):
    """Reads the latest events of a conversation and adds the new ones."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._direct = direct_engine(self.engine.url)

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> DialogueStateTracker | None:
        if fetch_events_from_all_sessions:
            return await super()._retrieve(sender_id, fetch_events_from_all_sessions)
        with self._cursor() as cursor:
            cursor.execute(_LATEST, (sender_id, EVENTS_READ))
            rows = cursor.fetchall()
            loop = None
            if len(rows) == EVENTS_READ:
                cursor.execute(_LATEST_LOOP, (sender_id, ActiveLoop.type_name))
                loop = cursor.fetchone()
        if not rows or self.domain is None:
            return None
        events = shortened([json.loads(row) for (row,) in reversed(rows)], json.loads(loop[0]) if loop else None)
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        tracker.events_stored = len(tracker.events)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Add the events that the tracker got since it was read."""
        await self.stream_events(tracker)
        stored = getattr(tracker, "events_stored", 0)
        new = [event for number, event in enumerate(tracker.events) if number >= stored]
        if new:
            with self._cursor() as cursor:
                rows = [_row(tracker.sender_id, event.as_dict()) for event in new]
                execute_values(cursor, _ADD, rows, page_size=len(rows))
        tracker.events_stored = len(tracker.events)

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        """The driver's own: SQLAlchemy around each of these statements costs more than the statement."""
        connection = self._direct.raw_connection()
        try:
            yield connection.cursor()
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            connection.invalidate()
            self._direct.dispose()  # the others lead to the same server
            raise
        finally:
            connection.close()


def direct_engine(url: sa.engine.URL) -> sa.engine.Engine:
    """Connections for single statements: no transaction around them, and a commit that doesn't wait for the disk.

    A power cut may lose Rasa's events of the last instant, never half of them; the service's own state is safe.
    """
    options = create_engine_kwargs(url)
    connect = options.get("connect_args", {})
    connect["options"] = f"{connect.get('options', '')} -csynchronous_commit=off".strip()
    return sa.create_engine(
        url, **{**options, "connect_args": connect}, isolation_level="AUTOCOMMIT", pool_reset_on_return=None
    )


def shortened(events: list[Json], loop: Json | None) -> list[Json]:
    """The latest turns, behind a header that puts the tracker in the state it was in before them.

    `events` are the latest of the conversation, oldest first; `loop` is its latest active_loop event when older
    events than these exist.
    """
    starts = [number for number, event in enumerate(events) if event["event"] == "user"]
    sessions = [number for number, event in enumerate(events) if event["event"] == SessionStarted.type_name]
    if sessions:
        events, starts = events[sessions[-1] :], [n - sessions[-1] for n in starts if n > sessions[-1]]
        loop = None
    whole = 0 if sessions or not starts else starts[0]
    cut = whole if len(starts) <= TURNS_KEPT else starts[-TURNS_KEPT]
    if cut == 0:
        return events
    before = [event for event in events[:cut] if event["event"] == ActiveLoop.type_name]
    current = before[-1] if before else loop
    if loop is not None and not before and any(event == loop for event in events[cut:]):
        current = None  # the loop began within the turns kept
    return [*_header(current, events[cut]["timestamp"]), *events[cut:]]


def _header(loop: Json | None, timestamp: float) -> list[Json]:
    header: list[Any] = [SessionStarted(timestamp)]
    if loop is not None and loop.get("name"):
        header += [ActiveLoop(loop["name"], timestamp), SlotSet("requested_slot", "answer", timestamp)]
    return [event.as_dict() for event in [*header, ActionExecuted("action_listen", timestamp=timestamp)]]


def _row(sender_id: str, data: Json) -> tuple[Any, ...]:
    intent = data.get("parse_data", {}).get("intent", {}).get(INTENT_NAME_KEY)
    return sender_id, data["event"], data.get("timestamp"), intent, data.get("name"), json.dumps(data)
