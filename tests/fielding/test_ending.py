"""Review, consent taken back, profile, panel and codes: what comes around the end of a survey."""

import itertools
from dataclasses import replace

import pytest
from small_study import STUDY

from questionnaire import journey, panel
from questionnaire.fielding.desk import close_study
from questionnaire.instrument import Dimension
from questionnaire.journey import JourneyError, Status
from questionnaire.profile import FEWEST, counted, dimension_scores, mean_scores
from questionnaire.request import Request
from questionnaire.resume_code import CODE_LENGTH, digest, new_code
from questionnaire.service import Fielding, utc_now
from questionnaire.storage import UnknownTokenError, connect
from questionnaire.study_file.writing import content_hash

NUMBERS = itertools.count(1)
ADDRESS = "https://panel.example/done?id={PID}&s={SESSION}"


def variant(**fields):
    changed = replace(STUDY, **fields)
    return replace(changed, content_hash=content_hash(changed))


REVIEWED = variant(review=True, redirect=ADDRESS)
DIMENSION = Dimension("D", {"en": "D", "zh-CN": "维"}, (STUDY.constructs[0].code,))
PROFILED = variant(dimensions=(DIMENSION,), profile=True)


@pytest.fixture
def fielding(request):
    opened = Fielding(getattr(request, "param", REVIEWED), "text", connect("memory:"))
    opened.open()
    return opened


def ask(action, **fields):
    return Request(f"submit-{next(NUMBERS):06d}", action, **fields)


def begin(fielding, **fields):
    return fielding.consent(ask("consent", level=1, language="en", form="long", **fields)).token


def answer(fielding, token, pick=1):
    """Send the page the respondent is at."""
    shown = fielding.see(token)
    given = {}
    for entry in shown["entries"]:
        if entry["kind"] == "rating":
            given[entry["code"]] = pick
        elif entry["kind"] in ("single", "multiple"):
            value = entry["options"][0]["value"]
            given[entry["code"]] = (value,) if entry["kind"] == "multiple" else value
        elif entry["kind"] == "number":
            given[entry["code"]] = 30
    request = ask("answers", base_version=shown["version"], page=shown["index"], answers=given)
    fielding.step(token, request)
    return given


def to_the_end(fielding, token, pick=1):
    while fielding.see(token)["kind"] == "page":
        answer(fielding, token, pick)


def send(fielding, token):
    fielding.step(token, ask("send", base_version=fielding.see(token)["version"]))


def test_nothing_is_sent_before_the_review_is(fielding):
    token = begin(fielding)
    to_the_end(fielding, token)
    shown = fielding.see(token)
    assert (shown["kind"], "receipt" in shown) == ("review", False)
    said = {one["wording"]: one["answer"] for page in shown["pages"] for one in page["answers"]}
    assert said["Which platform?"] == "Douyin"
    assert len(shown["pages"]) == shown["total"]
    send(fielding, token)
    assert fielding.see(token)["kind"] == "finished"
    assert fielding.see(token)["receipt"]


def test_who_corrects_a_page_in_the_review_comes_back_to_it(fielding):
    token = begin(fielding)
    to_the_end(fielding, token)
    shown = fielding.see(token, 1)
    assert (shown["kind"], shown["index"]) == ("page", 1)
    code = shown["entries"][0]["code"]
    given = {entry["code"]: entry["answer"] for entry in shown["entries"]} | {code: 5}
    fielding.step(token, ask("answers", base_version=shown["version"], page=1, answers=given))
    assert fielding.see(token)["kind"] == "review"
    assert fielding.storage.load(token).progress.answers[code] == 5


def test_only_a_review_can_be_sent(fielding):
    token = begin(fielding)
    with pytest.raises(JourneyError, match="before the answers can be sent"):
        send(fielding, token)
    with pytest.raises(JourneyError):
        journey.send(STUDY, journey.begin(STUDY, form="long", language="en", seed=1))


