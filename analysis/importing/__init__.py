"""Exports of survey tools as this product's answers table, with an account of every column and value.

``read_export`` → ``propose`` (a :class:`Mapping` to look at and correct) → ``convert`` (the table and its
account). ``import_answers`` is all three for a file that needs no correction.
"""

from analysis.importing.account import Account, ColumnEntry, ValueEntry
from analysis.importing.convert import Imported, answers_at, convert, import_answers
from analysis.importing.mapping import ColumnMatch, Mapping, propose
from analysis.importing.reading import ENDINGS, Export, read_export
from analysis.importing.tools import Tool

__all__ = [
    "ENDINGS",
    "Account",
    "ColumnEntry",
    "ColumnMatch",
    "Export",
    "Imported",
    "Mapping",
    "Tool",
    "ValueEntry",
    "answers_at",
    "convert",
    "import_answers",
    "propose",
    "read_export",
]
