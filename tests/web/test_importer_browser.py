"""The guided importer clicked through: doubts decided, columns given in order, a mapping saved and used."""

import sys
from pathlib import Path

import pytest
from browsing import WAIT_MS, axe_script, picture, violations
from people import signed_in
from playwright.sync_api import expect
from running_server import RunningServer

sys.path.insert(0, str(Path(__file__).parents[1] / "importing"))
import exports

from analysis.pages.words import words
from analysis.pages.workbench import LANGUAGES
from questionnaire.access.roles import Role

pytestmark = pytest.mark.browser

PATH = Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml"
SUBQUESTIONS = [f"G1Q1[SQ00{k}]" for k in range(1, 10)]
FROM_ZERO = exports.table(exports.given(lambda n: str(n - 1)), SUBQUESTIONS)
STILL_MS = 1500
"""A run of the script that has not ended yet would close what is opened."""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    expect.set_options(WAIT_MS)
    with RunningServer(f"sqlite:///{tmp_path_factory.mktemp('importer')}/a.sqlite", PATH) as running:
        yield running


def opened(browser, server, tmp_path, content, look, name="answers.csv"):
    width, language, scheme = look
    size = {"width": width, "height": 900}
    context = browser.new_context(base_url=server.url, viewport=size, color_scheme=scheme)
    page = signed_in(context, server, Role.ANALYST).new_page()
    page.goto("/workbench")
    page.get_by_text(LANGUAGES[language], exact=True).click()
    page.get_by_text(words(language)("upload")).click()
    (tmp_path / name).write_bytes(content)
    page.locator("input[type=file]").set_input_files(tmp_path / name)
    return page


def choose(page, name, text):
    page.wait_for_timeout(STILL_MS)
    box = page.get_by_role("combobox", name=name)
    box.click()
    box.fill(text)
    page.get_by_role("option", name=text).first.wait_for()
    page.keyboard.press("Enter")


def opened_all(page):
    page.wait_for_timeout(STILL_MS)
    for summary in page.locator("[data-testid=stExpander] details:not([open]) > summary").all()[::-1]:
        summary.click()
    page.wait_for_timeout(STILL_MS)


def assert_in_order(page, script):
    assert page.locator("[data-testid=stException]").count() == 0
    assert violations(page, script) == []
    wide = "main => main.scrollWidth > main.clientWidth + 1"
    assert not page.locator("[data-testid=stMain]").evaluate(wide)


@pytest.mark.parametrize("look", [(1280, "en", "light"), (390, "zh-CN", "dark")])
def test_codes_from_zero_in_columns_nobody_knows(browser, server, tmp_path, look):
    say, script = words(look[1]), axe_script()
    page = opened(browser, server, tmp_path, FROM_ZERO, look)
    expect(page.get_by_text(say("import_no_item"))).to_be_visible()
    choose(page, say("import_several_first", n=9), SUBQUESTIONS[0])
    page.get_by_role("button", name=say("import_several_apply", n=9)).click()
    expect(page.get_by_text(say("import_undecided"))).to_be_visible()
    assert page.get_by_role("button", name=say("analyse")).count() == 0
    opened_all(page)
    picture(page, f"importer-doubt-{look[1]}")
    assert_in_order(page, script)
    page.get_by_text(say("import_doubt_cure", listed="0 → 1, 1 → 2, 2 → 3, 3 → 4, 4 → 5")).click()
    expect(page.get_by_role("button", name=say("analyse"))).to_be_enabled()
    opened_all(page)
    expect(page.get_by_role("cell", name="1 → 2", exact=True).first).to_be_visible()
    picture(page, f"importer-decided-{look[1]}")
    assert_in_order(page, script)
    with page.expect_download() as download:
        page.get_by_role("button", name=say("import_save")).click()
    saved = Path(download.value.path()).read_bytes()
    page.context.close()
    page = opened(browser, server, tmp_path, FROM_ZERO, look)
    expect(page.get_by_text(say("import_no_item"))).to_be_visible()
    page.wait_for_timeout(STILL_MS)
    page.locator("summary", has_text=say("import_saved")).click()
    (tmp_path / "saved.json").write_bytes(saved)
    page.locator("input[type=file]").nth(1).set_input_files(tmp_path / "saved.json")
    expect(page.get_by_role("button", name=say("analyse"))).to_be_enabled()
    page.context.close()


@pytest.mark.parametrize(
    ("name", "content", "look", "said"),
    [
        ("a.xlsx", exports.old_workbook(locked=True), (390, "en", "light"), "locked with a password"),
        ("a.xlsx", exports.old_workbook(locked=True), (1280, "zh-CN", "light"), "工作簿已用密码锁定"),
        ("a.csv", b"a,b\n1,2,3\n", (1280, "zh-CN", "dark"), "该行有 3 个单元格，而表头有 2 个"),
    ],
)
def test_a_file_that_cannot_be_used_says_so_in_the_page_s_language(
    browser, server, tmp_path, name, content, look, said
):
    page = opened(browser, server, tmp_path, content, look, name)
    expect(page.get_by_text(said)).to_be_visible()
    picture(page, f"importer-refused-{look[1]}-{look[2]}")
    assert_in_order(page, axe_script())
    page.context.close()
