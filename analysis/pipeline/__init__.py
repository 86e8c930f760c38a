"""From a study and an answers table to everything a report says."""

from analysis.pipeline.result import AnalysisResult
from analysis.pipeline.run import analyse
from analysis.pipeline.tables import write_tables

__all__ = ["AnalysisResult", "analyse", "write_tables"]
