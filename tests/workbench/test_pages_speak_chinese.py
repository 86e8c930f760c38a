"""What an import says, and what is wrong with a model's text, is said in Chinese on a Chinese page."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "importing"))
import exports

from analysis.importing import convert, propose, read_export
from analysis.pages.import_account import refusal, told
from analysis.pages.words import words
from analysis.preparation.answers import AnswersError
from analysis.sem.errors import ModelError
from analysis.sem.syntax import parse_model
from questionnaire.loading import load_study

STUDIES = Path(__file__).parents[2] / "data" / "studies"
TEA, CAPITAL = (load_study(STUDIES / f"{code}.yaml") for code in ("tea_breaks", "social_capital"))
SAY = words("zh-CN")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"\b[a-z]{2,} [a-z]{2,}\b")
"""Two words in a row: names of tools, columns and codes stand alone."""


def assert_chinese(text):
    assert CHINESE.search(text), text
    assert not ENGLISH.search(text), text


@pytest.mark.parametrize(
    ("study", "content"),
    [
        (TEA, exports.qualtrics(TEA)),
        (TEA, exports.limesurvey(codes_only=False)),
        (CAPITAL, exports.wenjuanxing(CAPITAL)),
        (TEA, b"number,BR1\n1,7\n2,now and then\n"),
        (TEA, exports.table(exports.given(lambda n: str(n - 1)))),
        (TEA, exports.table([["8", "7", *["6"] * 7], ["6", "7", *["8"] * 7]], mark=";", encoding="utf-16")),
        (TEA, exports.table([[*line, "4"] for line in exports.given()], [*exports.GIVEN, "br1"])),
        (
            TEA,
            exports.workbook({"A": [["x", "y"], ["1", "2"]], "B": [list(exports.GIVEN), *exports.given()]}),
        ),
    ],
)
def test_the_account_of_an_import(study, content):
    account = convert(study, propose(study, read_export("answers.csv", content))).account
    for one in account.suspicions:
        assert_chinese(SAY.told(f"{one.where}: {one.said}"))
        assert_chinese(SAY.told(one.mend))
    assert_chinese(SAY("import_recognised", tool=SAY.told(account.tool), reason=account.why))
    for remark in account.notes:
        assert_chinese(SAY.told(remark))
    for how in {c.how for c in account.columns} | {v.how for v in account.values}:
        assert_chinese(told(how, SAY))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.doc", b"x"),
        ("a.csv", b""),
        ("a.csv", b"a,b\n1,2,3\n"),
        ("a.csv", b"a,a\n1,2\n"),
        ("a.zip", exports.archive(a__csv=b"a", b__csv=b"b")),
        ("a.xls", exports.old_workbook(locked=True)),
        ("a.xlsx", b"PK\x03\x04"),
        ("a.csv", b'a,b\n1,2\n"3,\n4\n'),
        ("a.csv", b"\0" * 9),
    ],
)
def test_what_is_wrong_with_a_file(name, content):
    try:
        notes = [SAY.told(note) for note in read_export(name, content).notes]
    except AnswersError as error:
        notes = [refusal(error, SAY)]
    assert notes
    for said in notes:
        assert_chinese(said)


def test_a_refusal_is_put_together_in_the_order_of_the_language():
    with pytest.raises(AnswersError) as caught:
        read_export("a.csv", b"a,b\n1,2,3\n")
    assert refusal(caught.value, SAY).startswith(
        "文件无法使用。第 2 行：该行有 3 个单元格，而表头有 2 个。请让每行"
    )


@pytest.mark.parametrize(
    "syntax",
    [
        "", "x1 x2", "f =< x1", "f =~ 1x", "f =~ x1 +", "f =~ f", "y ~ y", "y ~ a*2*x", "y ~ x:z", "f <~ x",
        "y ~ x ~ z", "y < 2", "y ~ 'a", "2*y ~ x", "level: 1\ny ~ x", "y | a1", "y ~ c(a, 1)*x",
        "y ~ start(a)*x", "y ～ x", "y = x", "`y` ~ x", "y ~ rv(a)*x", "a + := b", "y ~ a*b*x",
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_model(syntax):
    try:
        parse_model(syntax)
    except ModelError as error:
        for said in (error.message, error.mend):
            if said:
                assert_chinese(SAY.told(said))
        if error.place:
            assert_chinese(SAY.told(error.place.rpartition("\n")[2]))
    else:
        pytest.skip("this is a model")
