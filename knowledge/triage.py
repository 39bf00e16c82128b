"""`triage`, the single decision of the product: a visible list of steps from a text to what is done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np

from knowledge.articles import Article, load_articles
from knowledge.content_file import CONTENT
from knowledge.decisions import Context, DecisionKind, DialogueAct, SafetyLabel, SafetyVerdict, Scored, Triage
from knowledge.policy import Evidence, Policy
from knowledge.qualification import FieldValue, needed
from knowledge.question_tests import best_articles
from knowledge.relearning import NO_HEADS, Head, head_of, relearnt
from knowledge.requests import RequestFinder
from knowledge.search import ArticleRanker, Ranking
from knowledge.service_types import Catalogue, load_catalogue
from nlu import artifacts
from nlu.embedding import DEFAULT_ENCODER, Embedder, SentenceEmbedder
from nlu.entities import first_values
from nlu.features import Features, readable
from nlu.normalisation import clean
from nlu.understanding import Understander, Understanding

_MADE_BY = ("building.py", "index.py", "policy.py", "requests.py", "search.py")
TOP = 5
ARTICLE_SHARE = 0.7  # of the articles' own types in the probability of a service type: measured on the dev split
_SMALLTALK = frozenset(
    {"greet", "thank", "goodbye", "affirm", "deny", "choose", "insult", "bot_challenge", "how_are_you", "empty"}
)
_TO_A_PERSON = frozenset({"person"})


@dataclass(frozen=True)
class Engine:
    """Everything `triage` reads, loaded once: models, index, articles and catalogue."""

    understander: Understander
    ranker: ArticleRanker
    policy: Policy
    requests: RequestFinder
    catalogue: Catalogue
    articles: dict[str, Article]
    _read: dict[str, Features] = field(
        default_factory=dict, compare=False
    )  # questions that are asked at each publication

    def search(self, query: str, limit: int) -> list[Scored]:
        """FAQ search: the articles nearest to a query, best first; an empty query gives nothing."""
        if not any(c.isalnum() for c in query):
            return []
        ranking = self.ranker.rank(self.understander.extractor.extract([readable(query)]))
        return list(_scored(ranking, limit))

    def with_articles(self, articles: Mapping[str, Article], heads: Mapping[str, Head] = NO_HEADS) -> Engine:
        """An engine that answers with these articles; this one stays as it is. See `relearnt`.

        Raises:
            ValueError: fewer than two articles, or a service type that the models don't know.
        """
        ranker = relearnt(self.ranker, self.understander.extractor, self.articles, articles, heads)
        built = replace(self, ranker=ranker, articles=dict(articles))
        _ = built.article_types  # refused now, not in front of somebody
        return built

    def head(self, article: str) -> Head:
        """What the classifier knows of an article, for other processes."""
        return head_of(self.ranker.classifier, article)

    def best_articles(self, texts: Sequence[str]) -> list[str]:
        """The article that each text leads to, for many texts at once; what was read is remembered."""
        return best_articles(texts, self.ranker, self.articles, self.understander.extractor, self._read)

    def type_probabilities(self, own: Any, ranking: Ranking) -> Any:
        """Probability of each service type (order of `understander.types`): its own classifier and its articles' share."""
        rows = {article: i for i, article in enumerate(self.ranker.index.entries)}
        probabilities = np.zeros(len(rows), dtype=np.float32)
        probabilities[[rows[article] for article in ranking.ids]] = ranking.probabilities
        return (1 - ARTICLE_SHARE) * own + ARTICLE_SHARE * (probabilities @ self.article_types)

    @cached_property
    def article_types(self) -> Any:
        """1 where an article (order of the ranker's entries) is of a service type, shape (articles, types)."""
        types = self.understander.types
        table = np.zeros((len(self.ranker.index.entries), len(types)), dtype=np.float32)
        for row, article in enumerate(self.ranker.index.entries):
            table[row, types.index(self.articles[article].service_type)] = 1
        return table


