"""Statistics of ordered variables."""

from analysis.sem.sample.ordinal.two_stage import TwoStage, two_stage

__all__ = ["TwoStage", "two_stage"]
