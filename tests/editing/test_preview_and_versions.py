"""Previews of studies nobody has kept, and edited text that becomes a version."""

from pathlib import Path

import pytest

from questionnaire.editing.preview import KEPT, Previews, preview, preview_pages
from questionnaire.editing.versions import VersionError, checked_version, difference
from questionnaire.loading import StudyError, load_study, parse_study
from questionnaire.web.site import open_site

PATH = Path(__file__).parents[2] / "data" / "studies" / "social_capital.yaml"
TEA = PATH.with_name("tea_breaks.yaml")
STUDY = load_study(PATH)
TEXT = TEA.read_text(encoding="utf-8")
EDITED = TEXT.replace('version: "1.0"', 'version: "1.1"').replace("I go home content.", "I go home happy.")


@pytest.mark.parametrize("language", STUDY.languages)
@pytest.mark.parametrize("form", [form.code for form in STUDY.forms])
def test_every_page_can_be_looked_at_with_its_pipes_filled(language, form):
    pages = preview_pages(STUDY, form)
    for place, code in enumerate(pages):
        shown = preview(STUDY, form, language, place)
        assert (shown["code"], shown["index"], shown["language"]) == (code, place, language)
        assert "{platform}" not in "".join(entry["wording"] for entry in shown["entries"])
        assert all(entry["answer"] is None for entry in shown["entries"])
    assert preview(STUDY, form, language, 10_000)["code"] == pages[-1]


def test_old_previews_make_room():
    previews = Previews()
    first = previews.put(STUDY)
    keys = [previews.put(STUDY) for _ in range(KEPT)]
    assert previews.get(first) is None
    assert previews.put(STUDY, keys[0]) == keys[0]
    previews.put(STUDY)
    assert previews.get(keys[0]) is STUDY
    assert previews.get(keys[1]) is None


@pytest.fixture
def site(tmp_path):
    file = tmp_path / "tea.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return open_site(f"sqlite:///{tmp_path}/s.sqlite", (file,), "127.0.0.1")


def test_text_without_a_change_or_under_a_taken_name_is_refused(site):
    with pytest.raises(VersionError, match=r"nothing has changed.*version 1\.0"):
        checked_version(site.storage, TEXT + "\n# a remark\n")
    with pytest.raises(
        VersionError, match=r"version '1\.0' of tea_breaks is in the store with other content"
    ):
        checked_version(site.storage, EDITED.replace('"1.1"', '"1.0"'))
    with pytest.raises(StudyError):
        checked_version(site.storage, "code: nothing")
    assert checked_version(site.storage, EDITED).version == "1.1"


def test_an_adopted_version_is_served_and_stays_after_a_restart(site, tmp_path):
    before = site.fieldings["tea_breaks"]
    adopted = site.adopt(EDITED, opens=True)
    assert site.fieldings["tea_breaks"] is adopted
    assert difference(before.study, adopted.study).content
    assert not difference(before.study, adopted.study).plan
    field = site.storage.field
    assert field.window(before.study.content_hash).closed_at
    assert field.window(adopted.study.content_hash).closed_at == ""
    again = open_site(site.database, (tmp_path / "tea.yaml",), "127.0.0.1")
    assert again.fieldings["tea_breaks"].study.version == "1.1"


def test_a_study_made_here_is_served_where_no_files_are_named(site):
    made = EDITED.replace("code: tea_breaks", "code: coffee_breaks")
    site.adopt(made)
    everything = open_site(site.database, (), "127.0.0.1", opens=False)
    assert {"coffee_breaks", "tea_breaks", "social_capital"} <= set(everything.fieldings)
    assert parse_study(made, "made").content_hash == everything.fieldings["coffee_breaks"].study.content_hash
