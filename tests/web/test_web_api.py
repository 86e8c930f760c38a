"""The API a respondent's browser calls: what is stored, what is refused, and that asking changes nothing."""

import itertools

import pytest
from asgi_call import call

from questionnaire.fielding.desk import close_study
from questionnaire.service import utc_now
from questionnaire.storage import StorageUnavailableError
from questionnaire.web.resuming import TRIES_A_CLIENT, WINDOW_SECONDS, Limiter

STEPS = "/api/tea_breaks/steps"
NUMBERS = itertools.count(1)


def step(action, **fields):
    return {"submit_id": f"submit-{next(NUMBERS):06d}", "action": action, **fields}


@pytest.fixture
def take(routes):
    def send(body, **options):
        return call(routes, "POST", STEPS, json=body, **options)

    return send


@pytest.fixture
def begun(take):
    return take(step("consent", level=0, language="en")).json()


def answers_to(view):
    return {entry["code"]: entry["options"][0]["value"] for entry in view["entries"]}


def answer_page(take, token, view, **fields):
    body = {
        "token": token,
        "base_version": view["version"],
        "page": view["index"],
        "answers": answers_to(view),
    }
    return take(step("answers", **(body | fields)))


@pytest.mark.parametrize(
    "address",
    [
        "/api/tea_breaks/view",
        "/api/tea_breaks/view?lang=de",
        "/api/tea_breaks/view?t=nobody",
        "/s/tea_breaks",
        "/s/tea_breaks?t=nobody&p=3",
        "/health",
    ],
)
def test_looking_creates_nothing(routes, site, address):
    call(routes, "GET", address)
    assert site.fieldings["tea_breaks"].storage.respondents() == ()


def test_a_whole_survey(take, begun, site):
    view, token = begun["view"], begun["token"]
    while view["kind"] == "page":
        answered = answer_page(take, token, view, timings={"shown": 3.5})
        assert answered.status == 200
        view = answered.json()["view"]
    assert view["kind"] == "finished"
    (stored,) = site.fieldings["tea_breaks"].storage.respondents()
    assert stored.finished_at
    assert stored.progress.answers["drink"] == "tea"
    assert len(stored.progress.answers) == 10


def test_the_same_step_twice_is_stored_once(take, begun, site):
    view, token = begun["view"], begun["token"]
    body = step("answers", token=token, base_version=view["version"], page=0, answers={"drink": "tea"})
    first, second = take(body).json(), take(body).json()
    assert (first["repeated"], second["repeated"]) == (False, True)
    assert first["version"] == second["version"]
    (stored,) = site.fieldings["tea_breaks"].storage.respondents()
    assert [one.page for one in stored.submissions].count("start") == 1


def test_consent_sent_twice_begins_once(take, site):
    body = step("consent", level=0, language="en")
    assert take(body).json()["token"] == take(body).json()["token"]
    assert len(site.fieldings["tea_breaks"].storage.respondents()) == 1


def test_a_stale_tab_overwrites_nothing_and_is_shown_the_present(take, begun, site):
    view, token = begun["view"], begun["token"]
    answer_page(take, token, view)
    stale = answer_page(take, token, view, answers={"drink": "coffee"})
    assert stale.status == 409
    assert stale.json()["view"]["index"] == 1
    (stored,) = site.fieldings["tea_breaks"].storage.respondents()
    assert stored.progress.answers["drink"] == "tea"


def keep(routes, token, *changes):
    return call(routes, "POST", "/api/tea_breaks/drafts", json={"token": token, "changes": changes})


def changed(code, value, **fields):
    number = next(NUMBERS)
    named = {"id": f"change-{number:06d}", "writer": "writer-0001", "page": "start", "base_version": 1}
    return named | {"code": code, "value": value, "changes": 1, "seconds": 1.5} | fields


def test_an_answer_is_kept_as_it_is_given_and_shown_wherever_one_goes_on(routes, begun, site):
    token = begun["token"]
    assert keep(routes, token, changed("drink", "other"), changed("drink_text", "mate")).json() == {
        "stale": []
    }
    view = call(routes, "GET", f"/api/tea_breaks/view?t={token}").json()["view"]
    assert (view["entries"][0]["answer"], view["entries"][0]["text"]) == ("other", "mate")
    assert set(view["kept"]) == {"drink", "drink_text"}
    assert site.fieldings["tea_breaks"].storage.load(token).progress.answers == {}


def test_sent_answers_come_before_older_drafts(routes, take, begun):
    token, view = begun["token"], begun["view"]
    keep(routes, token, changed("drink", "coffee"))
    answer_page(take, token, view)
    late = changed("drink", "coffee")
    assert keep(routes, token, late).json() == {"stale": [late["id"]]}
    seen = call(routes, "GET", f"/api/tea_breaks/view?t={token}&p=1").json()["view"]
    assert (seen["entries"][0]["answer"], seen["kept"]) == ("tea", {})


