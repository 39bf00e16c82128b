"""Checks of the add-on that need Rasa: run by tests/bot/test_addon.py with the python of Rasa's environment."""

# ruff: noqa: E402, PT009, PT027
# The add-on is installed before Rasa is used, and Rasa's environment has unittest, not pytest.

from __future__ import annotations

import io
import json
import logging
import os
import random
import sys
import tarfile
import unittest
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "bot"))

from addon import action_calls, events, logs, predictions, tracker_store
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy

stock_possible_keys = RulePolicy._get_possible_keys

logs.install()
action_calls.install()
events.install()
predictions.install()

import structlog
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.tracker_store import SQLTrackerStore
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from rasa.utils.log_utils import configure_structlog

DOMAIN = Domain.from_dict(
    {
        "intents": ["greet"],
        "slots": {"answer": {"type": "text", "mappings": [{"type": "from_text"}]}},
        "forms": {"qualification_form": {"required_slots": ["answer"]}},
    }
)


def turn(text: str, *more: Event) -> list[Event]:
    return [UserUttered(text, {"name": "greet"}), *more, BotUttered("ok"), ActionExecuted("action_listen")]


class ActionCalls(unittest.IsolatedAsyncioTestCase):
    def test_a_well_formed_reply_is_accepted(self) -> None:
        action = RemoteAction("action_x", None)
        reply = {"events": [{"event": "slot", "timestamp": None, "name": "answer", "value": None}], "responses": [{}]}
        self.assertTrue(action._validate_action_result(reply))
        self.assertTrue(action._validate_action_result({}))

    def test_malformed_replies_are_still_rejected(self) -> None:
        action = RemoteAction("action_x", None)
        for reply in (
            {"events": [{"event": "no such event"}], "responses": []},
            {"events": [{"name": "answer"}]},
            {"events": {}, "responses": []},
            {"responses": "bonjour"},
            {"responses": [1]},
            [],
            None,
        ):
            with self.subTest(reply=reply), self.assertRaises(ValidationError):
                action._validate_action_result(reply)

    def test_the_call_has_what_actions_read_and_no_history(self) -> None:
        tracker = DialogueStateTracker.from_events("s", turn("bonjour"), DOMAIN.slots)
        call = RemoteAction("action_x", None)._action_call_format(tracker, DOMAIN)
        self.assertEqual(call["next_action"], "action_x")
        self.assertEqual(call["tracker"]["latest_message"]["text"], "bonjour")
        self.assertIn("answer", call["tracker"]["slots"])
        self.assertIsNone(call["tracker"]["events"])

    async def test_the_session_of_an_endpoint_is_kept(self) -> None:
        endpoint = EndpointConfig("http://127.0.0.1:9")
        async with endpoint.session() as first:
            pass
        self.assertFalse(first.closed)
        async with endpoint.session() as second:
            self.assertIs(first, second)
        await first.close()
        async with endpoint.session() as third:
            self.assertFalse(third.closed)
        await third.close()


class Events(unittest.TestCase):
    def test_names_are_resolved_as_before(self) -> None:
        self.assertIs(Event.resolve_by_type("user"), UserUttered)
        self.assertIs(Event.resolve_by_type("user"), UserUttered)
        with self.assertRaises(ValueError):
            Event.resolve_by_type("no such event")


class Logs(unittest.TestCase):
    def test_no_text_of_a_message_is_written(self) -> None:
        out = io.StringIO()
        with redirect_stdout(out):
            logging.getLogger().handlers.clear()
            configure_structlog(logging.INFO)
            structlog.get_logger("test").error("http.parse.text.failure", text="mon secret", response_text="mon secret")
        self.assertIn("http.parse.text.failure", out.getvalue())
        self.assertNotIn("secret", out.getvalue())


class Shortened(unittest.TestCase):
    def dicts(self, found: list[Event]) -> list[dict]:
        return [e.as_dict() for e in found]

    def replay(self, found: list[dict]) -> DialogueStateTracker:
        return DialogueStateTracker.from_dict("s", found, DOMAIN.slots)

    def test_a_short_conversation_is_whole(self) -> None:
        found = self.dicts([ActionExecuted("action_session_start"), SessionStarted(), *turn("a"), *turn("b")])
        kept = tracker_store.shortened(found, None)
        self.assertEqual(kept, found[1:])
        self.assertEqual([e["text"] for e in kept if e["event"] == "user"], ["a", "b"])

    def test_the_latest_turns_stay(self) -> None:
        found = self.dicts([e for n in range(9) for e in turn(f"t{n}")])
        texts = [e.text for e in self.replay(tracker_store.shortened(found, None)).events if isinstance(e, UserUttered)]
        self.assertEqual(texts, ["t6", "t7", "t8"])

    def test_the_active_form_is_known_behind_the_cut(self) -> None:
        began = [ActiveLoop("qualification_form"), SlotSet("requested_slot", "answer")]
        found = self.dicts([*turn("a", *began), *(e for n in range(9) for e in turn(f"t{n}"))])
        tracker = self.replay(tracker_store.shortened(found, None))
        self.assertEqual(tracker.active_loop_name, "qualification_form")
        self.assertEqual(tracker.get_slot("requested_slot"), "answer")
        older = self.dicts(began)[0]
        late = self.dicts([e for n in range(9) for e in turn(f"t{n}")])
        self.assertEqual(self.replay(tracker_store.shortened(late, older)).active_loop_name, "qualification_form")

    def test_a_form_that_ended_stays_ended(self) -> None:
        began = self.dicts(turn("a", ActiveLoop("qualification_form")))
        ended = self.dicts(turn("b", ActiveLoop(None)))
        rest = self.dicts([e for n in range(9) for e in turn(f"t{n}")])
        self.assertIsNone(self.replay(tracker_store.shortened([*began, *ended, *rest], None)).active_loop_name)
        self.assertIsNone(self.replay(tracker_store.shortened(rest, ended[1])).active_loop_name)


