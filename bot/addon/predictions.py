"""The next action: Rasa's own rules and policy, without trying every rule and without a task scheduler.

Rasa 3.6 compares the state of the dialogue with each rule at each prediction, and hands a graph of three function calls
to dask each time: together a third of its CPU in a turn. What is predicted does not change (tests/bot/addon_checks.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import Domain
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

State = dict[str, Any]
Key = tuple[Any, Any]  # the last action and the intent

_schemas: WeakKeyDictionary[DaskGraphRunner, dict[tuple[str, ...], Any]] = WeakKeyDictionary()
_is_empty = Domain.is_empty


def install() -> None:
    """Replace the three methods on Rasa's classes."""
    RulePolicy._get_possible_keys = possible_keys
    DaskGraphRunner.run = run
    Domain.is_empty = is_empty


def possible_keys(policy: RulePolicy, lookup: Mapping[str, str], states: list[State]) -> set[str]:
    """The rules that apply to these states: Rasa's test, on the rules whose last action and intent may be the present ones."""
    if not states:
        return set(lookup)
    possible = _candidates(policy, lookup, states[-1])
    for turn, state in enumerate(reversed(states)):
        possible = {rule for rule in possible if policy._is_rule_applicable(rule, turn, state)}
        if not possible:
            break
    return possible


def _candidates(policy: RulePolicy, lookup: Mapping[str, str], state: State) -> set[str]:
    if not state.get(PREVIOUS_ACTION):  # where a conversation starts, Rasa looks at nothing else
        return set(lookup)
    action, intent = _key(state)
    index = _index(policy, lookup)
    wanted = {(action, intent), (action, None), (None, intent), (None, None)}
    return {rule for key in wanted for rule in index.get(key, ())}


def _index(policy: RulePolicy, lookup: Mapping[str, str]) -> dict[Key, list[str]]:
    """The rules by last action and intent, None where a rule says nothing of it; made once for each set of rules."""
    kept: dict[int, tuple[Any, dict[Key, list[str]]]] = policy.__dict__.setdefault("_rules_indexed", {})
    found = kept.get(id(lookup))
    if found is None or found[0] is not lookup:
        by_key: dict[Key, list[str]] = defaultdict(list)
        for rule in lookup:
            rule_states = policy._rule_key_to_state(rule)
            by_key[_key(rule_states[-1]) if rule_states else (None, None)].append(rule)
        found = kept[id(lookup)] = (lookup, by_key)
    return found[1]


def _key(state: State) -> Key:
    named = (state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME), state.get(USER, {}).get(INTENT))
    return tuple(None if not name or name == SHOULD_NOT_BE_SET else name for name in named)  # type: ignore[return-value]


def run(
    runner: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    """The outputs of the target nodes, each node run once after those it needs.

    Raises:
        GraphRunError: as Rasa's own method does.
    """
    wanted = tuple(targets or runner._graph_schema.target_names)
    schemas = _schemas.setdefault(runner, {})
    schema = schemas.get(wanted)
    if schema is None:
        schema = schemas[wanted] = runner._graph_schema.minimal_graph_schema(list(wanted))
    done: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}

    def output(name: str) -> Any:
        if name not in done:
            if name not in schema.nodes:
                return name  # the node that needs it says so
            needs = [output(need) for need in schema.nodes[name].needs.values()]
            done[name] = runner._instantiated_nodes[name](*needs)
        return done[name]

    try:
        return dict(output(name) for name in wanted)
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error


def is_empty(domain: Domain) -> bool:
    """Whether a domain has nothing in it, found once: Rasa makes an empty domain to compare with, at each message."""
    if "_found_empty" not in domain.__dict__:
        domain.__dict__["_found_empty"] = _is_empty(domain)
    return bool(domain.__dict__["_found_empty"])
