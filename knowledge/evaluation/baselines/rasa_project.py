"""The project of a stock Rasa that learns our messages: the pipeline that its documentation recommends outside English.

The intent is the service type, the response of `ResponseSelector` is the article: "<service type>/<article>".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import yaml

from nlu.training.data import SAFETY, Example

Json = dict[str, Any]
LEAST = 2  # messages of an intent, under which Rasa warns
_MARKUP = str.maketrans("[]{}", "()()")  # Rasa reads brackets as entities


def project(examples: Sequence[Example], epochs: int) -> dict[str, str]:
    """Its files, by path: configuration, domain, training messages."""
    by_intent: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        by_intent[intent_of(example)].append(_line(example.text))
    kept = {intent: texts for intent, texts in sorted(by_intent.items()) if len(texts) >= LEAST}
    documents: dict[str, Json] = {
        "config.yml": _config(epochs),
        "domain.yml": _domain(kept),
        "nlu.yml": {"version": "3.1", "nlu": [{"intent": i, "examples": _listed(texts)} for i, texts in kept.items()]},
    }
    return {name: yaml.safe_dump(d, allow_unicode=True, sort_keys=False, width=1000) for name, d in documents.items()}


def intent_of(example: Example) -> str:
    """The retrieval intent of a request; `surete_<label>` of a safety message; the group alone of any other."""
    if example.is_request:
        return f"{example.group}/{example.name}"
    return f"{SAFETY}_{example.name}" if example.group == SAFETY else example.group


def _config(epochs: int) -> Json:
    learning = {"epochs": epochs, "constrain_similarities": True, "ranking_length": 0}  # 0: every label is ranked
    return {
        "recipe": "default.v1",
        "assistant_id": "stock",
        "language": "fr",
        "pipeline": [
            {"name": "WhitespaceTokenizer"},
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
            {"name": "DIETClassifier", **learning},
            {"name": "EntitySynonymMapper"},
            {"name": "ResponseSelector", **learning},
            {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
        ],
        "policies": [{"name": "RulePolicy"}],
    }


def _domain(intents: dict[str, list[str]]) -> Json:
    return {
        "version": "3.1",
        "intents": sorted({intent.split("/")[0] for intent in intents}),
        "responses": {f"utter_{intent}": [{"text": f"Réponse : {intent}."}] for intent in intents if "/" in intent},
    }


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().translate(_MARKUP)


def _listed(texts: Sequence[str]) -> str:
    return "".join(f"- {text}\n" for text in texts)