@unittest.skipUnless("TEST_MODEL" in os.environ, "no model")
class Predictions(unittest.TestCase):
    """On the rules of the project, in the states that they are about and in states beside these."""

    @classmethod
    def setUpClass(cls) -> None:
        with tarfile.open(os.environ["TEST_MODEL"]) as model:
            [rules] = [name for name in model.getnames() if name.endswith("rule_policy.json")]
            cls.lookup = json.loads(model.extractfile(rules).read())["lookup"]
        cls.policy = RulePolicy.__new__(RulePolicy)

    def states(self) -> Iterator[list[dict]]:
        """Each rule's own states as a conversation has them; then with other intents, actions, slots, or less history."""
        told = [json.loads(rule) for rule in self.lookup[RULES]]
        intents = sorted({s["user"]["intent"] for states in told for s in states if "intent" in s.get("user", {})})
        rng = random.Random(3)
        for states in told:
            real = [{k: v for k, v in s.items() if v} for s in states]
            yield real
            yield real[-1:]
            yield [{}, *real]
            yield real[:-1]
            yield [*real[:-1], {**real[-1], "user": {"intent": rng.choice(intents)}}]
            yield [*real[:-1], {**real[-1], "user": {"text": "bonjour"}}]
            yield [*real[:-1], {**real[-1], "prev_action": {"action_name": "action_listen"}}]
            yield [*real[:-1], {**real[-1], "slots": {"context": [1.0]}}]
            yield [*real[:-1], {k: v for k, v in real[-1].items() if k != "prev_action"}]
            yield [*rng.choice(told), *real]

    def test_the_same_rules_apply_as_with_rasa_alone(self) -> None:
        compared = found = 0
        for states in self.states():
            for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH):
                expected = stock_possible_keys(self.policy, self.lookup[name], states)
                self.assertEqual(self.policy._get_possible_keys(self.lookup[name], states), expected)
                compared, found = compared + 1, found + bool(expected)
        self.assertGreater(compared, 1000)
        self.assertGreater(found, compared / 5)

    def test_other_rules_are_not_taken_for_the_former_ones(self) -> None:
        states = next(iter(self.states()))
        self.policy._get_possible_keys(self.lookup[RULES], states)
        self.assertEqual(self.policy._get_possible_keys({}, states), set())


class Graph(unittest.TestCase):
    def runner(self, nodes: dict[str, tuple[tuple[str, ...], Callable]]) -> DaskGraphRunner:
        runner = DaskGraphRunner.__new__(DaskGraphRunner)
        schema = {name: SchemaNode({n: n for n in needs}, None, "", "", {}) for name, (needs, _) in nodes.items()}
        runner._graph_schema = GraphSchema(schema)
        runner._instantiated_nodes = {name: node for name, (_, node) in nodes.items()}
        runner._execution_context = None
        return runner

    def test_nodes_run_once_after_what_they_need(self) -> None:
        ran: list[str] = []

        def node(name: str) -> Callable:
            def call(*given: tuple[str, int]) -> tuple[str, int]:
                ran.append(name)
                return name, 1 + sum(value for _, value in given)

            return call

        needs = {"end": ("left", "right"), "left": ("start",), "right": ("start",), "start": ("input",), "other": ()}
        runner = self.runner({name: (needed, node(name)) for name, needed in needs.items()})
        for _ in range(2):
            ran.clear()
            self.assertEqual(runner.run(inputs={"input": 10}, targets=["end", "left"]), {"end": 25, "left": 12})
            self.assertEqual(ran, ["start", "left", "right", "end"])

    def test_a_failure_of_a_node_is_the_runner_s(self) -> None:
        def fails() -> None:
            raise RuntimeError

        with self.assertRaises(GraphRunError):
            self.runner({"end": ((), fails)}).run(targets=["end"])


class Domains(unittest.TestCase):
    def test_a_domain_is_empty_or_not(self) -> None:
        self.assertTrue(Domain.empty().is_empty())
        for _ in range(2):
            self.assertFalse(DOMAIN.is_empty())


@unittest.skipUnless("TEST_DATABASE_URL" in os.environ, "no database")
class Store(unittest.IsolatedAsyncioTestCase):
    async def test_reads_what_it_wrote_and_rasa_reads_it_too(self) -> None:
        url = os.environ["TEST_DATABASE_URL"]
        store = tracker_store.ShortTrackerStore(domain=DOMAIN, host=url)
        self.assertIsNone(await store.retrieve("s"))
        tracker = DialogueStateTracker.from_events("s", turn("t0"), DOMAIN.slots)
        await store.save(tracker)
        for number in range(1, 12):
            tracker = await store.retrieve("s")
            for event in turn(f"t{number}"):
                tracker.update(event, DOMAIN)
            await store.save(tracker)
            await store.save(tracker)  # nothing new: nothing written
        self.assertLessEqual(len(tracker.events), 40)
        stock = SQLTrackerStore(domain=DOMAIN, host=url)
        kept = await stock.retrieve_full_tracker("s")
        texts = [e.text for e in kept.events if isinstance(e, UserUttered)]
        self.assertEqual(texts, [f"t{n}" for n in range(12)])
        whole = await store.retrieve_full_tracker("s")
        self.assertEqual(len(whole.events), len(kept.events))
        with store._direct.connect() as connection:
            row = connection.exec_driver_sql("SELECT type_name, intent_name, data FROM events ORDER BY id").first()
        self.assertEqual((row[0], row[1], json.loads(row[2])["text"]), ("user", "greet", "t0"))


if __name__ == "__main__":
    unittest.main()
