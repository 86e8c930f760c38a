"""Starting the server: what it loads, prints, refuses and leaves out of its log."""

import csv
import resource
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from running_server import RunningServer

from questionnaire.exchange.intake import take_in
from questionnaire.loading import load_study
from questionnaire.web import server
from questionnaire.web.jobs import FORMATS, answers_file, in_own_process
from questionnaire.web.site import open_site

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "data" / "studies" / "tea_breaks.yaml"

# numpy and pandas are the framework's requirements and come with some of its elements, never with the survey.
HEAVY = {
    "pandas",
    "numpy",
    "scipy",
    "pyarrow",
    "semopy",
    "pingouin",
    "sklearn",
    "factor_analyzer",
    "numba",
    "analysis",
    "argon2",
    "cryptography",
}


def modules_after(code: str) -> set[str]:
    program = f"{code}\nimport sys\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    out = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=STUDY.parents[2]
    )
    return set(out.stdout.split())


def test_the_light_path_loads_neither_statistics_nor_the_page_framework():
    loaded = modules_after("import questionnaire.web.server, questionnaire.web.light, questionnaire.web.api")
    assert not loaded & (HEAVY | {"streamlit"})


def test_the_application_loads_no_statistics():
    loaded = modules_after(
        "import app; from questionnaire.web.site import open_site; "
        "app.create(open_site('memory:', (), '127.0.0.1'))"
    )
    assert "streamlit" in loaded
    assert not loaded & HEAVY


def test_the_answers_leave_by_a_process_of_their_own(tmp_path):
    database = f"sqlite:///{tmp_path / 'answers.sqlite'}"
    open_site(database, (STUDY,), "127.0.0.1")
    text = in_own_process(answers_file, database, "tea_breaks", ".csv", "en").decode("utf-8-sig")
    assert text.startswith("respondent,wave,language")
    with pytest.raises(LookupError, match="no study 'none'"):
        in_own_process(answers_file, database, "none", ".csv", "en")


@pytest.mark.parametrize("ending", FORMATS)
def test_answers_leave_in_every_format_and_without_free_text_where_it_may_not_be_read(ending, tmp_path):
    database = f"sqlite:///{tmp_path / 'answers.sqlite'}"
    site = open_site(database, (STUDY,), "127.0.0.1")
    row = dict.fromkeys(load_study(STUDY).items, 3)
    row |= {"respondent": "p1", "drink": "other", "drink_text": "Mate of Ann", "consent_level": 0}
    intake = take_in(load_study(STUDY), [row], "2026-01-01T00:00:00.000Z")
    site.fieldings["tea_breaks"].storage.bring_in(intake.respondents)

    def columns(free_text):
        path = tmp_path / f"a{ending}"
        path.write_bytes(answers_file(database, "tea_breaks", ending, "de", free_text=free_text))
        match ending:
            case ".csv":
                return pd.read_csv(path)
            case ".xlsx":
                return pd.read_excel(path)
            case ".parquet":
                return pd.read_parquet(path)
            case ".sav":
                return pd.read_spss(path, convert_categoricals=False)
            case _:
                root = ElementTree.parse(path).getroot()
                return pd.DataFrame(columns=[v.get("name") for v in root.iter() if v.tag.endswith("}var")])

    whole, plain = columns(True), columns(False)
    assert {"BR1", "drink"} <= set(plain.columns) <= set(whole.columns)
    assert "drink_text" not in plain.columns
    if ending != ".xml":
        assert whole["drink_text"].tolist() == ["Mate of Ann"]
        assert whole["BR1"].tolist() == [3]


@pytest.mark.parametrize("typed", ['=HYPERLINK("http://evil","x")', "+1", "-1", "@x"])
def test_downloaded_answers_hold_no_formulas(typed, tmp_path):
    database = f"sqlite:///{tmp_path / 'answers.sqlite'}"
    site = open_site(database, (STUDY,), "127.0.0.1")
    now = "2026-01-01T00:00:00.000Z"
    row = dict.fromkeys(load_study(STUDY).items, 3)
    row |= {"respondent": "p1", "drink": "other", "drink_text": typed, "consent_level": 0}
    intake = take_in(load_study(STUDY), [row], now)
    assert intake.problems == ()
    site.fieldings["tea_breaks"].storage.bring_in(intake.respondents)
    text = answers_file(database, "tea_breaks", ".csv", "en").decode("utf-8-sig")
    (written,) = csv.DictReader(text.splitlines())
    assert written["drink_text"] == f"'{typed}"


def test_a_taken_port_is_an_error_that_names_it():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"127.0.0.1:{port}.*choose another"):
            server.serve("memory:", port, studies=[STUDY])


def test_the_limit_of_open_files_is_raised():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    places = server.raise_descriptor_limit()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert soft == min(hard, server.DESCRIPTORS_WANTED) or soft == before[0]
    assert places == soft // server.DESCRIPTORS_A_RESPONDENT


@pytest.mark.parametrize(("host", "demo", "shown"), [("127.0.0.1", "1", True), ("0.0.0.0", "1", False)])
def test_the_announcement_says_who_reaches_what(host, demo, shown, monkeypatch):
    monkeypatch.setenv("SYNERGY_DEMO", demo)
    site = open_site("memory:", (STUDY,), host)
    text = server.announcement(site, host, 8501, 256, "one-time")
    assert ":8501/welcome/one-time" in text
    assert ("/workbench  (from this machine, without an account)" in text) is shown
    assert ":8501/respond?study=tea_breaks" in text
    assert "/welcome/" not in server.announcement(site, host, 8501, 256, None)


def test_a_running_server(tmp_path):
    with RunningServer(f"sqlite:///{tmp_path / 'answers.sqlite'}", STUDY) as running:
        with urllib.request.urlopen(f"{running.url}/respond?study=tea_breaks&t=secret-token") as response:
            page = response.read().decode()
            assert "font-src 'none'" in response.headers["Content-Security-Policy"]
        assert "<title>Tea breaks at work</title>" in page
        script = page.split('src="./static/', 1)[1].split('"', 1)[0]
        zipped = {"Accept-Encoding": "gzip"}
        request = urllib.request.Request(f"{running.url}/static/{script}", headers=zipped)
        with urllib.request.urlopen(request) as response:
            assert response.headers["Content-Encoding"] == "gzip"
        for path, status in (("/_stcore/metrics", "404"), ("/static/../../../pyproject.toml", "400")):
            with pytest.raises(urllib.error.HTTPError, match=status) as refused:
                urllib.request.urlopen(running.url + path)
            refused.value.close()
        # An exit of its own accord: exit handlers have run, and with them the end of worker processes.
        running.process.terminate()
        assert running.process.wait(20) == 0
    assert "secret-token" not in running.log()
    assert "synergy is serving" in running.log()
