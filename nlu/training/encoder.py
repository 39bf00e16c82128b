"""Training of the sentence encoder: distil an English teacher into a French student, resumable, then average and export.

The French side of a pair is drawn towards the teacher's vector of the English side: in-batch contrastive loss, cosine, and
agreement of the two similarity matrices; 40 % of the inputs carry spelling noise. See `nlu/models/encoder/README.md`.
"""

from __future__ import annotations

import math
import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional

from nlu.training.noise import add_noise

BATCH = 128
MEGA = 20  # batches sorted by length together
LONGEST = 170  # characters of a French side
NOISE = 0.4
SCALE = 20.0
VECTOR_RATE, LAYER_RATE = 3e-4, 4e-5
KEEP_EVERY = 250  # steps between two checkpoints
MAX_TOKENS = 64  # read in training
MAX_LENGTH = 256  # read by the finished model


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the training starts from: the student's folder, the teacher's, and the pairs (source, English, French; tabs)."""

    student: Path
    teacher: Path
    pairs: Path


def distil(sources: Sources, out: Path, steps: int, *, seed: int = 1) -> Path:
    """Train for `steps` batches, going on from `out/checkpoint.pt` when there is one; the folder of the trained student."""
    from transformers import AutoModel, AutoTokenizer, BertModel

    out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)  # noqa: S311  (not for secrets)
    torch.manual_seed(seed)
    teacher, teacher_tokens = (
        AutoModel.from_pretrained(sources.teacher).eval(),
        AutoTokenizer.from_pretrained(sources.teacher),
    )
    student = BertModel.from_pretrained(sources.student, add_pooling_layer=False)
    tokens = bert_tokenizer(sources.student)
    optimiser, schedule = _optimiser(student, steps)
    first = _resume(out / "checkpoint.pt", student, optimiser, schedule)
    batches = _batches(_pairs(sources.pairs), rng)
    for _ in range(first):
        next(batches)
    start = time.monotonic()
    for step in range(first, steps):
        batch = next(batches)
        french = [add_noise(f, rng) if rng.random() < NOISE else f for _, f in batch]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            with torch.no_grad():
                target = _vectors(teacher, teacher_tokens, [e for e, _ in batch])
            given = _vectors(student, tokens, french)
        loss = distance(given, target)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if (step + 1) % 50 == 0:
            speed = (step + 1 - first) * BATCH / (time.monotonic() - start)
            print(f"{step + 1}/{steps}  perte {loss.item():.3f}  {speed:.0f} paires/s", flush=True)
        if (step + 1) % KEEP_EVERY == 0 or step + 1 == steps:
            _keep(out / "checkpoint.pt", step + 1, student, optimiser, schedule)
    student.save_pretrained(out / "student")
    tokens.save_pretrained(out / "student")
    return out / "student"


def distance(given: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Loss between unit vectors of the same sentences, both (n, dimension)."""
    contrast = functional.cross_entropy(SCALE * given @ target.T, torch.arange(len(given)))
    cosine = 1 - (given * target).sum(dim=1).mean()
    return contrast + 2 * cosine + 10 * functional.mse_loss(given @ given.T, target @ target.T)


def average(models: list[tuple[Path, float]], out: Path) -> Path:
    """Weighted mean of models of one shape (folder, weight; the weights sum to 1): undoes most of the drift of training."""
    from transformers import BertModel

    mean: dict[str, Any] = {}
    for folder, weight in models:
        for name, value in BertModel.from_pretrained(folder, add_pooling_layer=False).state_dict().items():
            mean[name] = mean.get(name, 0) + weight * value if value.dtype.is_floating_point else value
    model = BertModel.from_pretrained(models[0][0], add_pooling_layer=False)
    model.load_state_dict(mean)
    model.save_pretrained(out)
    bert_tokenizer(models[0][0]).save_pretrained(out)
    return out


def export(folder: Path, out: Path) -> None:
    """Write a sentence-transformers model whose transformer is int8 ONNX (about 20 MB) into `out`."""
    from sentence_transformers import SentenceTransformer, export_dynamic_quantized_onnx_model

    plain = out.with_name(f"{out.name}-fp32")
    as_sentence_transformer(folder).save(str(plain))
    session = {"provider": "CPUExecutionProvider", "export": True}
    onnx = SentenceTransformer(str(plain), backend="onnx", device="cpu", model_kwargs=session)
    onnx.save_pretrained(str(out))
    export_dynamic_quantized_onnx_model(onnx, quantization_config="avx512_vnni", model_name_or_path=str(out))
    (out / "onnx" / "model.onnx").unlink()
    shutil.rmtree(plain)


def as_sentence_transformer(folder: Path) -> Any:
    """A BERT folder as transformer → mean pooling → normalisation."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    bert = Transformer(str(folder), max_seq_length=MAX_LENGTH, model_kwargs={"add_pooling_layer": False})
    pooling = Pooling(bert.auto_model.config.hidden_size, "mean")
    return SentenceTransformer(modules=[bert, pooling, Normalize()], device="cpu")


def _pairs(path: Path) -> list[tuple[str, str]]:
    rows = (line.rstrip("\n").split("\t") for line in path.open(encoding="utf-8", newline="\n"))
    return [(row[1], row[2]) for row in rows if len(row) == 3 and 8 <= len(row[2]) <= LONGEST]


def _batches(pairs: list[tuple[str, str]], rng: random.Random) -> Iterator[list[tuple[str, str]]]:
    """Endless batches of pairs of like length."""
    while True:
        rng.shuffle(pairs)
        for i in range(0, len(pairs) - BATCH * MEGA + 1, BATCH * MEGA):
            mega = sorted(pairs[i : i + BATCH * MEGA], key=lambda pair: len(pair[1]))
            batches = [mega[k : k + BATCH] for k in range(0, len(mega), BATCH)]
            rng.shuffle(batches)
            yield from batches


def _vectors(model: Any, tokenizer: Any, texts: list[str]) -> torch.Tensor:
    inputs = tokenizer(texts, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
    hidden = model(**inputs).last_hidden_state.float()
    mask = inputs["attention_mask"][..., None].float()
    return functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)


def bert_tokenizer(folder: Path) -> Any:
    """The tokenizer of a folder, from its `tokenizer.json` alone."""
    from transformers import PreTrainedTokenizerFast

    special = {
        "unk_token": "[UNK]",
        "cls_token": "[CLS]",
        "sep_token": "[SEP]",
        "pad_token": "[PAD]",
        "mask_token": "[MASK]",
    }
    return PreTrainedTokenizerFast(
        tokenizer_file=str(folder / "tokenizer.json"), model_max_length=MAX_LENGTH, **special
    )


def _optimiser(student: Any, steps: int) -> tuple[Any, Any]:
    vectors = [p for n, p in student.named_parameters() if "word_embeddings" in n]
    layers = [p for n, p in student.named_parameters() if "word_embeddings" not in n]
    groups = [{"params": vectors, "lr": VECTOR_RATE}, {"params": layers, "lr": LAYER_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.0)

    def rate(step: int) -> float:
        return min(1.0, (step + 1) / 60) * 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))

    return optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, rate)


def _keep(path: Path, step: int, student: Any, optimiser: Any, schedule: Any) -> None:
    state = {
        "step": step,
        "student": student.state_dict(),
        "optimiser": optimiser.state_dict(),
        "schedule": schedule.state_dict(),
    }
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def _resume(path: Path, student: Any, optimiser: Any, schedule: Any) -> int:
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    student.load_state_dict(state["student"])
    optimiser.load_state_dict(state["optimiser"])
    schedule.load_state_dict(state["schedule"])
    return int(state["step"])
