"""Every page of the workbench as the framework runs it, on one real analysis of uploaded answers."""

import importlib
from pathlib import Path

import pytest
from people import session
from streamlit.testing.v1 import AppTest

from analysis.jobs import Desk, Job, State
from analysis.pages import bench, lab, path_detail, planning
from analysis.pages.words import words
from analysis.pages.workbench import PAGES
from analysis.planning.simulate import simulate
from questionnaire.loading import load_study
from questionnaire.web import site as site_module
from questionnaire.web.site import open_site, publish

PATH = Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml"
STUDY = load_study(PATH)
EN = words("en")
SECONDS = 120
CONTEXT = "streamlit.runtime.context.ContextProxy"


class DeskAtOnce:
    """Does the work in this process, once a key."""

    def __init__(self):
        self.done, self.asked = {}, []

    def ask(self, key, work, *args):
        self.asked.append(key)
        if key not in self.done:
            result = work(*args, lambda share, doing: None)
            self.done[key] = Job(None, State.DONE, 1.0, "", result)
        return self.done[key]

    def forget_failure(self, key):
        """Nothing fails here: an exception ends the test."""


class BrokenDesk(Desk):
    """A real desk whose every job fails at once, counted."""

    def __init__(self):
        super().__init__()
        self.started = 0

    def ask(self, key, work, *args):
        if key not in self._jobs:
            self.started += 1
            self._jobs[key] = Job(None, State.FAILED, error="ValueError: the reason")
        return super().ask(key, work, *args)


DESK = DeskAtOnce()


@pytest.fixture
def page(monkeypatch):
    site = open_site("memory:", (PATH,), "127.0.0.1")
    publish(site)
    cookies = {"synergy_session": session(site.access)}
    monkeypatch.setattr(f"{CONTEXT}.cookies", property(lambda _: cookies))
    monkeypatch.setattr(f"{CONTEXT}.headers", property(lambda _: {"Host": "localhost:8501"}))
    for module in (bench, lab, path_detail, planning):
        monkeypatch.setattr(module, "desk", lambda: DESK)

    def script():
        from analysis.pages import workbench

        workbench.render()

    yield AppTest.from_function(script, default_timeout=SECONDS)
    site_module._current.clear()


def export():
    table = simulate(STUDY, 150, seed=3).rename(columns={code: f"G1Q1[{code}]" for code in STUDY.items})
    return table.to_csv(index=False).encode()


def analysed(page):
    page.session_state["source"] = "upload"
    page.session_state["upload"] = ("answers.csv", export())
    page.run()
    assert not page.exception
    next(b for b in page.button if b.label == "Analyse").click()
    page.run()
    assert not page.exception
    assert "150 respondents" in page.success[0].value
    return page


def show(page, name, language="en"):
    page.session_state["page"] = name
    page.session_state[f"page in {language}"] = name
    page.run()
    assert not page.exception
    return page


def test_nothing_is_shown_of_answers_nobody_chose(page):
    for name in ("screening", "measurement", "structure", "synergy", "report", "lab"):
        assert "Nothing is analysed yet" in show(page, name).info[0].value


def test_every_page_reads_the_one_analysis(page):
    analysed(page)
    for name in ("screening", "measurement", "structure", "synergy", "report"):
        show(page, name)
        assert [header.value for header in page.header] == [words("en")(f"view_{name}")]
        assert "Synthetic data" in page.warning[0].value
    assert len([key for key in DESK.done if key[0] == "upload"]) == 1, "computed once"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_part_of_every_page_is_there_in_every_language(page, monkeypatch, language):
    analysed(page)
    headers = {"Host": "localhost:8501", "accept-language": language}
    monkeypatch.setattr(f"{CONTEXT}.headers", property(lambda _: headers))
    say = words(language)
    page.segmented_control[0].set_value(language).run()
    for name in PAGES:
        show(page, name, language)
        assert [header.value for header in page.header] == [say(f"view_{name}")]
        module = importlib.import_module(f"analysis.pages.{name}")
        for part in getattr(module, "PARTS", ()):
            page.session_state[f"part of {name} in {language}"] = part
            page.run()
            assert not page.exception, (name, part)
            control = next(c for c in page.segmented_control if c.label == say("part"))
            assert control.value == part


def test_a_path_shows_its_interval_its_draws_and_its_rival(page):
    show(analysed(page), "structure")
    model = next(box for box in page.selectbox if box.label == words("en")("model"))
    path = next(box for box in page.selectbox if box.label == words("en")("path_choose"))
    path.select(path.options[-1]).run()
    assert len(page.metric) == 4
    assert "[" in page.metric[2].value
    drawing = [b for b in page.button if b.label == words("en")("path_draw")]
    if drawing:
        drawing[0].click().run()
    assert not page.exception
    draws = next(key for key in DESK.done if "draws" in key and key[2] == model.value)
    drawn = DESK.done[draws].result
    assert len(drawn) == STUDY.rules.bootstrap_draws
    assert set(drawn.dtypes.astype(str)) == {"float32"}


