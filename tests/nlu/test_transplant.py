"""The transplant: alignment finds a dictionary, what needs no translation is copied, translations come near."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import sparse
from tokenizers import Tokenizer

from nlu.training.alignment import Alignment, align
from nlu.training.encoder import as_sentence_transformer
from nlu.training.transplant import SPECIAL, OtherRecipe, Recipe, input_vectors, pieces, transplant

DICTIONARY = {
    "house": "maison",
    "cat": "chat",
    "dog": "chien",
    "school": "école",
    "teacher": "professeur",
    "lesson": "leçon",
    "exam": "examen",
    "letter": "lettre",
    "green": "vert",
    "red": "rouge",
    "small": "petit",
    "big": "grand",
    "open": "ouvrir",
    "close": "fermer",
    "read": "lire",
    "write": "écrire",
    "pay": "payer",
    "send": "envoyer",
    "ask": "demander",
    "find": "trouver",
}
ENGLISH, FRENCH = list(DICTIONARY), list(DICTIONARY.values())
ENDS = "0123456789.,?!"


def sentences(count: int, seed: int = 1) -> list[tuple[str, str]]:
    """English and French of like words in another order, with an article that has several translations and a number."""
    rng = random.Random(seed)
    made = []
    for _ in range(count):
        words = rng.sample(range(len(ENGLISH)), rng.randint(2, 6))
        english = " ".join(f"the {ENGLISH[w]}" for w in words)
        french = " ".join(f"{rng.choice(['le', 'la'])} {FRENCH[w]}" for w in reversed(words))
        end = rng.choice([".", f"{rng.randint(0, 9)} ?", "!"])
        made.append((f"{english} {end}", f"{french} {end}"))
    return made


def matrix(rows: list[list[int]], size: int) -> sparse.csr_matrix:
    dense = np.zeros((len(rows), size), np.int32)
    for i, row in enumerate(rows):
        dense[i, row] = 1
    return sparse.csr_matrix(dense)


@pytest.fixture(scope="module")
def teacher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random English model of two layers."""
    from tokenizers import models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("teacher")
    vocabulary = {word: i for i, word in enumerate([*SPECIAL, "the", *ENGLISH, *ENDS])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    ends = [(token, vocabulary[token]) for token in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    tokenizer.enable_truncation(4)  # as the real one, it comes with truncation and padding to a fixed length
    tokenizer.enable_padding(length=4)
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(1)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
    model = BertModel(BertConfig(vocab_size=len(vocabulary), initializer_range=0.02, **sizes))
    with torch.no_grad():  # words weigh more than places, as in a trained model
        model.embeddings.word_embeddings.weight.normal_()
    model.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def recipe(teacher: Path, tmp_path_factory: pytest.TempPathFactory) -> Recipe:
    folder = tmp_path_factory.mktemp("pairs")
    rows = [f"test\t{e}\t{f}" for e, f in sentences(1500)]
    (folder / "pairs.tsv").write_text(
        "\n".join(["a line without tabs", "test\t\tvide", *rows]) + "\n", encoding="utf-8"
    )
    (folder / "more.md").write_text("scolarité scolarité scolarité\n", encoding="utf-8")
    return Recipe(teacher, folder / "pairs.tsv", (folder / "more.md",), vocabulary=400)


@pytest.fixture(scope="module")
def work(recipe: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("work")
    transplant(recipe, folder)
    return folder


def test_the_alignment_finds_the_dictionary(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    dictionary = rng.permutation(40)  # English word of each French one; 40 is an article, everywhere
    rows = [rng.choice(40, rng.integers(3, 9), replace=False) for _ in range(800)]
    french = matrix([[*row, 40] for row in rows], 41)
    english = matrix([[*dictionary[row], 40] for row in rows], 41)

    found = align(french, english, tmp_path)

    both = found.to_english * found.to_french
    for word in range(40):
        candidates = found.french == word
        assert found.english[candidates][both[candidates].argmax()] == dictionary[word]
        assert both[candidates].max() > 0.8
    assert not list(tmp_path.iterdir()), "temporary files are left"


def test_both_directions_are_probabilities(tmp_path: Path) -> None:
    found = align(matrix([[0, 1], [1, 2], [2]], 3), matrix([[0], [0, 1], [1]], 3), tmp_path)

    assert np.allclose(np.bincount(found.french, found.to_english), 1)
    assert np.allclose(np.bincount(found.english, found.to_french)[:2], 1)


def test_what_has_no_letter_is_copied_exactly(recipe: Recipe, work: Path) -> None:
    from transformers import BertModel

    before, after = (
        BertModel.from_pretrained(p).get_input_embeddings().weight.detach() for p in (recipe.teacher, work / "model")
    )
    english, french = (Tokenizer.from_file(str(p / "tokenizer.json")) for p in (recipe.teacher, work / "model"))
    for token in (*SPECIAL, *ENDS):
        assert torch.equal(after[french.token_to_id(token)], before[english.token_to_id(token)]), token


def test_the_layers_are_those_of_the_teacher(recipe: Recipe, work: Path) -> None:
    from transformers import BertModel

    before, after = (
        BertModel.from_pretrained(p, add_pooling_layer=False).state_dict() for p in (recipe.teacher, work / "model")
    )
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before if "word_embeddings" not in name)


def test_near_translations_are_near(recipe: Recipe, work: Path, tmp_path: Path) -> None:
    """French sentences not seen, against the teacher's vectors of their translations."""
    from sentence_transformers import SentenceTransformer

    english, french = zip(*sentences(40, seed=2), strict=True)
    bare = shutil.copytree(recipe.teacher, tmp_path / "teacher")
    whole = Tokenizer.from_file(str(bare / "tokenizer.json"))
    whole.no_truncation()
    whole.no_padding()
    whole.save(str(bare / "tokenizer.json"))
    target = as_sentence_transformer(bare).encode(list(english))
    given = SentenceTransformer(str(work / "model"), device="cpu").encode(list(french))

    assert np.allclose(np.linalg.norm(given, axis=1), 1, atol=1e-5)
    assert np.mean((given @ target.T).argmax(axis=1) == np.arange(40)) >= 0.9


def test_accents_and_capitals_do_not_matter(work: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(work / "model"), device="cpu")
    one, other = model.encode(["L'école, la leçon ?", "l'ecole, la LECON ?"])
    assert np.allclose(one, other, atol=1e-6)


def test_further_texts_give_words_and_the_size_is_kept(recipe: Recipe, work: Path) -> None:
    vocabulary = Tokenizer.from_file(str(work / "model" / "tokenizer.json")).get_vocab()
    assert {"scolarite", "ecole", "lecon"} <= vocabulary.keys()
    assert len(vocabulary) <= recipe.vocabulary


def test_a_subword_without_translation_is_made_of_its_parts_or_of_the_mean() -> None:
    teacher = np.eye(3, dtype=np.float32)
    french = {"in": 0, "##scrit": 1, "inscrit": 2, "##zzz": 3, "cours": 4}
    found = Alignment(np.array([0, 1, 4, 4]), np.array([0, 1, 1, 2]), np.array([1, 1, 0.5, 0.03]), np.ones(4))

    vectors = input_vectors(french, {"a": 0, "b": 1, "c": 2}, teacher, found)

    assert np.allclose(vectors[2], (teacher[0] + teacher[1]) / 2)
    assert np.allclose(vectors[3], teacher.mean(axis=0))
    assert np.allclose(vectors[4], teacher[1]), "less than 8 % counts for nothing"


@pytest.mark.parametrize(
    ("token", "expected"),
    [("inscrit", ["ins", "##crit"]), ("##crit", ["##crit"]), ("crit", []), ("insx", []), ("ins", ["ins"])],
)
def test_pieces_are_the_longest_from_the_left(token: str, expected: list[str]) -> None:
    assert pieces(token, {"in": 0, "ins": 1, "##crit": 2, "##cri": 3, "##t": 4}) == expected


def test_an_interrupted_transplant_goes_on(recipe: Recipe, work: Path, tmp_path: Path) -> None:
    """With vocabulary and alignment there, the pairs are not read again, and the model is the same."""
    for name in ("recipe.json", "tokenizer.json", "alignment.npz"):
        shutil.copy(work / name, tmp_path / name)
    times = [(tmp_path / name).stat().st_mtime_ns for name in ("tokenizer.json", "alignment.npz")]

    model = transplant(recipe, tmp_path)

    assert times == [(tmp_path / name).stat().st_mtime_ns for name in ("tokenizer.json", "alignment.npz")]
    assert (model / "model.safetensors").read_bytes() == (work / "model" / "model.safetensors").read_bytes()


def test_a_folder_begun_with_another_recipe_is_refused(recipe: Recipe, work: Path) -> None:
    other = Recipe(recipe.teacher, recipe.pairs, recipe.texts, vocabulary=300)
    with pytest.raises(OtherRecipe, match="--out"):
        transplant(other, work)


def test_a_file_without_pairs_is_refused(recipe: Recipe, tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text("no tab here\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no pair"):
        transplant(Recipe(recipe.teacher, tmp_path / "pairs.tsv"), tmp_path / "out")
