"""Exports of survey tools as this product's answers table, with an account of every column and value.

``read_export`` → ``propose`` (a :class:`Mapping` to look at and correct) → ``convert`` (the table and its
account). ``import_answers`` is all three where nothing needs correction, or the corrections were saved.
"""

from analysis.importing.account import Account, ColumnEntry, Suspicion, ValueEntry
from analysis.importing.convert import KEPT, Imported, convert
from analysis.importing.files import answers_at, import_answers
from analysis.importing.mapping import Mapping, propose
from analysis.importing.reading import ENDINGS, read_export
from analysis.importing.saved import to_json, with_saved
from analysis.importing.tables import Export
from analysis.importing.tools import Tool
from analysis.importing.wording import ColumnMatch

__all__ = [
    "ENDINGS",
    "KEPT",
    "Account",
    "ColumnEntry",
    "ColumnMatch",
    "Export",
    "Imported",
    "Mapping",
    "Suspicion",
    "Tool",
    "ValueEntry",
    "answers_at",
    "convert",
    "import_answers",
    "propose",
    "read_export",
    "to_json",
    "with_saved",
]
