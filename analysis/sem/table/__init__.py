"""Statements to a parameter table with lavaan's ``sem()`` defaults."""

from analysis.sem.table.build import build_table
from analysis.sem.table.parameter_table import Constraint, Definition, ParameterTable

__all__ = ["Constraint", "Definition", "ParameterTable", "build_table"]
