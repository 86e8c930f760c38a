"""The editor's page: problems as typed, nothing kept that is unchanged, a version kept and opened."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from questionnaire.pages.editor_words import WORDS
from questionnaire.web.site import current, open_site, publish

PATH = Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml"
TEXT = PATH.read_text(encoding="utf-8")
EN = WORDS["en"]


def page():
    from questionnaire.pages import editor
    from questionnaire.web.site import current

    editor.render(current())


@pytest.fixture
def shown(tmp_path):
    publish(open_site(f"sqlite:///{tmp_path}/s.sqlite", (PATH,), "127.0.0.1"))
    found = AppTest.from_function(page, default_timeout=60).run()
    return found.selectbox[0].select("tea_breaks").run()


def test_an_unchanged_study_is_valid_and_not_kept_again(shown):
    assert not shown.exception
    assert shown.success[0].value == EN["valid"].format(items=9, pages=3, languages="en, de")
    assert EN["unchanged"] in [info.value for info in shown.info]


def test_a_problem_is_shown_with_line_and_mend_and_nothing_can_be_kept(shown):
    shown.text_area[0].set_value(TEXT.replace("scale: often5", "scale: oftn5", 1)).run()
    assert shown.error[0].value == EN["problems"].format(n=3)
    # The scale is shared by the three items of the construct, so that each of them has the problem.
    table = shown.table[0].value
    line = TEXT.splitlines().index("    scale: often5") + 1
    assert table.iloc[0]["Line"] == line
    assert "often5" in table.iloc[0]["Mend"]
    assert EN["save"] not in [button.label for button in shown.button]


def test_an_edited_study_is_kept_opened_and_served(shown):
    edited = TEXT.replace('version: "1.0"', 'version: "2.0"').replace(
        "I go home content.", "I go home happy."
    )
    shown.text_area[0].set_value(edited).run()
    # Newcomers come in to the version before, so that opening this one is what is offered.
    assert shown.checkbox[0].value
    next(button for button in shown.button if button.label == EN["save"]).click().run()
    assert not shown.exception
    assert "version 2.0" in shown.success[-1].value
    served = current().fieldings["tea_breaks"]
    assert served.study.items["MO3"].wording["en"] == "I go home happy."
    assert served.storage.field.window(served.study.content_hash).closed_at == ""


def test_a_taken_version_name_is_refused_with_the_mend(shown):
    shown.text_area[0].set_value(TEXT.replace("I go home content.", "I go home happy.")).run()
    next(button for button in shown.button if button.label == EN["save"]).click().run()
    assert 'give the edited study another name in its line "version:"' in shown.error[0].value
