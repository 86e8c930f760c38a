"""The workbench as an analyst uses it: files of every kind, work cancelled, a path clicked, figures taken."""

import io
import re
import struct
from pathlib import Path

import openpyxl
import pyreadstat
import pytest
from browsing import WAIT_MS, picture, still, violations
from people import signed_in
from playwright.sync_api import expect
from running_server import RunningServer

from analysis.pages.words import words
from analysis.planning.simulate import simulate
from questionnaire.access.roles import Role
from questionnaire.loading import load_study

pytestmark = pytest.mark.browser

PATH = Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml"
STUDY = load_study(PATH)
EN, ZH = words("en"), words("zh-CN")
ROWS = 150
LONG_MS = 240_000
"""An analysis takes seconds; a machine that runs other tests beside it may take many times that."""
STILL_MS = 1500
DOTS_PER_METRE = 11811
"""300 dots per inch, as a PNG states it."""


@pytest.fixture(scope="module")
def context(browser, tmp_path_factory):
    expect.set_options(WAIT_MS)
    folder = tmp_path_factory.mktemp("use")
    with RunningServer(f"sqlite:///{folder}/a.sqlite", PATH) as server:
        made = signed_in(browser.new_context(base_url=server.url), server, Role.ANALYST)
        yield made
        made.close()


def answers(folder, ending):
    """The same answers in a file of that kind."""
    table, path = simulate(STUDY, ROWS, seed=3), folder / f"answers.{ending}"
    match ending:
        case "csv":
            table.to_csv(path, index=False)
        case "xlsx":
            table.to_excel(path, index=False)
        case "parquet":
            table.to_parquet(path)
        case "sav":
            pyreadstat.write_sav(table.astype(dict.fromkeys(STUDY.items, float)), str(path))
    return path


def opened(context, path, say=EN):
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/workbench")
    if say is ZH:
        page.get_by_text("简体中文").click()
    page.get_by_text(say("upload")).click()
    page.locator("input[type=file]").set_input_files(path)
    return page


def show(page, name, say=EN):
    page.get_by_role("radio", name=say(f"view_{name}"), exact=True).click()
    page.get_by_role("heading", name=say(f"view_{name}"), exact=True).first.wait_for()


@pytest.mark.parametrize("say", [EN, ZH], ids=["en", "zh-CN"])
@pytest.mark.parametrize("ending", ["csv", "xlsx", "sav", "parquet"])
def test_a_file_of_every_kind_is_read_and_accounted_for(context, tmp_path, ending, say):
    page = opened(context, answers(tmp_path, ending), say)
    expect(page.get_by_text(say("import_all_items"))).to_be_visible(timeout=LONG_MS)
    reason = "most columns are named by the study's own codes"
    told = say("import_recognised", tool="synergy", reason=reason)
    expect(page.get_by_text(told)).to_be_visible()
    # The last of the page: before it is there a run of the script may still close what is opened.
    expect(page.get_by_role("button", name=say("analyse"))).to_be_enabled()
    page.wait_for_timeout(STILL_MS)
    page.locator("summary", has_text=say("import_columns")).click()
    expect(page.get_by_role("cell", name=say("how_code")).first).to_be_visible()
    page.close()


def test_a_column_nobody_recognised_is_given_to_its_item(context, tmp_path):
    path = answers(tmp_path, "csv")
    path.write_text(path.read_text("utf-8").replace("MO3", "something", 1), encoding="utf-8")
    page = opened(context, path)
    expect(page.get_by_text(EN("import_not_ready"))).to_be_visible(timeout=LONG_MS)
    # A run of the script that has not ended yet would close what is opened, and scrolling to a list does too.
    page.wait_for_timeout(STILL_MS)
    column = page.get_by_role("combobox", name=EN("import_column"))
    column.click()
    column.fill("something")
    expect(page.get_by_role("option")).to_have_text(["something"])
    page.keyboard.press("Enter")
    page.get_by_role("button", name=EN("import_apply")).click()
    expect(page.get_by_text(EN("import_all_items"))).to_be_visible()
    page.close()


