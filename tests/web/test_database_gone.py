"""The database goes away under a running server and comes back: said plainly, nothing half, no restart."""

import itertools
import json
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from database_faults import FullDisk, StoppedPostgres
from people import session
from running_server import RunningServer

from questionnaire.access.connect import open_access
from questionnaire.access.roles import Role
from questionnaire.storage import connect
from questionnaire.storage.remembered import SECONDS
from questionnaire.web.cookies import SESSION
from questionnaire.wording import wording

TEA = Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml"
NUMBERS = itertools.count(1)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def faulty(request, tmp_path):
    """A running server and the fault its database will have."""
    if request.param == "sqlite":
        postgres, where, fault = None, f"sqlite:///{tmp_path}/a.sqlite", FullDisk
    else:
        postgres = request.getfixturevalue("own_postgres")
        where, fault = postgres.url, StoppedPostgres
    with RunningServer(where, TEA) as server:
        yield server, fault(postgres, server)


def ask(server, path, body=None, cookie=""):
    """Status and body of a request, whatever the status."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin", "Cookie": cookie}
    request = urllib.request.Request(f"{server.url}{path}", data, headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def step(action, **fields):
    return {"submit_id": f"submit-{next(NUMBERS):06d}", "action": action, **fields}


def change(code, value):
    number = f"{next(NUMBERS):08d}"
    ids = {"id": f"change-{number}", "writer": "writer-01", "base_version": 1, "follows": ""}
    return ids | {"page": "opening_1", "code": code, "value": value}


def begin(server):
    status, text = ask(server, "/api/tea_breaks/steps", step("consent", level=0, language="en"))
    assert status == 200
    begun = json.loads(text)
    return begun["token"], begun["view"]


def test_steps_and_answers_are_refused_whole_and_taken_when_it_is_back(faulty):
    server, fault = faulty
    token, view = begin(server)
    entry = view["entries"][0]
    kept = {"token": token, "changes": [change(entry["code"], entry["options"][0]["value"])]}
    kept["changes"][0]["page"] = view["code"]
    answers = {e["code"]: e["options"][0]["value"] for e in view["entries"]}
    sent = step("answers", token=token, base_version=view["version"], page=0, answers=answers)
    consent = step("consent", level=0, language="en")
    withdrawal = step("withdraw", token=token)
    fault.begin()
    for path, body in [("drafts", kept), ("steps", sent), ("steps", consent), ("steps", withdrawal)]:
        status, text = ask(server, f"/api/tea_breaks/{path}", body)
        assert (status, json.loads(text)) == (503, {"error": "unavailable"}), path
    fault.end()
    store = connect(server.database)
    [stored] = store.respondents()
    assert (stored.progress.version, stored.drafts, len(stored.submissions)) == (1, (), 1)
    for path, body in [("drafts", kept), ("steps", sent), ("steps", sent), ("steps", consent)]:
        assert ask(server, f"/api/tea_breaks/{path}", body)[0] == 200, path
    first, second = store.respondents()
    assert (first.progress.version, len(first.drafts), len(first.submissions)) == (2, 1, 2)
    assert second.progress.version == 1
    store.close()


@pytest.mark.postgres
def test_every_page_says_so_in_the_readers_language(own_postgres):
    with RunningServer(own_postgres.url, TEA) as server:
        token, _ = begin(server)
        access = open_access(server.database)
        cookie = f"{SESSION}={session(access, Role.OWNER)}"
        access.store.close()
        own_postgres.stop()
        # Until then a newcomer may be shown the consent page from what was read a moment ago.
        time.sleep(SECONDS)
        for language in ("en", "de"):
            words = wording(language)["unavailable"]
            for query in (f"lang={language}", f"lang={language}&t={token}", f"lang={language}&i=secret"):
                status, text = ask(server, f"/api/tea_breaks/view?{query}")
                shown = json.loads(text)["view"]
                assert (status, shown["kind"], shown["words"][shown["reason"]]) == (503, "problem", words)
                status, text = ask(server, f"/s/tea_breaks?{query}")
                assert status == 200
                assert '"reason":"unavailable"' in text
        assert ask(server, "/health")[0] == 503
        for path in ("code", "data-use"):
            assert ask(server, f"/api/tea_breaks/{path}", {"token": token})[0] == 503
        for path in ("receipt", "profile", "withdrawal"):
            assert ask(server, f"/api/tea_breaks/{path}", {"receipt": "ABCD"})[0] == 503
        assert ask(server, "/api/tea_breaks/resume", {"code": "ABCDEFGHI"})[0] == 503
        # No page of the house falls over: it says what is, or shows the door.
        for path in ("/", "/console", "/sampling", "/sign-in", "/respond?study=tea_breaks"):
            status, text = ask(server, path, cookie=cookie)
            assert status in (200, 503), path
            assert "Traceback" not in text
        own_postgres.start()
        assert ask(server, "/health")[0] == 200
        status, text = ask(server, f"/api/tea_breaks/view?t={token}")
        assert (status, json.loads(text)["view"]["kind"]) == (200, "page")
    assert "Traceback" not in server.log()