KEPT_WRONGLY = {
    "not on the page": (changed("nothing", 1), 400),
    "a page not reached": (changed("T1", 1, page="breaks"), 400),
    "no id": (changed("drink", "tea", id=""), 400),
    "an odd id": (changed("drink", "tea", follows="x y"), 400),
    "an object": (changed("drink", {"a": 1}), 400),
    "a truth value": (changed("drink", True), 400),
    "too long": (changed("drink", "x" * 2001), 400),
    "not an object": (7, 400),
}


@pytest.mark.parametrize(("change", "status"), KEPT_WRONGLY.values(), ids=KEPT_WRONGLY)
def test_what_is_no_change_of_an_answer_is_refused(routes, begun, change, status):
    assert keep(routes, begun["token"], change).status == status


def test_nothing_is_kept_after_the_end_or_for_nobody(routes, take, begun):
    finish(take, begun)
    assert keep(routes, begun["token"], changed("drink", "tea", base_version=9)).status == 409
    assert keep(routes, "nobody", changed("drink", "tea")).status == 404
    assert keep(routes, begun["token"]).status == 400


def test_wrong_answers_are_named(take, begun):
    refused = answer_page(take, begun["token"], begun["view"], answers={"drink": "petrol"})
    assert refused.status == 422
    assert refused.json()["problems"] == [{"code": "drink", "reason": "not_an_option"}]


def test_a_page_looked_back_at_shows_its_answers(routes, take, begun):
    answer_page(take, begun["token"], begun["view"])
    seen = call(routes, "GET", f"/api/tea_breaks/view?t={begun['token']}&p=1").json()["view"]
    assert (seen["index"], seen["entries"][0]["answer"]) == (0, "tea")


def test_another_language_at_any_time(take, begun):
    view = begun["view"]
    body = step("language", token=begun["token"], base_version=view["version"], language="de")
    assert take(body).json()["view"]["title"] == "Zu Beginn"


def finish(take, begun):
    view = begun["view"]
    while view["kind"] == "page":
        view = answer_page(take, begun["token"], view).json()["view"]
    return view["receipt"]


def test_a_receipt_proves_that_answers_are_stored_unchanged(routes, take, begun):
    receipt = finish(take, begun)
    typed = f" {receipt[:4].lower()}-{receipt[4:]} "
    checked = call(routes, "POST", "/api/tea_breaks/receipt", json={"receipt": typed})
    assert checked.status == 200
    proof = checked.json()
    assert (proof["unchanged"], proof["chain_whole"], proof["sequence"], proof["answers"]) == (
        True,
        True,
        1,
        10,
    )


def test_withdrawal_deletes_once_and_for_good(routes, take, begun, site):
    receipt = finish(take, begun)
    assert call(routes, "POST", "/api/tea_breaks/withdrawal", json={"receipt": receipt}).status == 200
    assert site.fieldings["tea_breaks"].storage.load(begun["token"]).progress.answers == {}
    assert call(routes, "POST", "/api/tea_breaks/withdrawal", json={"receipt": receipt}).status == 404
    assert call(routes, "POST", "/api/tea_breaks/receipt", json={"receipt": receipt}).status == 404
    seen = call(routes, "GET", f"/api/tea_breaks/view?t={begun['token']}").json()["view"]
    assert seen["kind"] == "withdrawn"


@pytest.mark.parametrize("name", ["receipt", "withdrawal"])
@pytest.mark.parametrize(
    ("body", "status"),
    [({"receipt": "A" * 99}, 400), ({"receipt": 5}, 400), ({}, 400), ({"receipt": "A"}, 404)],
)
def test_receipts_that_are_none(routes, name, body, status):
    assert call(routes, "POST", f"/api/tea_breaks/{name}", json=body).status == status


