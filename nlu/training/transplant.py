"""A French encoder from an English one without a step of training: new vocabulary, input vectors transplanted by alignment.

The input vector of a French subword is the mean of those of the English subwords it translates to, weighted by
p(english | french) · √p(french | english); the layers stay as they are. See `nlu/models/encoder/README.md`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from nlu.training.alignment import SMALLEST, Alignment, align
from nlu.training.encoder import as_sentence_transformer, bert_tokenizer

Vectors = npt.NDArray[np.float32]

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
CHARACTERS = [chr(code) for code in range(33, 127)] + list("’«»…–—€°œæ")
LEAST_SHARE = 0.08  # of the scores of a French subword
ENCODED_TOGETHER = 4000  # sentences


class OtherRecipe(ValueError):
    """The folder was begun with other ingredients."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the French encoder is made of.

    `teacher`: folder of the English model; `pairs`: source, English, French, with tabs; `texts`: further French texts, for the
    vocabulary alone; `vocabulary`: number of subwords at most; `max_pairs`: how many pairs are read, from the first.
    """

    teacher: Path
    pairs: Path
    texts: tuple[Path, ...] = ()
    vocabulary: int = 24_000
    max_pairs: int = 150_000

    def describe(self) -> dict[str, Any]:
        """What must not change between two runs on one folder."""
        sizes = {
            str(p.resolve()): p.stat().st_size for p in (self.teacher / "model.safetensors", self.pairs, *self.texts)
        }
        return {"sizes": sizes, "vocabulary": self.vocabulary, "max_pairs": self.max_pairs}


def transplant(recipe: Recipe, out: Path) -> Path:
    """Make the French encoder in `out/model`, going on from the parts that are already in `out`; returns that folder.

    Raises:
        OtherRecipe: what is in `out` was made from something else.
        ValueError: no pair.
    """
    from tokenizers import Tokenizer

    model, vocabulary, alignment = out / "model", out / "tokenizer.json", out / "alignment.npz"
    _same_recipe(recipe, out)
    if model.exists():
        print(f"greffe : déjà faite dans {model}", flush=True)
        return model
    if not vocabulary.exists():
        _whole(vocabulary, learn_vocabulary(recipe).to_str())
    french = Tokenizer.from_file(str(vocabulary))
    print(f"vocabulaire : {french.get_vocab_size()} sous-mots français", flush=True)
    if not alignment.exists():
        english = Tokenizer.from_file(str(recipe.teacher / "tokenizer.json"))
        align(*_sentences(recipe, french, english), out).save(alignment)
    return _write_model(recipe.teacher, vocabulary, Alignment.load(alignment), model)


def learn_vocabulary(recipe: Recipe) -> Any:
    """A WordPiece tokenizer (lowercase, accents stripped) of the French sides and texts."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=40))  # noqa: S106  (not a password)
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=recipe.vocabulary,
        min_frequency=2,
        special_tokens=list(SPECIAL),
        limit_alphabet=200,
        initial_alphabet=CHARACTERS,
        show_progress=False,
    )
    tokenizer.train_from_iterator(_french(recipe), trainer)
    ends = [(token, tokenizer.token_to_id(token)) for token in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ends
    )
    return tokenizer


def input_vectors(
    french: Mapping[str, int], english: Mapping[str, int], teacher: Vectors, alignment: Alignment
) -> Vectors:
    """Input vectors of the French subwords, shape (len(french), dimension).

    `french`, `english`: subword to id; `teacher`: input vectors of the English ones. What has no letter is copied; what has no
    translation gets the mean of the subwords it is made of, or that of the vocabulary.
    """
    from scipy import sparse

    score = alignment.to_english * np.sqrt(alignment.to_french)
    kept = score > LEAST_SHARE * np.bincount(alignment.french, score, minlength=len(french))[alignment.french]
    cells = (score[kept], (alignment.french[kept], alignment.english[kept]))
    weights = sparse.csr_matrix(cells, shape=(len(french), len(teacher)))
    total = np.asarray(weights.sum(axis=1))
    vectors = np.asarray(weights @ teacher / np.maximum(total, SMALLEST), dtype=np.float32)
    known = total.ravel() > 0
    for token, row in french.items():
        if token in english and (token in SPECIAL or not any(c.isalpha() for c in token)):
            vectors[row], known[row] = teacher[english[token]], True
    mean = teacher.mean(axis=0)
    parts = {token: row for token, row in french.items() if known[row]}
    for token, row in french.items():
        if not known[row]:
            rows = [parts[piece] for piece in pieces(token, parts)]
            vectors[row] = vectors[rows].mean(axis=0) if rows else mean
    return vectors


