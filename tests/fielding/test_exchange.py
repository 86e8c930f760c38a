"""The answers table in every format, read back by other programs."""

import shutil
import subprocess
from dataclasses import replace
from xml.etree import ElementTree as Xml

import openpyxl
import pandas as pd
import pyreadstat
import pytest
from small_study import STUDY
from system_parts import require

from questionnaire import journey
from questionnaire.drafts import Draft
from questionnaire.exchange.codebook import PREFER_NOT_CODE, codebook
from questionnaire.exchange.ddi import NAMESPACE, write_ddi
from questionnaire.exchange.files import write_answers
from questionnaire.exchange.item_times import item_times
from questionnaire.exchange.table import answers_table
from questionnaire.formulas import harmless
from questionnaire.journey import Progress, Status
from questionnaire.storage import Stored, Submission

TYPED = '=HYPERLINK("http://evil","x")'


def stored(number, **answers):
    progress = Progress(
        STUDY.content_hash, "long", "en", 1, consent_level=1, status=Status.FINISHED, answers=answers
    )
    return Stored(f"t{number}", f"r{number}", progress, "2026-01-01T00:00:00.000Z", "", "")


@pytest.fixture
def table():
    ratings = {code: 1 + k % 5 for k, code in enumerate(STUDY.items)}
    return answers_table(
        STUDY,
        [
            stored(1, platform="douyin", forms=("live", "goods"), age=41, adult="yes", **ratings),
            stored(2, platform="other", platform_text=TYPED, age="prefer_not", adult="yes", AAA1=5),
            stored(3),
        ],
    )


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        (TYPED, "'" + TYPED),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("微博", "微博"),
        ("", ""),
        (3, 3),
        (None, None),
    ],
)
def test_text_that_a_spreadsheet_would_run_is_made_harmless(typed, written):
    assert harmless(typed) == written


def test_csv_holds_raw_codes_and_harmless_text(table, tmp_path):
    write_answers(STUDY, table, tmp_path / "a.csv", "en")
    back = pd.read_csv(tmp_path / "a.csv")
    assert back.loc[1, "platform_text"] == "'" + TYPED
    assert back["AAA1"].tolist()[:2] == [1, 5]
    assert back["AAA1"].isna().tolist() == [False, False, True]


def test_parquet_keeps_everything_as_it_was(table, tmp_path):
    write_answers(STUDY, table, tmp_path / "a.parquet", "en")
    back = pd.read_parquet(tmp_path / "a.parquet")
    assert back.loc[1, "platform_text"] == TYPED
    assert back["AAA1"].dtype == "Int64"


def test_excel_stores_text_as_text(table, tmp_path):
    write_answers(STUDY, table, tmp_path / "a.xlsx", "zh-CN")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    names = [cell.value for cell in book["answers"][1]]
    cell = book["answers"].cell(3, names.index("platform_text") + 1)
    assert (cell.value, cell.data_type) == (TYPED, "s")
    assert book["codebook"].cell(2, 1).value == "AAA1"


def test_spss_has_labels_missing_values_and_measures(table, tmp_path):
    write_answers(STUDY, table, tmp_path / "a.sav", "zh-CN")
    back, meta = pyreadstat.read_sav(tmp_path / "a.sav", user_missing=True)
    assert meta.column_names_to_labels["AAA1"] == "On {platform}: AAA 1（中文）"
    assert meta.variable_value_labels["AAA1"] == dict(enumerate("一二三四五", start=1))
    assert meta.variable_value_labels["platform"] == {1.0: "抖音", 2.0: "Other（中文）"}
    assert meta.missing_ranges["age"] == [{"lo": PREFER_NOT_CODE, "hi": PREFER_NOT_CODE}]
    assert [meta.variable_measure[name] for name in ("AAA1", "platform", "age")] == [
        "ordinal",
        "nominal",
        "scale",
    ]
    assert back["platform"].tolist()[:2] == [1.0, 2.0]
    assert back["forms_live"].tolist()[0] == 1.0
    assert back["forms_none"].tolist()[0] == 0.0
    assert back["age"].tolist()[:2] == [41.0, PREFER_NOT_CODE]
    assert pd.isna(back.loc[2, "AAA1"])


