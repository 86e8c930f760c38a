"""The answers table at the boundary: what is accepted, and how each fault is named."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.preparation import AnswersError, check_answers, read_answers
from questionnaire.loading import load_study
from questionnaire.study import Study

STUDY = Path(__file__).parents[2] / "data" / "studies" / "social_capital.yaml"


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(STUDY)


@pytest.fixture
def table(study: Study) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return pd.DataFrame({code: rng.integers(1, 8, 6).astype(str) for code in study.items})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv_with_and_without_byte_order_mark(
    tmp_path: Path, study: Study, table: pd.DataFrame, encoding: str
) -> None:
    path = tmp_path / "回答.csv"
    table.assign(备注="好").to_csv(path, index=False, encoding=encoding)
    answers = check_answers(study, read_answers(path))
    assert answers.items.shape == (6, len(study.items))
    assert answers.unknown == ("备注",)
    np.testing.assert_array_equal(answers.items["STD1"], table["STD1"].astype(float))


def test_parquet_with_nullable_integers(tmp_path: Path, study: Study, table: pd.DataFrame) -> None:
    path = tmp_path / "answers.parquet"
    table.astype("Int64").mask(table == "7").to_parquet(path)
    answers = check_answers(study, read_answers(path))
    assert answers.items.isna().sum().sum() == (table == "7").sum().sum()


@pytest.mark.parametrize("empty", ["", "NA", " ", "nan", None])
def test_empty_cells_are_missing(study: Study, table: pd.DataFrame, empty: str | None) -> None:
    table.loc[2, "RTT2"] = empty
    assert np.isnan(check_answers(study, table).items.loc[2, "RTT2"])


@pytest.mark.parametrize("value", ["8", "0", "3.5", "agree", "-1", "inf"])
def test_an_answer_off_its_scale_is_named_with_its_place(
    study: Study, table: pd.DataFrame, value: str
) -> None:
    table.loc[3, "CIN4"] = value
    with pytest.raises(AnswersError) as caught:
        check_answers(study, table)
    text = str(caught.value)
    assert "column CIN4, row 4" in text
    assert repr(value) in text
    assert "1 to 7" in text


def test_missing_columns_are_named(study: Study, table: pd.DataFrame) -> None:
    with pytest.raises(AnswersError, match="no column for PIN1, PIN2"):
        check_answers(study, table.drop(columns=["PIN1", "PIN2"]))


def test_an_optional_module_may_be_left_out_but_not_in_part(study: Study, table: pd.DataFrame) -> None:
    answers = check_answers(study, table.drop(columns=["ITR1", "ITR2", "ITR3"]))
    assert answers.absent == ("ITR",)
    with pytest.raises(AnswersError, match="no column for ITR2"):
        check_answers(study, table.drop(columns=["ITR2"]))


def test_a_column_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text("STD1,STD1\n1,2\n", encoding="utf-8")
    with pytest.raises(AnswersError, match="'STD1' stands there 2 times"):
        read_answers(path)


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "empty"), (b"a,b\n1,2,3\n4\n5,6,7,8\n", "regular table"), ("表\n".encode("gb18030"), "not UTF-8")],
)
def test_unreadable_files_say_why(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(AnswersError, match=why):
        read_answers(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnswersError, match="no such file"):
        read_answers(tmp_path / "none.csv")


def test_the_callers_table_is_left_alone(study: Study, table: pd.DataFrame) -> None:
    before = table.copy()
    check_answers(study, table)
    pd.testing.assert_frame_equal(table, before)