def load_engine(models: Path | None = None, content: Path | None = None, encoder: str | Path | None = None) -> Engine:
    """Load content and models.

    Raises:
        knowledge.content_file.ContentError: content that can't be used.
        nlu.artifacts.ArtifactMismatch: models missing, made with another encoder or on other content.
    """
    models, content = models or artifacts.MODELS, content or CONTENT
    embedder: Embedder = SentenceEmbedder(encoder or DEFAULT_ENCODER)
    articles, catalogue = load_articles(content), load_catalogue(content)
    folder = models / "knowledge"
    artifacts.check(
        folder, encoder=embedder.name, dimension=embedder.dimension, digest=content_digest(articles, models)
    )
    understander = Understander.load(models / "nlu", embedder)
    engine = Engine(
        understander, ArticleRanker.load(folder), Policy.load(folder), RequestFinder.load(folder), catalogue, articles
    )
    triage("bonjour, une question", Context(), engine=engine)  # lazy parts load now, not in front of somebody
    return engine


def content_digest(articles: dict[str, Article], models: Path) -> str:
    """Of what the ranker is made from: ids, types, questions and phrasings (answers may change freely), code, nlu models."""
    parts: list[str | bytes] = [artifacts.read_manifest(models / "nlu").digest]
    parts += [(Path(__file__).parent / name).read_bytes() for name in _MADE_BY]
    for article in sorted(articles.values(), key=lambda a: a.id):
        parts += [article.id, article.service_type, article.question, *(p.text for p in article.phrasings)]
    return artifacts.digest(parts)


def triage(text: str, context: Context, *, engine: Engine) -> Triage:
    """Decide what to do with one message.

    Steps: normalise → mask → safety → understand → search the FAQ → decide. A mail's subject line counts as its first line.
    """
    message = clean(text if not context.subject else f"{context.subject}\n{text}")
    understood = engine.understander.understand(message, in_form=context.in_form)
    ranking = engine.ranker.rank(understood.features)
    types = engine.type_probabilities(understood.types, ranking)
    order = np.argsort(-types)
    request_types = tuple(Scored(engine.understander.types[i], float(types[i])) for i in order[:TOP])
    main = request_types[0].id
    found = evidence(understood, ranking, types, engine)
    decision = _decide(understood, found, float(types[order[0]]), engine.policy)
    entities = first_values(understood.entities)
    return Triage(
        text=text,
        masked_text=understood.masked_text,
        decision=decision,
        articles=_scored(ranking),
        request_types=request_types,
        all_request_types=engine.requests.find(understood, main, engine.understander) if context.several else (main,),
        safety=SafetyVerdict(cast(SafetyLabel, understood.safety.label), understood.safety.score),
        entities=entities,
        unite=understood.unit,
        missing=_missing(main, {**context.known, **entities}, engine.catalogue) if decision == "qualify" else (),
        act=cast(DialogueAct | None, understood.act),
        language=understood.language,
        out_of_scope=_out_of_scope(understood, found, engine.policy),
        general=understood.general,
    )


def evidence(understood: Understanding, ranking: Ranking, types: Any, engine: Engine) -> Evidence:
    """What the decision rests on, from the readings of one message."""
    best_type = engine.understander.types.index(engine.articles[ranking.ids[0]].service_type)
    return Evidence(
        p1=float(ranking.probabilities[0]),
        margin=float(ranking.probabilities[0] - ranking.probabilities[1]),
        p3=float(min(1.0, ranking.probabilities[:3].sum())),
        similarity=float(np.clip(ranking.similarities[0], 0, 1)),
        general=understood.general,
        in_scope=1 - understood.out_of_scope,
        type_agreement=float(types[best_type]),
        sure_type=float(types.max()),
        length=float(np.log(max(1, len(understood.text.split())) / 5)),
    )


def _decide(understood: Understanding, found: Evidence, type_probability: float, policy: Policy) -> DecisionKind:
    if understood.safety.label != "none":
        return "safety"
    if understood.act in _TO_A_PERSON:
        return "handoff"
    if understood.act in _SMALLTALK:
        return "smalltalk"
    if understood.language != "fr":
        return "out_of_scope"
    return policy.decide(found, type_probability, understood.aside)


def _out_of_scope(understood: Understanding, found: Evidence, policy: Policy) -> float:
    return 1.0 if understood.language != "fr" else policy.out_of_scope(found)


def _scored(ranking: Ranking, limit: int = TOP) -> tuple[Scored, ...]:
    return tuple(Scored(i, float(p)) for i, p in zip(ranking.ids[:limit], ranking.probabilities[:limit], strict=True))


def _missing(service_type: str, known: dict[str, str], catalogue: Catalogue) -> tuple[str, ...]:
    values = {("demandeur" if k == "qui" else k): FieldValue(v, "said") for k, v in known.items()}
    return needed(service_type, values, catalogue)
