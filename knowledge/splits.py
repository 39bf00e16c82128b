"""The splits of the messages: what the models learn from, and the people they are measured on."""

from __future__ import annotations

TRAIN = "train"
SPLITS = ("dev", "epreuve")  # thresholds are fitted on the first; the second is only ever measured
