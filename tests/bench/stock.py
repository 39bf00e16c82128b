"""A stock Rasa beside which the product is measured: the pipeline that Rasa recommends, no add-on, no action server.

It learns the project's own messages and holds a dialogue of the same shape: greeting, FAQ answers, a form, its end, its
cancellation. Few epochs: only its speed is compared, and that does not depend on what it learned well.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from nlu.training.data import Example, load_examples
from tests.bench.learner import REQUEST
from tests.bench.processes import ROOT, Running, finished, free_port, running

RASA = str(ROOT / ".venv-rasa" / "bin" / "rasa")
ARTICLES, PHRASINGS = 40, 10
EPOCHS = 5
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1", "MPLBACKEND": "agg",
}  # fmt: skip
ACTS = {
    "greet": ("bonjour", "Bonjour", "salut", "bonsoir", "coucou", "bjr", "hello"),
    "affirm": ("oui", "ok", "d'accord", "oui merci", "exactement", "c'est ça", "parfait"),
    "deny": ("non", "pas du tout", "non merci", "ce n'est pas ça"),
    "thank": ("merci", "merci beaucoup", "je vous remercie", "mrc"),
    "cancel": ("annule", "annuler", "laissez tomber", "stop", "j'abandonne"),
    "choose": ("1", "la première", "le 2", "la deuxième"),
    "request": (
        REQUEST, "je veux parler à quelqu'un", "mon colis n'est pas là", "je n'ai pas reçu mes livres",
        "pas de nouvelles de mon colis pour ma fille en [6e](niveau)", "il manque un livre en [4e](niveau)",
        "passez-moi un conseiller", "ma commande n'arrive pas, je suis en [terminale](niveau)",
    ),
}  # fmt: skip
CONFIG = {
    "recipe": "default.v1",
    "assistant_id": "stock",
    "language": "fr",
    "pipeline": [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": EPOCHS, "constrain_similarities": True},
        {"name": "EntitySynonymMapper"},
        {"name": "ResponseSelector", "epochs": EPOCHS, "constrain_similarities": True},
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
    ],
    "policies": [
        {"name": "MemoizationPolicy"},
        {"name": "RulePolicy"},
        {"name": "TEDPolicy", "max_history": 5, "epochs": EPOCHS, "constrain_similarities": True},
    ],
}
Json = dict[str, Any]


def train_stock(folder: Path, kept: Path, *, questions: int) -> tuple[Path, float | None]:
    """Its model, and the seconds it took to train: None when a former run kept the same one in `kept`.

    `questions` is how many fields its form asks for.
    """
    files = _project(questions)
    digest = hashlib.sha256("".join(files[name] for name in sorted(files)).encode()).hexdigest()[:16]
    model = kept / f"rasa-{digest}.tar.gz"
    if model.exists():
        return model, None
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    began = time.perf_counter()
    name = model.name.removesuffix(".tar.gz")
    command = [RASA, "train", "--quiet", "--augmentation", "0", "--out", str(kept), "--fixed-model-name", name]
    finished(command, env={**os.environ, **QUIET}, log=folder / "train.log", cwd=folder)
    return model, time.perf_counter() - began


@contextmanager
def stock(folder: Path, model: Path) -> Iterator[tuple[int, Running]]:
    """Run it for the time of the block: its port and its process. Its tracker store is in memory."""
    (folder / "credentials.yml").write_text("rest:\n")
    (folder / "endpoints.yml").write_text("")
    port = free_port()
    command = [RASA, "run", "--quiet", "--model", str(model), "--interface", "127.0.0.1", "--port", str(port)]
    probe = f"http://127.0.0.1:{port}/"
    with running(command, probe=probe, log=folder / "run.log", env={**os.environ, **QUIET}, cwd=folder) as rasa:
        yield port, rasa


def _project(questions: int) -> dict[str, str]:
    subjects = _subjects(load_examples("train"))
    documents = {
        "config.yml": CONFIG,
        "domain.yml": _domain(subjects, questions),
        "data/nlu.yml": _nlu(subjects),
        "data/rules.yml": {"version": "3.1", "rules": _rules()},
        "data/stories.yml": {"version": "3.1", "stories": _stories()},
    }
    return {name: yaml.safe_dump(d, allow_unicode=True, sort_keys=False) for name, d in documents.items()}


def _subjects(examples: Sequence[Example]) -> dict[str, list[str]]:
    by_article: dict[str, list[str]] = {}
    for example in examples:
        if example.article is not None:
            by_article.setdefault(example.article, []).append(" ".join(example.text.split()))
    return {name: by_article[name][:PHRASINGS] for name in sorted(by_article)[:ARTICLES]}


def _nlu(subjects: dict[str, list[str]]) -> Json:
    intents: dict[str, Sequence[str]] = {**ACTS, **{f"faq/{name}": texts for name, texts in subjects.items()}}
    blocks: list[Json] = [{"intent": name, "examples": _listed(texts)} for name, texts in intents.items()]
    blocks.append({"synonym": "6e", "examples": _listed(["sixième", "6ème"])})
    blocks.append({"regex": "identifiant", "examples": _listed([r"\d{4}-\d{2,8}"])})
    return {"version": "3.1", "nlu": blocks}


def _domain(subjects: dict[str, list[str]], questions: int) -> Json:
    fields = [f"champ_{n}" for n in range(questions)]
    texts = {f"utter_{act}": f"Réponse : {act}." for act in (*ACTS, "default", "summary")}
    texts |= {f"utter_faq/{name}": f"Réponse de la FAQ : {name}." for name in subjects}
    texts |= {f"utter_ask_{name}": f"Quelle est la valeur de {name} ?" for name in fields}
    return {
        "version": "3.1",
        "intents": [*ACTS, "faq"],
        "entities": ["niveau"],
        "slots": {name: _slot(name) for name in fields},
        "forms": {"request_form": {"required_slots": fields}},
        "responses": {name: [{"text": text}] for name, text in texts.items()},
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }


def _slot(name: str) -> Json:
    while_asked = {"active_loop": "request_form", "requested_slot": name}
    mapping = {"type": "from_text", "not_intent": "cancel", "conditions": [while_asked]}
    return {"type": "text", "influence_conversation": False, "mappings": [mapping]}


def _rules() -> list[Json]:
    answered = {**{act: act for act in ACTS if act not in ("request", "cancel")}, "nlu_fallback": "default"}
    rules: list[Json] = [_rule(i, {"intent": i}, {"action": f"utter_{action}"}) for i, action in answered.items()]
    in_form = [{"active_loop": "request_form"}]
    left: list[Json] = [{"action": "action_deactivate_loop"}, {"active_loop": None}, {"action": "utter_cancel"}]
    return [
        *rules,
        _rule("faq", {"intent": "faq"}, {"action": "utter_faq"}),
        _rule("form", {"intent": "request"}, {"action": "request_form"}, {"active_loop": "request_form"}),
        _rule(
            "sent", {"action": "request_form"}, {"active_loop": None}, {"action": "utter_summary"}, condition=in_form
        ),
        _rule("given up", {"intent": "cancel"}, *left, condition=in_form),
    ]


def _rule(name: str, *steps: Json, condition: list[Json] | None = None) -> Json:
    return {"rule": name, **({"condition": condition} if condition else {}), "steps": list(steps)}


def _stories() -> list[Json]:
    turns = {i: [{"intent": i}, {"action": f"utter_{i}"}] for i in ("greet", "faq", "affirm", "deny", "thank")}
    plans = (("greet", "faq", "affirm", "thank"), ("faq", "affirm"), ("greet", "faq", "deny", "faq", "affirm"))
    return [{"story": " ".join(plan), "steps": [step for i in plan for step in turns[i]]} for plan in plans]


def _listed(texts: Sequence[str]) -> str:
    return "".join(f"- {text}\n" for text in texts)