def test_a_panel_gets_back_its_ids_and_nothing_else_is_kept(fielding):
    token = begin(fielding, panel={"PID": "a b&c", "SESSION": "9", "name": "Ann", "t": "x"})
    assert fielding.storage.load(token).progress.panel == {"PID": "a b&c", "SESSION": "9"}
    assert "redirect" not in fielding.see(token)
    to_the_end(fielding, token)
    assert "redirect" not in fielding.see(token)
    send(fielding, token)
    assert fielding.see(token)["redirect"] == "https://panel.example/done?id=a%20b%26c&s=9"


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("https://a.example/x?id={PID}", ""),
        ("http://a.example/", "https"),
        ("https://{PID}.example/", "the site's name"),
        ("https://a.example/?t={t}", '"t"'),
        ("https://a.example/?x={", "brace"),
        ("https://[", "not a web address"),
        ("javascript:alert(1)", "https"),
    ],
)
def test_addresses_to_go_on_to(address, wrong):
    found = panel.fault(address)
    assert wrong in found
    assert bool(found) == bool(wrong)


@pytest.mark.parametrize("value", ["", "x" * 129, 7, None])
def test_what_is_no_id_is_not_kept(value):
    assert panel.kept(panel.parameters(ADDRESS), {"PID": value, "OTHER": "x"}) == {}
    assert panel.filled(ADDRESS, {}) == "https://panel.example/done?id=&s="


def test_consent_is_taken_back_step_by_step_and_stays_on_record(fielding):
    token = begin(fielding)
    to_the_end(fielding, token)
    send(fielding, token)
    before = fielding.storage.respondents()[0]
    fielding.lower_tier(before.receipt, 0)
    fielding.lower_tier(before.receipt, 0)
    after = fielding.storage.respondents()[0]
    assert (after.progress.consent_level, after.finished_at) == (0, before.finished_at)
    assert after.progress.answers == before.progress.answers
    assert [s.answers for s in after.submissions[len(before.submissions) :]] == [{"consent_level": 0}]
    checked = fielding.check_receipt(before.receipt)
    assert (checked.level, checked.unchanged, checked.chain_whole) == (0, True, True)
    with pytest.raises(JourneyError):
        fielding.lower_tier(before.receipt, 1)
    with pytest.raises(UnknownTokenError):
        fielding.lower_tier("nobody", 0)


SIMPLE = variant()


@pytest.mark.parametrize("fielding", [SIMPLE, REVIEWED], indirect=True)
@pytest.mark.parametrize("pages", [0, 2, 99])
def test_consent_is_taken_back_in_the_middle_and_the_place_is_kept(fielding, pages):
    token = begin(fielding)
    while pages and (shown := fielding.see(token))["kind"] == "page" and shown["index"] + 1 < shown["total"]:
        answer(fielding, token)
        pages -= 1
    before = fielding.see(token)
    last = before["index"] + 1 == before["total"]
    step = ask("tier", base_version=before["version"], level=0)
    assert fielding.step(token, step).version == before["version"] + 1
    assert fielding.step(token, step).repeated
    after = fielding.see(token)
    assert after["total"] == before["total"] - 1
    if last and fielding.study.review:
        assert after["kind"] == "review"
    else:
        # Taking consent back sends nothing: at the end of what is left one is still asked.
        assert (after["kind"], after["index"]) == ("page", before["index"] - last)
        assert last or [e["code"] for e in after["entries"]] == [e["code"] for e in before["entries"]]
    stored = fielding.storage.load(token)
    assert (stored.progress.consent_level, stored.progress.status) == (0, Status.ASKING)
    with pytest.raises(JourneyError, match="no tier below"):
        fielding.step(token, ask("tier", base_version=after["version"], level=1))


@pytest.mark.parametrize("closed", [False, True])
def test_everything_is_deleted_in_the_middle_also_of_a_closed_study(fielding, closed):
    token = begin(fielding)
    answer(fielding, token)
    if closed:
        close_study(fielding.storage, fielding.study, utc_now(), lets_finish=False)
    # From an old page as well: what is to go is everything.
    acks = [fielding.step(token, ask("withdraw", base_version=base)) for base in (1, 7)]
    assert [(ack.version, ack.repeated) for ack in acks] == [(3, False), (3, True)]
    [gone] = fielding.storage.respondents()
    assert (gone.progress.status, gone.progress.answers, gone.submissions) == (Status.WITHDRAWN, {}, ())
    assert fielding.see(token)["kind"] == "withdrawn"