def test_cancelled_work_ends_and_can_be_started_again(context, tmp_path):
    page = opened(context, answers(tmp_path, "csv"))
    page.get_by_role("button", name=EN("analyse")).click(timeout=LONG_MS)
    page.get_by_role("button", name=EN("cancel")).click(timeout=LONG_MS)
    expect(page.get_by_role("button", name=EN("cancel"))).to_have_count(0, timeout=LONG_MS)
    assert page.get_by_text(EN("ready", n=ROWS)).count() == 0
    show(page, "screening")
    expect(page.get_by_text(EN("not_yet"))).to_be_visible()
    show(page, "data")
    page.get_by_role("button", name=EN("analyse")).click()
    expect(page.get_by_text(EN("ready", n=ROWS))).to_be_visible(timeout=LONG_MS)
    path_clicked(page)
    files_taken(page)
    page.close()


def path_clicked(page):
    """A number in the diagram is clicked, then another path is chosen by keyboard alone."""
    show(page, "structure")
    figures = page.locator(".st-key-diagram svg text", has_text=re.compile(r"^[−-]?\d\.\d\d$"))
    figures.last.wait_for()
    chosen = page.get_by_role("combobox", name=EN("path_choose"))
    before = chosen.input_value()
    for k in reversed(range(figures.count())):
        figures.nth(k).click(force=True)
        page.wait_for_timeout(1500)
        if chosen.input_value() != before:
            break
    clicked = chosen.input_value()
    assert clicked != before
    expect(page.get_by_text(EN("lab_draws", path=clicked), exact=True).first).to_be_visible()
    assert page.locator("[data-testid=stMetric]").count() == 4
    button = page.get_by_role("button", name=EN("path_draw"))
    if button.count():
        button.click()
    drawn = page.get_by_text(re.compile(r"draws of B; 95% percentile interval \["))
    expect(drawn).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_text(EN("path_rivals"), exact=True)).to_be_visible()
    chosen.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(before)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(chosen).to_have_value(before)
    expect(drawn).to_be_visible(timeout=LONG_MS)


def files_taken(page):
    """Every file of a chart, as what it says it is."""
    show(page, "measurement")
    # What stood there before goes away last, and what is opened of it with it.
    still(page)
    page.locator("summary", has_text=EN("figure_data")).first.click()
    taken = {}
    for kind, label in (
        ("csv", "table"),
        ("xlsx", "table"),
        ("tex", "table"),
        ("png", "figure"),
        ("svg", "figure"),
    ):
        name = EN(f"download_{label}", kind=kind.upper())
        with page.expect_download() as download:
            page.get_by_role("button", name=name).first.click()
        assert download.value.suggested_filename == f"loadings.{kind}"
        taken[kind] = Path(download.value.path()).read_bytes()
    loaded = [item for item in STUDY.items if item in taken["csv"].decode()]
    assert loaded == list(STUDY.items)
    sheet = openpyxl.load_workbook(io.BytesIO(taken["xlsx"])).active
    assert {cell.value for cell in sheet["A"]} >= set(STUDY.items)
    assert b"\\toprule" in taken["tex"]
    assert struct.pack(">II", DOTS_PER_METRE, DOTS_PER_METRE) in taken["png"]
    assert taken["svg"].startswith(b"<svg")
    command = page.locator("code", has_text="synergy analyse").first
    expect(command).to_contain_text(f"{STUDY.code}.yaml answers.csv --out report --seed 1 --language en")


SMALL = "MOOD =~ MO1 + MO2 + MO3\nTALK =~ TA1 + TA2 + TA3\nMOOD ~ TALK"
MANY_DRAWS, FEW_DRAWS = 5000, 40
CANCEL_MS = 5_000
"""Cancelling takes well under a second; the page looks at its work once a second, and machines are busy."""