def pieces(token: str, vocabulary: Mapping[str, int]) -> list[str]:
    """The longest subwords of a vocabulary that a subword is made of, from the left; none when it can't be cut so."""
    found: list[str] = []
    prefix, rest = ("##", token[2:]) if token.startswith("##") else ("", token)
    while rest:
        end = next((n for n in range(len(rest), 0, -1) if prefix + rest[:n] in vocabulary), 0)
        if not end:
            return []
        found.append(prefix + rest[:end])
        prefix, rest = "##", rest[end:]
    return found


def _write_model(teacher: Path, vocabulary: Path, alignment: Alignment, out: Path) -> Path:
    import torch
    from tokenizers import Tokenizer
    from transformers import BertModel

    model = BertModel.from_pretrained(teacher, add_pooling_layer=False)
    french, english = (Tokenizer.from_file(str(p)).get_vocab() for p in (vocabulary, teacher / "tokenizer.json"))
    before = model.get_input_embeddings().weight.detach().numpy().astype(np.float32)
    vectors = torch.from_numpy(input_vectors(french, english, before, alignment))
    model.set_input_embeddings(torch.nn.Embedding.from_pretrained(vectors, freeze=False, padding_idx=french["[PAD]"]))
    model.config.update({"vocab_size": len(french), "pad_token_id": french["[PAD]"]})
    plain, unfinished = out.with_name(f"{out.name}-bert"), out.with_name(f"{out.name}-new")
    for folder in (plain, unfinished):
        shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(plain)
    bert_tokenizer(vocabulary.parent).save_pretrained(plain)
    as_sentence_transformer(plain).save(str(unfinished))
    shutil.rmtree(plain)
    print(f"greffe : écrite dans {out}", flush=True)
    return unfinished.rename(out)


def _pairs(recipe: Recipe) -> Iterator[tuple[str, str]]:
    """English and French of each pair."""
    with recipe.pairs.open(encoding="utf-8", newline="\n") as lines:
        rows = (line.rstrip("\n").split("\t") for line in lines)
        yield from islice(((row[1], row[2]) for row in rows if len(row) == 3 and row[1] and row[2]), recipe.max_pairs)


def _french(recipe: Recipe) -> Iterator[str]:
    for _, french in _pairs(recipe):
        yield french
    for path in recipe.texts:
        with path.open(encoding="utf-8") as lines:
            yield from lines


def _sentences(recipe: Recipe, french: Any, english: Any) -> tuple[Any, Any]:
    """French and English sentences as sparse matrices of shape (pairs, subwords), 1 where the sentence has the subword."""
    from scipy import sparse

    parts: tuple[list[Any], list[Any]] = ([], [])
    for tokenizer in (french, english):
        tokenizer.no_padding()
        tokenizer.no_truncation()
    pairs = _pairs(recipe)
    while some := list(islice(pairs, ENCODED_TOGETHER)):
        for side, tokenizer in ((0, french), (1, english)):
            encoded = tokenizer.encode_batch([pair[1 - side] for pair in some], add_special_tokens=False)
            ids = [np.unique(np.array(e.ids, dtype=np.int32)) for e in encoded]
            ends = np.cumsum([0, *map(len, ids)])
            columns = np.concatenate(ids)
            shape = (len(ids), tokenizer.get_vocab_size())
            parts[side].append(sparse.csr_matrix((np.ones(len(columns), np.int32), columns, ends), shape=shape))
    if not parts[0]:
        raise ValueError(f"no pair in {recipe.pairs}: source, English and French are expected, with tabs")
    return sparse.vstack(parts[0], format="csr"), sparse.vstack(parts[1], format="csr")


def _same_recipe(recipe: Recipe, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    noted = out / "recipe.json"
    if not noted.exists():
        _whole(noted, orjson.dumps(recipe.describe()).decode())
    elif orjson.loads(noted.read_bytes()) != recipe.describe():
        raise OtherRecipe(f"{out} vient d'autres données ou options : videz le dossier de --out, ou donnez-en un autre")


def _whole(path: Path, text: str) -> None:
    """Write a text file that is there whole or not at all."""
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
