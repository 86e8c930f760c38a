"""A researcher opens, invites and sets a quota; an invited person answers; a stranger is turned away."""

import csv
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from people import signed_in
from playwright.sync_api import expect
from respondent import Respondent, address
from running_server import RunningServer

from questionnaire.access.connect import open_access
from questionnaire.access.operator import operator
from questionnaire.access.roles import Role
from questionnaire.fielding.contacts import KEY

pytestmark = pytest.mark.browser

PATH = Path(__file__).parents[2] / "data" / "studies" / "social_capital.yaml"
SLOW_MS = 60_000
"""A page takes a second; a machine that runs other tests beside it may take many times that."""

SAID = {
    "en": {
        "title": "Respondents",
        "field_time": "Field time",
        "links": "Personal links",
        "quotas": "Quotas",
        "waves": "Waves",
        "save": "Save",
        "make": "Make links",
        "made": "50 links made",
        "csv": "Download links (CSV)",
        "set": "Set quota",
        "only": "Only with a personal link",
        "access": "Who may begin",
        "under_way": "Under way",
        "saved": "Saved.",
        "set_done": "Quota set.",
        "for_people": "Make links for 2 people",
        "show": "Show contact data",
        "remind": "Download reminder list of",
    },
    "zh-CN": {
        "title": "受访者",
        "field_time": "调查时间",
        "links": "个人链接",
        "quotas": "配额",
        "waves": "追踪调查",
        "save": "保存",
        "make": "生成链接",
        "made": "已生成 50 个链接",
        "csv": "下载链接（CSV）",
        "set": "设置配额",
        "only": "仅限个人链接",
        "access": "谁可以开始",
        "under_way": "进行中",
        "saved": "已保存。",
        "set_done": "配额已设置。",
        "for_people": "为 2 人生成链接",
        "show": "显示联系方式",
        "remind": "下载提醒名单",
    },
}


PEOPLE = "mail,name\nann@uni.example,=Ann\nbo@uni.example,Bó\n"


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh-CN", 390)])
def test_a_study_is_fielded_from_the_page(browser, language, width, tmp_path):
    said = SAID[language]
    with RunningServer(f"sqlite:///{tmp_path}/a.sqlite", PATH) as server:
        context = browser.new_context(locale=language, viewport={"width": width, "height": 900})
        signed_in(context, server, Role.RESEARCHER)
        context.set_default_timeout(SLOW_MS)
        expect.set_options(SLOW_MS)
        page = context.new_page()
        page.goto(f"{server.url}/sampling")
        expect(page.get_by_role("heading", name=said["title"], level=1)).to_be_visible()

        def turn_to(side):
            page.get_by_test_id("stButtonGroup").get_by_text(said[side], exact=True).click()
            expect(page.get_by_role("heading", name=said[side], level=2)).to_be_visible()

        page.get_by_role("combobox", name=said["access"]).click()
        page.get_by_role("option", name=said["only"]).click()
        page.get_by_role("button", name=said["save"]).click()
        # The next click would end the run that saves before it has.
        expect(page.get_by_text(said["saved"], exact=True)).to_be_visible()
        turn_to("quotas")
        page.get_by_role("button", name=said["set"]).click()
        expect(page.get_by_text(said["set_done"], exact=True)).to_be_visible()
        expect(page.get_by_test_id("stDataFrame")).to_be_visible()
        turn_to("waves")
        turn_to("links")
        page.get_by_role("button", name=said["make"]).click()
        expect(page.get_by_text(said["made"])).to_be_visible()
        with page.expect_download() as waiting:
            page.get_by_role("button", name=said["csv"]).click()
        waiting.value.save_as(tmp_path / "links.csv")
        links = list(csv.DictReader((tmp_path / "links.csv").read_text("utf-8-sig").splitlines()))
        assert len(links) == 50
        stranger = context.new_page()
        # A change may be seen up to a second later where another process or a read under way is asked.
        for _ in range(5):
            stranger.goto(address(server.url, "light", "social_capital"))
            stranger.wait_for_timeout(1000)
            if stranger.locator(".status").get_attribute("data-state") == "problem":
                break
        expect(stranger.locator(".status")).to_have_attribute("data-state", "problem")
        invited = Respondent(context.new_page()).open(links[0]["address"]).agree()
        again = Respondent(browser.new_context(locale=language).new_page()).open(links[0]["address"])
        assert again.entries().count() == invited.entries().count() > 0
        turn_to("field_time")
        turn_to("links")
        expect(page.get_by_test_id("stDataFrame")).to_be_visible()
        context.close()
    access = open_access(f"sqlite:///{tmp_path}/a.sqlite")
    noted = [entry.action for entry in access.store.entries() if entry.who != operator()]
    assert [action for action in noted if action in ("open study", "set quota", "make links")] == [
        "open study",
        "set quota",
        "make links",
    ]
    access.store.close()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh-CN", 390)])
