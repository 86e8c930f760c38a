"""The answers table with numbers for option codes, as statistics programs want it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from questionnaire.answers import PREFER_NOT
from questionnaire.exchange.codebook import PREFER_NOT_CODE, Variable
from questionnaire.instrument import Question, QuestionKind
from questionnaire.study import Study

if TYPE_CHECKING:
    import pandas as pd


def numeric_table(study: Study, table: pd.DataFrame, variables: tuple[Variable, ...]) -> pd.DataFrame:
    """Option codes become their numbers and a question with several options one 0/1 column each."""
    import pandas as pd

    numbers = {v.name: {code: number for number, code in v.codes} for v in variables if v.codes}
    columns: dict[str, pd.Series] = {}
    questions = {question.code: question for question in study.questions}
    for name, column in table.items():
        question = questions.get(str(name))
        if question is not None and question.kind is QuestionKind.MULTIPLE:
            columns |= _indicators(question, column)
        elif str(name) in numbers:
            columns[str(name)] = column.map(numbers[str(name)]).astype("Float64")
        elif question is not None and question.kind is QuestionKind.NUMBER:
            numbered = column.replace(PREFER_NOT, str(PREFER_NOT_CODE))
            columns[str(name)] = pd.to_numeric(numbered).astype("Float64")
        else:
            columns[str(name)] = column
    return pd.DataFrame(columns)


def _indicators(question: Question, column: pd.Series) -> dict[str, pd.Series]:
    chosen = column.str.split(";")
    found = {}
    for option in question.options:
        flags = chosen.map(lambda codes, code=option.code: float(code in codes), na_action="ignore")
        found[f"{question.code}_{option.code}"] = flags.astype("Float64")
    return found
