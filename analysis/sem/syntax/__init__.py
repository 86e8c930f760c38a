"""The model language: text to plain statements, expressions to values and derivatives."""

from analysis.sem.syntax.evaluation import evaluate, jacobian
from analysis.sem.syntax.parser import parse_model
from analysis.sem.syntax.statements import ModelStatements

__all__ = ["ModelStatements", "evaluate", "jacobian", "parse_model"]