def test_r_reads_the_spss_file_as_labelled_data(table, tmp_path):
    rscript = shutil.which("Rscript")
    haven = rscript and not subprocess.run([rscript, "-e", "library(haven)"], capture_output=True).returncode
    require(haven, "R with haven", "apt-get install r-cran-haven")
    write_answers(STUDY, table, tmp_path / "a.sav", "en")
    script = (
        f'd <- haven::read_sav("{tmp_path}/a.sav", user_na = TRUE);'
        "cat(attr(d$AAA1, 'label'), names(attr(d$platform, 'labels'))[1], d$age[1],"
        " attr(d$age, 'na_values'), sum(is.na(d$AAA1)), sep = '|')"
    )
    done = subprocess.run([rscript, "-e", script], capture_output=True, text=True, check=True)
    assert done.stdout == f"On {{platform}}: AAA 1|Douyin|41|{PREFER_NOT_CODE}|1"


def test_the_ddi_codebook_describes_every_variable(tmp_path):
    write_ddi(STUDY, tmp_path / "a.xml", "en", cases=3, head="f" * 64)
    root = Xml.parse(tmp_path / "a.xml").getroot()
    space = {"d": NAMESPACE}
    names = [var.get("name") for var in root.iterfind("d:dataDscr/d:var", space)]
    assert names == [variable.name for variable in codebook(STUDY, "en")]
    first = root.find("d:dataDscr/d:var", space)
    assert [c.findtext("d:catValu", namespaces=space) for c in first.iterfind("d:catgry", space)] == list(
        "12345"
    )
    assert root.findtext("d:fileDscr/d:fileTxt/d:dimensns/d:caseQnty", namespaces=space) == "3"
    assert root.findtext("d:stdyDscr/d:notes", namespaces=space).endswith("f" * 64)
    age = next(v for v in root.iterfind("d:dataDscr/d:var", space) if v.get("name") == "age")
    assert age.find("d:catgry", space).get("missing") == "Y"


def test_an_unknown_ending_is_refused(table, tmp_path):
    with pytest.raises(ValueError, match="must end in"):
        write_answers(STUDY, table, tmp_path / "a.doc", "en")


def test_item_times_count_every_change_once_and_keep_the_last_time():
    drafts = [
        Draft("change-01", "", "writer-01", 1, "p", "AAA1", 2, 1.5, 1),
        Draft("change-02", "change-01", "writer-01", 1, "p", "AAA1", 3, 4.0, 2),
        Draft("change-03", "", "writer-01", 1, "p", "AAA2", 3, 9.0, 1),
    ]
    sent = [Submission("step-0001", 1, "p", {}, {"shown": 20.0, "AAA1": 6.0, "AAA1.changes": 1.0})]
    assert item_times(["AAA1", "AAA3"], sent, drafts) == {"answered_AAA1": 6.0, "changes_AAA1": 4}


def test_item_times_are_columns_only_when_asked_for():
    progress = journey.consent(STUDY, journey.begin(STUDY, form="long", language="en", seed=1), 1)
    progress = replace(progress, answers={"AAA1": 3})
    drafts = (Draft("change-01", "", "writer-01", 1, "p", "AAA1", 3, 2.5, 1),)
    stored = Stored("t", "r", progress, "2026", "2026", drafts=drafts)
    table = answers_table(STUDY, [stored], with_item_times=True)
    assert table[["answered_AAA1", "changes_AAA1"]].values.tolist() == [[2.5, 1.0]]
    assert not [name for name in answers_table(STUDY, [stored]) if name.startswith(("answered_", "changes_"))]
