"""Every exception of ours comes out of another process as it went in: same kind, words and fields."""

import importlib
import pickle
from pathlib import Path

import pytest

from questionnaire.journey import AnswerProblem
from questionnaire.study_file.problems import Problem

ROOT = Path(__file__).parents[2]
MADE_WITH = {
    "AnswersError": ("no column", "answers.csv", "Add it."),
    "SemError": ("too few rows", "data", "Collect more."),
    "JourneyError": ("stale", "the page was sent before"),
    "InvalidAnswersError": ((AnswerProblem("AAA1", "required"),),),
    "RefusedError": (413, "too_large"),
    "AccessError": ("name_taken",),
    "ForbiddenError": (),
    "TooManyAttemptsError": (),
    "NotVouchedError": ("institution_failed", "nonce"),
    "StaleVersionError": (3,),
    "KnownRespondentError": ("r1", "w2"),
    "StudyError": ([Problem("a.yaml", 3, "items", "no code", "Give one.")],),
}
"""What those with an ``__init__`` of their own are made with; all others take one message."""


def exceptions():
    found = {}
    for path in sorted([*(ROOT / "analysis").rglob("*.py"), *(ROOT / "questionnaire").rglob("*.py")]):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, type) and issubclass(value, Exception) and value.__module__ == name:
                found[name, value.__qualname__] = value
    return list(found.values())


def words(kind):
    given = (
        MADE_WITH[base.__name__]
        for base in kind.__mro__
        if "__init__" in vars(base) and base.__name__ in MADE_WITH
    )
    return next(given, ("what is wrong",))


@pytest.mark.parametrize("kind", exceptions(), ids=lambda kind: kind.__qualname__)
def test_it_survives_the_way_between_processes(kind):
    error = kind(*words(kind))
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is kind
    assert str(back) == str(error)
    assert vars(back) == vars(error)
    assert str(error), "says what is wrong"


def test_every_exception_that_takes_more_than_a_message_is_in_the_table():
    own = {kind.__name__ for kind in exceptions() if "__init__" in vars(kind)}
    assert own == set(MADE_WITH)
