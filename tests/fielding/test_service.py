"""From a request to an acknowledgement: what the API and both shells call."""

import json
from dataclasses import replace

import pytest
from small_study import STUDY

from questionnaire.exchange.table import answers_table, completed
from questionnaire.journey import JourneyError, Status
from questionnaire.ledger import new_seal
from questionnaire.request import RequestError, read_request
from questionnaire.service import Fielding
from questionnaire.storage import StaleVersionError, Submission, UnknownTokenError, connect


@pytest.fixture
def fielding():
    times = iter(f"2026-01-01T00:00:{second:02d}.000Z" for second in range(60))
    opened = Fielding(STUDY, "the file", connect("memory:"), clock=lambda: next(times))
    opened.open()
    return opened


def request(action, number, **fields):
    body = {"submit_id": f"submit-{number:04d}", "action": action, **fields}
    return read_request(json.loads(json.dumps(body)))


def test_looking_stores_nothing(fielding):
    assert fielding.welcome("zh-CN")["kind"] == "consent"
    assert fielding.storage.respondents() == ()


def test_a_survey_from_consent_to_table(fielding):
    token = fielding.consent(request("consent", 0, level=1, language="en", wave="w1")).token
    number = 0
    while (shown := fielding.see(token))["kind"] == "page":
        number += 1
        answers = {e["code"]: e["options"][-1]["value"] for e in shown["entries"] if e["options"]}
        answers |= {"adult": "yes", "platform": "douyin", "forms": ["live", "goods"]} if number == 1 else {}
        step = {"base_version": shown["version"], "page": shown["index"], "answers": answers}
        fielding.step(token, request("answers", number, **step, timings={"shown": 2.0}))
    assert shown["kind"] == "finished"
    table = answers_table(STUDY, completed(fielding.storage.respondents()))
    assert len(table) == 1
    row = table.iloc[0]
    assert (row["platform"], row["forms"], row["language"], row["wave"]) == (
        "douyin",
        "live;goods",
        "en",
        "w1",
    )
    assert row[list(STUDY.items)].tolist() == [5] * len(STUDY.items)
    assert row["seconds_total"] == 2.0 * shown_pages(row)
    assert row["respondent"] != token
    position, *elements = row["order_outcome"].split(" ")
    assert int(position) in range(2, 7)
    assert elements == ["OUT1", "OUT2", "OUT3", "OUT4"]


def test_a_receipt_proves_checks_and_withdraws(fielding):
    token = fielding.consent(request("consent", 0, level=1, language="en")).token
    number = 0
    while (shown := fielding.see(token))["kind"] == "page":
        number += 1
        answers = {"adult": "yes", "platform": "douyin"} if number == 1 else {}
        step = {"base_version": shown["version"], "page": shown["index"], "answers": answers}
        fielding.step(token, request("answers", number, **step, skip_unanswered=True))
    receipt = shown["receipt"]
    found = fielding.check_receipt(f"{receipt[:8].lower()}-{receipt[8:]}")
    assert (found.sequence, found.entries, found.answers) == (1, 1, 2)
    assert found.unchanged
    assert found.chain_whole
    assert found.head == fielding.storage.ledger(STUDY.code)[-1].hash
    fielding.withdraw(receipt)
    assert fielding.see(token)["kind"] == "withdrawn"
    assert completed(fielding.storage.respondents()) == []
    with pytest.raises(UnknownTokenError):
        fielding.check_receipt(receipt)


def test_changed_answers_are_found_out(fielding):
    token = fielding.consent(request("consent", 0, level=0, language="en")).token
    stored = fielding.storage.load(token)
    after = replace(stored.progress, status=Status.FINISHED, answers={"AAA1": 3}, version=2)
    seal = new_seal(after.study_hash, {"AAA1": 4})
    fielding.storage.submit(token, Submission("finish-1", 1, "outcome"), after, seal)
    assert not fielding.check_receipt(seal.receipt).unchanged


def shown_pages(row):
    return sum(name.startswith("order_") for name in row.index)


def test_a_double_click_on_consent_makes_one_respondent(fielding):
    first = fielding.consent(request("consent", 0, level=0, language="en"))
    second = fielding.consent(request("consent", 0, level=0, language="en"))
    assert (first.token, second.repeated) == (second.token, True)


def test_a_retry_is_acknowledged_and_a_stale_tab_is_not(fielding):
    token = fielding.consent(request("consent", 0, level=0, language="en")).token
    step = {"base_version": 1, "page": 0, "answers": {"adult": "yes", "platform": "douyin"}}
    first = fielding.step(token, request("answers", 1, **step))
    assert fielding.step(token, request("answers", 1, **step)).version == first.version
    with pytest.raises(StaleVersionError):
        fielding.step(token, request("answers", 2, **step))


def test_an_unknown_form_is_refused(fielding):
    with pytest.raises(JourneyError) as caught:
        fielding.consent(request("consent", 0, level=0, language="en", form="epic"))
    assert caught.value.code == "unknown_form"


def test_a_withdrawn_tier_leaves_its_answers_out_of_the_table(fielding):
    token = fielding.consent(request("consent", 0, level=1, language="en")).token
    stored = fielding.storage.load(token)
    answered = replace(stored.progress, answers={"age": 40, "AAA1": 2}, consent_level=0)
    table = answers_table(STUDY, [replace(stored, progress=answered)])
    assert table.loc[0, "AAA1"] == 2
    assert table["age"].isna().all()


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"submit_id": "short", "action": "answers"},
        {"submit_id": "x" * 65, "action": "answers"},
        {"submit_id": "../../etc/passwd", "action": "answers"},
        {"submit_id": "submit-0001", "action": "drop"},
        {"submit_id": "submit-0001", "action": "answers", "page": "1"},
        {"submit_id": "submit-0001", "action": "answers", "page": True},
        {"submit_id": "submit-0001", "action": "answers", "answers": []},
        {"submit_id": "submit-0001", "action": "answers", "answers": {str(n): 1 for n in range(501)}},
        {"submit_id": "submit-0001", "action": "language", "language": "x" * 65},
    ],
)
def test_requests_of_another_form_are_refused(body):
    with pytest.raises(RequestError):
        read_request(body)


def test_impossible_times_are_left_out():
    body = {"submit_id": "submit-0001", "action": "answers", "timings": {"shown": -3, "x": "y", "ok": 1}}
    assert read_request(body).timings == {"ok": 1.0}