def test_a_file_of_another_kind_is_answered_with_what_is_wrong(page):
    page.session_state["source"] = "upload"
    page.session_state["upload"] = ("answers.csv", b"a,b\n1,2,3\n")
    page.run()
    assert "line 2" in page.error[0].value
    assert all(button.label != "Analyse" for button in page.button)


def test_a_text_nobody_can_read_is_asked_about(page):
    page.session_state["source"] = "upload"
    page.session_state["upload"] = ("answers.csv", export().replace(b",5,", b",five,"))
    page.run()
    question = next(box for box in page.selectbox if "five" in box.label)
    question.select(5).run()
    assert not page.exception
    assert "0 answers cannot be read" in " ".join(text.value for text in page.markdown)


def test_a_failure_is_shown_and_starts_again_at_the_button_only(page, monkeypatch):
    broken = BrokenDesk()
    monkeypatch.setattr(bench, "desk", lambda: broken)
    page.session_state["source"] = "upload"
    page.session_state["upload"] = ("answers.csv", export())
    page.run()
    next(b for b in page.button if b.label == "Analyse").click().run()
    for _ in range(2):
        assert "ValueError: the reason" in page.error[0].value
        page.run()
    show(page, "measurement")
    assert "ValueError: the reason" in page.error[0].value
    assert broken.started == 1
    show(page, "data")
    next(b for b in page.button if b.label == "Analyse").click().run()
    assert broken.started == 2


def test_the_lab_points_at_the_mistake_and_fits_what_is_right(page):
    show(analysed(page), "lab")
    write(page, "A", "MOOD =< MO1")
    assert "^" in page.code[0].value
    assert button(page, "Fit").disabled
    write(page, "A", "MOOD =~ MO1 + MO2 + MO3\nMOOD ~ BREAKS")
    button(page, "Fit").click().run()
    assert not page.exception
    assert not page.error
    show(page, "synergy")
    show(page, "lab")
    assert page.text_area[0].value == "MOOD =~ MO1 + MO2 + MO3\nMOOD ~ BREAKS", "kept while pages change"
    for part, tables in (
        ("fit", 1), ("estimates", 1), ("r2", 1), ("residuals", 1), ("indices", 1), ("diagram", 0),
    ):  # fmt: skip
        choose(page, "lab part", part)
        assert not page.exception
        kinds = ("Table CSV", "Table XLSX", "Table TEX")
        assert [labels(page).count(kind) for kind in kinds] == [tables] * 3, part
    choose(page, "lab part", "code")
    assert any("library(lavaan)" in code.value for code in page.code)
    assert any("synergy fit" in code.value for code in page.code)
    write(page, "A", "MOOD =~ MO1 + MO2 + MO3")
    assert any(info.value == EN("lab_changed") for info in page.info)
    button(page, EN("lab_back")).click().run()
    assert page.text_area[0].value.endswith("MOOD ~ BREAKS")
    start = next(box for box in page.selectbox if box.label == EN("lab_start", name="A"))
    assert start.options == [EN("lab_empty"), "DIRECT", "CHAIN"]
    start.select("CHAIN").run()
    assert "indirect := a*c" in page.text_area[0].value


def test_a_press_on_a_modification_index_writes_it_into_the_text(page):
    show(analysed(page), "lab")
    button(page, "Fit").click().run()
    choose(page, "lab part", "indices")
    press = next(b for b in page.button if " · " in b.label)
    parameter = press.label.split(" · ")[0]
    press.click().run()
    assert page.text_area[0].value.splitlines()[-1] == parameter


def test_models_are_compared_in_words(page):
    analysed(page)
    choose(show(page, "lab"), "lab models", "2")
    write(page, "A", SMALL)
    write(page, "B", SMALL.replace("~ TALK", "~ 0*TALK"))
    button(page, "Fit").click().run()
    assert not page.exception
    assert any(EN("lab_test_plain") in line.value for line in page.markdown)
    write(page, "B", "MOOD =~ MO1 + MO2 + MO3")
    button(page, "Fit").click().run()
    assert any("different observed variables" in warning.value for warning in page.warning)
    choose(page, "lab models", "3")
    assert len(page.text_area) == 3


SMALL = "MOOD =~ MO1 + MO2 + MO3\nTALK =~ TA1 + TA2 + TA3\nMOOD ~ TALK"


def write(page, name, text):
    """Text into the box of a model."""
    page.text_area["ABC".index(name)].set_value(text).run()


def button(page, label):
    return next(b for b in page.button if b.label == label)


def choose(page, name, option):
    """One of the options of a control that is kept under a name."""
    page.session_state[f"{name} in en"] = option
    page.run()


def labels(page):
    """What can be taken away from a page."""
    return [button.proto.label for button in page.get("download_button")]


def test_planning_draws_power_and_names_the_command(page):
    show(page, "planning")
    page.text_input[0].set_value("none").run()
    assert "whole numbers" in page.error[0].value
    page.text_input[0].set_value("80, 160").run()
    page.number_input[0].set_value(10).run()
    next(button for button in page.button if button.label == "Simulate").click().run()
    assert not page.exception
    assert "--n 80 160 --reps 10" in page.code[-1].value
    assert {"Table CSV", "Table XLSX", "Table TEX", "Figure PNG", "Figure SVG"} <= set(labels(page))