@pytest.mark.parametrize(("say", "width"), [(EN, 1280), (ZH, 390)], ids=["en-1280", "zh-CN-390"])
def test_models_are_compared_and_bootstrapped_and_a_reload_loses_nothing(context, tmp_path, say, width):
    page = opened(context, answers(tmp_path, "csv"), say)
    page.set_viewport_size({"width": width, "height": 900})
    expect(page.get_by_role("button", name=say("analyse"))).to_be_enabled(timeout=LONG_MS)
    show(page, "lab", say)
    page.get_by_role("radio", name=say("lab_models_2"), exact=True).click()
    write(page, say, "B", SMALL.replace("~ TALK", "~ GHOST"))
    expect(page.get_by_text(say.told("line 3, column 8"))).to_be_visible()
    expect(page.get_by_role("button", name=say("lab_fit"), exact=True)).to_be_disabled()
    write(page, say, "A", SMALL)
    write(page, say, "B", SMALL.replace("~ TALK", "~ 0*TALK"))
    # Of ordered categories every draw is a fit of its own, which takes long enough to be cancelled.
    choose(page, say("lab_scale"), say("lab_ordered_True"))
    draws = page.get_by_role("spinbutton", name=say("lab_bootstrap"))
    draws.fill(str(MANY_DRAWS))
    draws.press("Enter")
    fit(page, say)
    cancel = page.get_by_role("button", name=say("cancel"), exact=True)
    expect(cancel).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_text(re.compile(rf"\d+.*{MANY_DRAWS}"))).to_be_visible(timeout=LONG_MS)
    # The page is loaded again while the work goes on: text, settings and work are there as they were.
    page.reload()
    expect(cancel).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_role("textbox", name=say("lab_syntax", name="B"))).to_have_value(
        SMALL.replace("~ TALK", "~ 0*TALK")
    )
    picture(page, f"lab_running_{width}")
    cancel.click()
    expect(cancel).to_have_count(0, timeout=CANCEL_MS)
    draws.fill(str(FEW_DRAWS))
    draws.press("Enter")
    fit(page, say)
    test = say("lab_test_shifted").strip("，,")
    expect(page.get_by_text(test).first).to_be_visible(timeout=LONG_MS)
    assert not page.locator(".stException").count()
    looked_at(page, f"lab_compared_{width}")
    page.get_by_role("radio", name=say("lab_part_bootstrap"), exact=True).click()
    expect(page.get_by_text(say("lab_bootstrap_table")).first).to_be_visible()
    looked_at(page, f"lab_bootstrap_{width}")
    page.get_by_role("radio", name=say("lab_part_indices"), exact=True).click()
    index = page.get_by_role("button", name=re.compile("~.* · ")).first
    index.wait_for()
    parameter = index.inner_text().split(" · ")[0]
    looked_at(page, f"lab_indices_{width}")
    index.click()
    box = page.get_by_role("textbox", name=say("lab_syntax", name="A"))
    expect(box).to_have_value(f"{SMALL}\n{parameter}")
    page.get_by_role("button", name=say("lab_back")).first.click()
    expect(box).to_have_value(SMALL)
    page.get_by_role("radio", name=say("lab_part_diagram"), exact=True).click()
    expect(page.locator(".st-key-diagram figure")).to_be_visible()
    looked_at(page, f"lab_diagram_{width}")
    page.close()


def looked_at(page, name):
    """A picture of the lab as it stands, and nothing in it that shuts anyone out."""
    still(page)
    picture(page, name)
    assert violations(page) == []


def write(page, say, name, text):
    """Type into a model's box and leave it."""
    box = page.get_by_role("textbox", name=say("lab_syntax", name=name))
    box.fill(text)
    box.press("Control+Enter")
    page.wait_for_timeout(STILL_MS)


def fit(page, say):
    button = page.get_by_role("button", name=say("lab_fit"), exact=True)
    expect(button).to_be_enabled()
    page.wait_for_timeout(STILL_MS)
    button.click()


def choose(page, label, option):
    """An option of a list, by keyboard: a run of the script that has not ended closes an open list."""
    chosen = page.get_by_role("combobox", name=label)
    page.wait_for_timeout(STILL_MS)
    for _ in range(10):
        chosen.click()
        chosen.fill(option)
        chosen.press("Enter")
        page.wait_for_timeout(STILL_MS)
        if chosen.input_value() == option or page.get_by_text(option, exact=True).count():
            return
    raise AssertionError(f"{label}: {option} could not be chosen")