def test_consent_is_taken_back_in_a_study_closed_to_everyone(fielding):
    token = begin(fielding)
    close_study(fielding.storage, fielding.study, utc_now(), lets_finish=False)
    fielding.step(token, ask("tier", base_version=1, level=0))
    assert fielding.storage.load(token).progress.consent_level == 0
    with pytest.raises(JourneyError, match="closed"):
        fielding.step(token, ask("back", base_version=2))


@pytest.mark.parametrize("fielding", [PROFILED], indirect=True)
def test_a_profile_is_shown_from_twenty_on(fielding):
    receipts = []
    for number in range(FEWEST + 1):
        token = begin(fielding)
        to_the_end(fielding, token, pick=1 + number % 2)
        receipts.append(fielding.see(token)["receipt"])
        if number < FEWEST - 1:
            with pytest.raises(JourneyError) as caught:
                fielding.profile(receipts[0])
            assert caught.value.code == "too_few"
    (first,), people = fielding.profile(receipts[0])
    (second,), _ = fielding.profile(receipts[1])
    # Half chose point 1 and half point 2 of 5: 0 and 25 percent of the maximum, or reversed 100 and 75.
    assert (first.own, second.own, first.mean, people) == (0, 25, 12.5, FEWEST)


def test_no_profile_where_the_study_shows_none(fielding):
    token = begin(fielding)
    to_the_end(fielding, token)
    send(fielding, token)
    with pytest.raises(JourneyError, match="no profiles"):
        fielding.profile(fielding.see(token)["receipt"])


def test_reversed_items_are_turned_and_too_few_answers_give_no_score():
    construct = PROFILED.constructs[0]
    items = tuple(replace(item, reverse=number == 0) for number, item in enumerate(construct.items))
    study = variant(
        constructs=(replace(construct, items=items), *STUDY.constructs[1:]), dimensions=(DIMENSION,)
    )
    start = journey.begin(study, form="long", language="en", seed=1)
    asked = journey.consent(study, start, 1)
    codes = [item.code for item in items]
    whole = replace(asked, answers=dict.fromkeys(codes, 1))
    assert dimension_scores(study, whole) == {"D": 25.0}
    assert dimension_scores(study, replace(asked, answers={codes[0]: 1})) == {"D": None}
    assert mean_scores(study, [whole] * (FEWEST - 1)) == {"D": None}
    assert mean_scores(study, [whole] * FEWEST) == {"D": 25.0}


@pytest.mark.parametrize(("finished", "people"), [(0, 0), (19, 0), (20, 20), (39, 20), (40, 40)])
def test_the_mean_moves_in_steps(finished, people):
    assert counted(finished) == people


def test_a_code_leads_back_until_the_end_and_a_new_one_ends_the_last(fielding):
    token = begin(fielding)
    first, second = fielding.resume_code(token), fielding.resume_code(token)
    assert fielding.resume(f" {second[:3].lower()}-{second[3:]} ") == token
    for wrong in (first, "", "ABC"):
        with pytest.raises(UnknownTokenError):
            fielding.resume(wrong)
    other = replace(PROFILED, code="another")
    elsewhere = Fielding(other, "text", fielding.storage)
    with pytest.raises(UnknownTokenError):
        elsewhere.resume(second)
    to_the_end(fielding, token)
    send(fielding, token)
    assert fielding.storage.load(token).progress.status is Status.FINISHED
    with pytest.raises(UnknownTokenError):
        fielding.resume(second)
    with pytest.raises(JourneyError):
        fielding.resume_code(token)


def test_codes_are_long_enough_and_stored_only_as_their_digest():
    assert 31**CODE_LENGTH > 2**40
    code = new_code()
    assert len({new_code() for _ in range(200)}) == 200
    assert code not in digest(code)
    assert digest(code) == digest(f"{code[:3]} {code[3:].lower()}")
