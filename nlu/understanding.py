"""Everything read in one message: words, vector, language, act, safety, entities, service types. The models are loaded once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import orjson

from nlu import artifacts
from nlu.dialogue_acts import dialogue_act
from nlu.embedding import Embedder
from nlu.entities import Entity, load_recogniser
from nlu.features import FeatureExtractor, Features, readable_parts
from nlu.intents import IntentClassifier
from nlu.language import MessageLanguage, language
from nlu.personal_data import Found, mask
from nlu.safety import NONE, SafetyDetector, SafetyReading
from nlu.units import unit

OUT_OF_SCOPE = "hors_sujet"
ASIDE = "conversation"  # a turn that asks for nothing: "en 4e", "mon fils", "demain"
SURE_ALARM = 0.8  # score from which a plain act of conversation is an alarm all the same
GENERAL, PERSONAL = "general", "personnel"


@dataclass(frozen=True, slots=True)
class Understanding:
    """One message understood. `features` (one row) of the whole message, `part_features` of its parts, one row each.

    `types`: probability of each service type (order of `Understander.types`), out-of-scope apart. `aside`: that the message
    asks for nothing by itself.
    """

    text: str
    masked_text: str
    personal_data: tuple[Found, ...]
    features: Features
    parts: tuple[str, ...]
    part_features: Features
    language: MessageLanguage
    act: str | None
    safety: SafetyReading
    entities: tuple[Entity, ...]
    unit: str | None
    types: npt.NDArray[np.float32]
    out_of_scope: float
    aside: float
    general: float


@dataclass(frozen=True, slots=True)
class Understander:
    """The trained models of the nlu room. `several`: scores of "this service type is asked for", among one or several."""

    extractor: FeatureExtractor
    service_types: IntentClassifier
    several: IntentClassifier
    scope: IntentClassifier
    handling: IntentClassifier
    safety: SafetyDetector

    @property
    def types(self) -> tuple[str, ...]:
        """Ids of the service types, in the order of `Understanding.types`."""
        return self.service_types.labels

    def understand(self, text: str, *, in_form: bool = False) -> Understanding:
        """Read one message. `in_form`: a form is running (see `dialogue_act`)."""
        masked = mask(text)
        parts = tuple(readable_parts(masked.text))
        features, part_features = self.extractor.extract_parts(parts)
        entities = load_recogniser().find(text)
        act = dialogue_act(masked.text, in_form=in_form)
        safety = self.safety.read(masked.text, features, part_features)
        if act is not None and safety.score < SURE_ALARM:  # "je veux parler à quelqu'un"
            safety = SafetyReading(NONE, safety.score)
        scope = self.scope.probabilities(features)[0]
        handling = self.handling.probabilities(features)[0]
        return Understanding(
            text=text,
            masked_text=masked.text,
            personal_data=masked.found,
            features=features,
            parts=parts,
            part_features=part_features,
            language=language(text),
            act=act,
            safety=safety,
            entities=entities,
            unit=unit(entities),
            types=self.service_types.probabilities(features)[0],
            out_of_scope=float(scope[self.scope.labels.index(OUT_OF_SCOPE)]),
            aside=float(scope[self.scope.labels.index(ASIDE)]) if ASIDE in self.scope.labels else 0.0,
            general=float(handling[self.handling.labels.index(GENERAL)]),
        )

    def save(self, folder: Path) -> None:
        """Write every model into the folder (the manifest is the trainer's)."""
        self.extractor.save(folder)
        self.service_types.save(folder, "service_types")
        self.several.save(folder, "several")
        self.scope.save(folder, "scope")
        self.handling.save(folder, "handling")
        self.safety.classifier.save(folder, "safety")
        thresholds = {"threshold": self.safety.threshold, "part_threshold": self.safety.part_threshold}
        (folder / "thresholds.json").write_bytes(orjson.dumps(thresholds))

    @classmethod
    def load(cls, folder: Path, embedder: Embedder) -> Self:
        """Read what `save` wrote.

        Raises:
            nlu.artifacts.ArtifactMismatch: no model, or one made with another encoder.
        """
        artifacts.check(folder, encoder=embedder.name, dimension=embedder.dimension)
        extractor = FeatureExtractor.load(folder, embedder)
        thresholds = orjson.loads((folder / "thresholds.json").read_bytes())
        safety = SafetyDetector(IntentClassifier.load(folder, "safety"), **thresholds)
        service_types, several, scope, handling = (
            IntentClassifier.load(folder, name) for name in ("service_types", "several", "scope", "handling")
        )
        return cls(extractor, service_types, several, scope, handling, safety)