def test_a_list_of_people_gets_links_and_reminders(browser, language, width, tmp_path, monkeypatch):
    said, database = SAID[language], f"sqlite:///{tmp_path}/a.sqlite"
    monkeypatch.setenv(KEY, Fernet.generate_key().decode())
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    with RunningServer(database, PATH) as server:
        context = browser.new_context(locale=language, viewport={"width": width, "height": 900})
        signed_in(context, server, Role.RESEARCHER)
        context.set_default_timeout(SLOW_MS)
        expect.set_options(SLOW_MS)
        page = context.new_page()
        page.goto(f"{server.url}/sampling")
        page.get_by_test_id("stButtonGroup").get_by_text(said["links"], exact=True).click()
        page.locator("input[type=file]").set_input_files(tmp_path / "people.csv")
        page.get_by_role("button", name=said["for_people"]).click()

        def download(name):
            with page.expect_download() as waiting:
                page.get_by_role("button", name=name).click()
            waiting.value.save_as(tmp_path / "got.csv")
            return list(csv.DictReader((tmp_path / "got.csv").read_text("utf-8-sig").splitlines()))

        links = download(said["csv"])
        assert [(row["mail"], row["name"]) for row in links] == [
            ("ann@uni.example", "'=Ann"),
            ("bo@uni.example", "Bó"),
        ]
        Respondent(context.new_page()).open(links[0]["address"]).agree()
        page.get_by_text(said["show"]).click()
        expect(page.get_by_test_id("stDataFrame")).to_have_count(2)
        reminded = download(said["remind"])
        assert [(row["mail"], row["status"]) for row in reminded] == [
            ("ann@uni.example", "asking"),
            ("bo@uni.example", "unused"),
        ]
        context.close()
    access = open_access(database)
    noted = [(entry.action, entry.detail) for entry in access.store.entries()]
    access.store.close()
    read = [detail for action, detail in noted if action == "read contacts"]
    assert {"shown on the page", "reminders"} < set(read)
    assert any(detail.startswith("links of batch") for detail in read)
    # Sealed: nothing of it is in the file of the store in clear.
    assert b"ann@uni.example" not in b"".join(path.read_bytes() for path in tmp_path.glob("a.sqlite*"))


def test_without_a_key_the_page_says_how_to_get_one(browser, tmp_path, monkeypatch):
    monkeypatch.delenv(KEY, raising=False)
    with RunningServer(f"sqlite:///{tmp_path}/a.sqlite", PATH) as server:
        context = browser.new_context(locale="en", viewport={"width": 1280, "height": 900})
        signed_in(context, server, Role.RESEARCHER)
        context.set_default_timeout(SLOW_MS)
        page = context.new_page()
        page.goto(f"{server.url}/sampling")
        page.get_by_test_id("stButtonGroup").get_by_text("Personal links", exact=True).click()
        expect(page.get_by_text("start the server with a key in SYNERGY_KEY")).to_be_visible(timeout=SLOW_MS)
        assert page.locator("input[type=file]").count() == 0
        context.close()