@pytest.mark.parametrize("name", ["receipt", "withdrawal"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [({"sec-fetch-site": "cross-site"}, 403), ({"content-type": "application/x-www-form-urlencoded"}, 415)],
)
def test_receipts_from_another_site_are_refused(routes, name, headers, status):
    sent = {"content-type": "application/json", **headers}
    answer = call(routes, "POST", f"/api/tea_breaks/{name}", json={"receipt": "A"}, headers=sent)
    assert answer.status == status


REFUSED = {
    "not json": ({"body": b"{"}, 400),
    "not an object": ({"body": b"[1]"}, 400),
    "deeply nested": ({"body": b"[" * 100_000}, 400),
    "too large": ({"body": b" " * 300_000}, 413),
    "a form post": ({"headers": {"content-type": "application/x-www-form-urlencoded"}}, 415),
    "another site": ({"headers": {"sec-fetch-site": "cross-site"}, "json": {}}, 403),
    "no submit id": ({"json": {"action": "consent"}}, 400),
    "unknown action": ({"json": {"submit_id": "12345678", "action": "delete"}}, 400),
    "no token": ({"json": {"submit_id": "12345678", "action": "answers"}}, 400),
    "odd token": ({"json": {"submit_id": "12345678", "action": "back", "token": 7}}, 400),
    "unknown token": ({"json": {"submit_id": "12345678", "action": "back", "token": "nobody"}}, 404),
    "unknown tier": ({"json": {"submit_id": "12345678", "action": "consent", "level": 9}}, 400),
    "unknown form": ({"json": {"submit_id": "12345678", "action": "consent", "form": "x"}}, 400),
}


@pytest.mark.parametrize(("request_", "status"), REFUSED.values(), ids=REFUSED)
def test_refused(routes, site, request_, status):
    headers = {"content-type": "application/json", **request_.get("headers", {})}
    assert call(routes, "POST", STEPS, **{**request_, "headers": headers}).status == status
    assert site.fieldings["tea_breaks"].storage.respondents() == ()


def test_an_unknown_study(routes):
    assert call(routes, "POST", "/api/none/steps", json=step("consent")).status == 404
    assert call(routes, "GET", "/api/none/view").status == 404
    assert call(routes, "GET", "/s/none").status == 404


def test_a_store_out_of_reach_is_said_and_loses_nothing(routes, take, begun, site, monkeypatch):
    fielding = site.fieldings["tea_breaks"]

    def gone(*_):
        raise StorageUnavailableError("gone")

    for name in ("load", "start", "submit", "study"):
        monkeypatch.setattr(fielding.storage, name, gone)
    failed = answer_page(take, begun["token"], begun["view"])
    assert (failed.status, failed.headers["retry-after"]) == (503, "5")
    assert call(routes, "GET", "/health").status == 503
    seen = call(routes, "GET", f"/api/tea_breaks/view?t={begun['token']}")
    assert (seen.status, seen.json()["view"]["reason"]) == (503, "unavailable")
    assert call(routes, "GET", f"/s/tea_breaks?t={begun['token']}").status == 200
    monkeypatch.undo()
    assert answer_page(take, begun["token"], begun["view"]).status == 200


def post(routes, name, **body):
    return call(routes, "POST", f"/api/tea_breaks/{name}", json=body)


def test_a_code_leads_on_from_another_device(routes, take, begun):
    code = post(routes, "code", token=begun["token"]).json()["code"]
    assert post(routes, "resume", code=f"{code[:3]}-{code[3:].lower()}").json() == {"token": begun["token"]}
    assert post(routes, "code", token="nobody").status == 404
    assert post(routes, "code", token=7).status == 400
    finish(take, begun)
    assert post(routes, "code", token=begun["token"]).status == 409
    assert post(routes, "resume", code=code).status == 404


def test_codes_cannot_be_guessed_at_will(routes):
    tries = [post(routes, "resume", code=f"WRONG{number:04d}").status for number in range(TRIES_A_CLIENT + 2)]
    assert tries == [404] * TRIES_A_CLIENT + [429, 429]


def test_a_limit_is_lifted_by_waiting_and_holds_for_all_together():
    now = [0.0]
    limiter = Limiter(2, 3, lambda: now[0])
    assert [limiter.allows(who) for who in ("a", "a", "a", "b", "c")] == [True, True, False, True, False]
    now[0] = WINDOW_SECONDS
    assert limiter.allows("a")


def test_consent_is_lowered_with_the_receipt_only(routes, take, begun):
    receipt = finish(take, begun)
    assert post(routes, "tier", receipt=receipt, level=0).json() == {"level": 0}
    assert post(routes, "tier", receipt=receipt, level=9).status == 409
    assert post(routes, "tier", receipt=receipt, level="0").status == 409
    assert post(routes, "tier", receipt="nobody", level=0).status == 404
    assert post(routes, "profile", receipt=receipt).json() == {"error": "no_profile"}


def test_what_is_allowed_is_seen_and_taken_back_in_the_middle(routes, take, begun, site):
    token = begun["token"]

    def look(**body):
        return call(routes, "POST", "/api/tea_breaks/data-use", json=body)

    seen = look(token=token).json()
    assert seen["level"] == 0
    assert min(tier["value"] for tier in seen["tiers"]) == 0
    assert all(tier["label"] for tier in seen["tiers"])
    stored = take(step("tier", token=token, base_version=seen["version"], level=0))
    assert (stored.status, stored.json()["view"]["kind"]) == (200, "page")
    assert take(step("tier", token=token, base_version=seen["version"], level=0)).status == 409
    assert take(step("tier", token=token, base_version=seen["version"] + 1, level=9)).status == 400
    assert [look(token=wrong).status for wrong in ("nobody", 7, "x" * 65)] == [404, 400, 400]
    gone = take(step("withdraw", token=token)).json()
    assert gone["view"]["kind"] == "withdrawn"
    assert look(token=token).status == 409
    assert site.fieldings["tea_breaks"].storage.respondents()[0].submissions == ()


def test_a_step_stored_is_acknowledged_though_the_study_was_closed_meanwhile(take, begun, site):
    fielding = site.fieldings["tea_breaks"]
    close_study(fielding.storage, fielding.study, utc_now(), lets_finish=False)
    stored = take(step("tier", token=begun["token"], base_version=1, level=0))
    assert (stored.status, stored.json()["view"]["reason"]) == (200, "closed")
