"""The n-gram weights are scikit-learn's, whatever the text."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu.ngrams import SIZES, NgramWeights

TEXTS = ["je n'arrive pas a me connecter", "ou est mon colis ?", "bts ndrc tarif", "a l'aide", "le colis du cned", "x"]
REFERENCE = TfidfVectorizer(analyzer="char_wb", ngram_range=SIZES, sublinear_tf=True, dtype=np.float32).fit(TEXTS)
OURS = NgramWeights({str(k): int(v) for k, v in REFERENCE.vocabulary_.items()}, REFERENCE.idf_.astype(np.float32))


@given(st.lists(st.text(alphabet="abcelnoprstu' ?d\n\tÉ", max_size=60), min_size=1, max_size=4))
def test_rows_are_those_of_scikit_learn(texts: list[str]) -> None:
    ours, theirs = OURS.transform(texts), REFERENCE.transform(texts)

    np.testing.assert_allclose(ours.toarray(), theirs.toarray(), atol=1e-6)
    assert ours.has_sorted_indices
    assert ours.shape == theirs.shape


def test_a_text_without_a_known_ngram_is_an_empty_row() -> None:
    assert OURS.transform(["", "zzzz", "   "]).nnz == 0


def test_no_text_gives_no_row() -> None:
    assert OURS.transform([]).shape == (0, len(OURS.idf))
