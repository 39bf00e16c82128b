"""Messages joined for training: distinct requests, the same at each training, and scores that hear both."""

from __future__ import annotations

from nlu.features import FeatureExtractor, readable
from nlu.training.data import Example
from nlu.training.several import joined, train_several
from tests.nlu.embedders import HashEmbedder

TEXTS = {
    "supports_colis": ["mon colis est perdu", "le colis de cours n'arrive pas", "colis abime"],
    "bourses_aides": ["demander une bourse", "la bourse du lycee", "quel montant de bourse"],
    "connexion_compte": ["mot de passe oublie", "je n'arrive pas a me connecter", "compte bloque"],
}
EXAMPLES = [Example(text, group, "dossier_personnel", "v", "w") for group, texts in TEXTS.items() for text in texts]


def test_joined_messages_hold_different_requests_and_their_words() -> None:
    made = joined(EXAMPLES, seed=1, count=50)
    assert {len(types) for _, types in made} == {2, 3}
    for text, types in made:
        for group in types:
            assert any(example[1:] in text or example[1:].rstrip(" .!?") in text for example in TEXTS[group])


def test_the_same_seed_gives_the_same_messages() -> None:
    assert joined(EXAMPLES, seed=1, count=9) == joined(EXAMPLES, seed=1, count=9) != joined(EXAMPLES, seed=2, count=9)


def test_both_requests_score_above_the_third() -> None:
    extractor = FeatureExtractor.fit([readable(e.text) for e in EXAMPLES], HashEmbedder())
    several = train_several(EXAMPLES, extractor)
    scores = several.scores(extractor.extract([readable("colis perdu et bourse du lycee")]))[0]
    by_type = dict(zip(several.labels, scores, strict=True))
    assert min(by_type["supports_colis"], by_type["bourses_aides"]) > by_type["connexion_compte"]
