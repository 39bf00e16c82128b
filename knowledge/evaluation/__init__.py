"""The report on people not seen: what the product promises, measured on the evaluation splits, beside known baselines."""

from knowledge.evaluation.judging import Judged, judge
from knowledge.evaluation.split_figures import split_figures

__all__ = ["Judged", "judge", "split_figures"]
