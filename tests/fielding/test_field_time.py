"""Opening and closing, who may come in, and what a plan stored at opening says later."""

from dataclasses import replace

import pytest
from small_study import LATER_VERSION, STUDY
from test_service import request

from questionnaire.admission.invitations import InvitationError, letters_csv, qr_svg, rows_csv, to_remind
from questionnaire.admission.quota import QuotaError, check_cell, read_where
from questionnaire.admission.window import Access, Window, WindowError, in_force, moment, refusal
from questionnaire.fielding.desk import close_study, invite, invite_again, open_study, plan_at_opening
from questionnaire.journey import JourneyError, Status
from questionnaire.recruitment import Cell
from questionnaire.service import Fielding
from questionnaire.storage import UnknownTokenError, connect
from questionnaire.web.opening import boot, look

NOW, LATER = "2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z"
OPEN = Window("a", "small", "b", NOW)
ROOT = "https://survey.example"


@pytest.fixture
def fielding():
    return Fielding(STUDY, "the file", connect("memory:"), clock=lambda: NOW)


@pytest.mark.parametrize(
    ("window", "now", "finished", "invited", "why"),
    [
        (None, NOW, 0, True, "closed"),
        (OPEN, NOW, 10**6, False, ""),
        (replace(OPEN, closed_at=NOW), NOW, 0, True, "closed"),
        (replace(OPEN, stop_at=NOW), NOW, 0, False, ""),
        (replace(OPEN, stop_at=NOW), LATER, 0, False, "closed"),
        (replace(OPEN, stop_n=3), NOW, 2, False, ""),
        (replace(OPEN, stop_n=3), NOW, 3, True, "closed"),
        (replace(OPEN, access=Access.INVITATION), NOW, 0, False, "invited_only"),
        (replace(OPEN, access=Access.INVITATION), NOW, 0, True, ""),
        (replace(OPEN, access=Access.LINK), NOW, 0, True, "closed"),
        (replace(OPEN, access=Access.LINK), NOW, 0, False, ""),
    ],
)
def test_who_may_begin(window, now, finished, invited, why):
    assert refusal(window, now, finished, invited=invited) == why


CLOSED = replace(OPEN, closed_at=NOW)
NEXT = replace(OPEN, content_hash="n", opened_at=LATER)


@pytest.mark.parametrize(
    ("served", "others", "decides"),
    [
        (OPEN, (OPEN, NEXT), OPEN),
        (CLOSED, (CLOSED,), CLOSED),
        (CLOSED, (CLOSED, NEXT), NEXT),
        (CLOSED, (CLOSED, replace(NEXT, closed_at=LATER)), CLOSED),
        (replace(CLOSED, opened_at=LATER), (OPEN, replace(CLOSED, opened_at=LATER)), None),
    ],
)
def test_a_version_closed_for_its_successor_gives_way_to_it(served, others, decides):
    assert in_force(served, others) == (decides or served)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("2026-03-01", "2026-03-01T23:59:59.999Z"),
        ("2026-03-01T08:00+08:00", "2026-03-01T00:00:00.000Z"),
    ],
)
def test_times_as_typed_become_utc(typed, kept):
    assert moment(typed) == kept


def test_settings_that_cannot_be_are_refused():
    with pytest.raises(WindowError, match="2026-01-31"):
        moment("next Friday")
    for address in ("javascript:alert(1)", "http://panel.example", "https://{x}.example/"):
        with pytest.raises(WindowError, match="redirect"):
            replace(OPEN, full_redirect=address)
    with pytest.raises(WindowError, match="at least 1"):
        replace(OPEN, stop_n=-1)


def begin(fielding, number=0, **fields):
    return fielding.consent(request("consent", number, **{"level": 1, "language": "en", **fields}))


def test_a_study_takes_newcomers_only_while_open(fielding):
    with pytest.raises(JourneyError) as caught:
        begin(fielding)
    assert caught.value.code == "closed"
    assert look(fielding, None, None, "en")["reason"] == "closed"
    fielding.open()
    token = begin(fielding).token
    close_study(fielding.storage, STUDY, LATER)
    fielding.open()
    with pytest.raises(JourneyError):
        begin(fielding, 1)
    assert fielding.see(token)["kind"] == "page"
    fielding.step(token, request("language", 2, language="zh-CN", base_version=1))
    close_study(fielding.storage, STUDY, LATER, lets_finish=False)
    with pytest.raises(JourneyError):
        fielding.step(token, request("language", 3, language="en", base_version=2))
    assert look(fielding, token, None, "en")["reason"] == "closed"


def test_the_plan_is_that_of_the_first_opening_of_any_version(fielding):
    assert plan_at_opening(fielding.storage, STUDY.code) is None
    fielding.open()
    changed = replace(LATER_VERSION, plan_hash="d" * 64)
    Fielding(changed, "another file", fielding.storage, clock=lambda: LATER).open()
    assert plan_at_opening(fielding.storage, STUDY.code) == STUDY.plan_hash


def test_closing_what_was_never_open_is_an_error(fielding):
    with pytest.raises(WindowError, match="never opened"):
        close_study(fielding.storage, STUDY, NOW)


def send(fielding, count=2, **fields):
    letters = invite(fielding.storage, STUDY, count, batch="b1", root=ROOT, now=NOW, **fields)
    return letters, [letter.secret for letter in letters]


def test_a_personal_link_is_used_once_and_leads_back(fielding):
    open_study(fielding.storage, STUDY, NOW, access=Access.INVITATION)
    letters, (secret, unused) = send(fielding, wave="w1")
    assert letters[0].address == f"https://survey.example/s/small?i={secret}"
    with pytest.raises(JourneyError, match="this way"):
        begin(fielding)
    for _ in range(3):  # looking uses nothing up, whoever looks
        assert boot(fielding, {"i": secret}, "en", "../")["token"] is None
    token = begin(fielding, invitation=secret).token
    assert boot(fielding, {"i": secret}, "en", "../")["token"] == token
    again = begin(fielding, 1, invitation=secret)
    assert (again.token, again.repeated) == (token, True)
    (stored,) = fielding.storage.respondents()
    assert stored.progress.wave == "w1"
    waiting = to_remind(fielding.storage.field.invitations(STUDY.code))
    assert [(one.number, one.status) for one in waiting] == [(1, "asking"), (2, "")]
    close_study(fielding.storage, STUDY, LATER)
    assert begin(fielding, 2, invitation=secret).token == token
    assert look(fielding, None, None, "en", unused)["reason"] == "closed"


def test_secrets_are_not_in_the_store(fielding):
    _, secrets = send(fielding)
    kept = repr(fielding.storage.field.invitations(STUDY.code))
    assert not any(secret in kept for secret in secrets)


@pytest.mark.parametrize("guess", ["x" * 24, "", " "])
def test_guessed_tokens_lead_nowhere(fielding, guess):
    open_study(fielding.storage, STUDY, NOW, access=Access.INVITATION)
    send(fielding)
    with pytest.raises((UnknownTokenError, JourneyError)):
        begin(fielding, invitation=guess)
    assert fielding.storage.respondents() == ()


WAVES = replace(STUDY, waves=(*STUDY.waves, replace(STUDY.waves[0], code="w2")))


def test_the_next_wave_asks_those_who_allowed_it_under_the_same_pseudonym():
    tiers = STUDY.consent.tiers
    three = replace(WAVES, consent=replace(STUDY.consent, tiers=(*tiers, replace(tiers[1], level=2))))
    fielding = Fielding(three, "the file", connect("memory:"), clock=lambda: NOW)
    fielding.open()
    tokens = [begin(fielding, number, level=number, wave="w1").token for number in range(3)]
    with pytest.raises(InvitationError, match="re-contact"):
        again(fielding)
    for token in tokens:
        known = fielding.storage.load(token).progress
        done = replace(known, status=Status.FINISHED, version=2)
        step = fielding._submission(request("answers", 10, base_version=1), "end", known, NOW)
        fielding.storage.submit(token, step, done)
    (letter,) = again(fielding)
    with pytest.raises(InvitationError):
        again(fielding)
    second = begin(fielding, 20, level=2, invitation=letter.secret).token
    first, later = (fielding.storage.load(token) for token in (tokens[2], second))
    assert (first.respondent, first.progress.wave) == (later.respondent, "w1")
    assert later.progress.wave == "w2"
    assert first.token != later.token


def again(fielding):
    where = {"batch": "b2", "root": ROOT, "now": NOW}
    return invite_again(fielding.storage, fielding.study, before="w1", wave="w2", **where)


@pytest.mark.parametrize(("count", "wave"), [(0, ""), (10**6, ""), (1, "nowhere")])
def test_batches_that_cannot_be(fielding, count, wave):
    with pytest.raises(InvitationError):
        send(fielding, count, wave=wave)


def test_files_hold_no_formulas_and_codes_no_scripts(fielding):
    letters, _ = send(fielding)
    assert letters_csv(letters, "=cmd|' /C calc'!A0").splitlines()[1].startswith("1,'=cmd|")
    assert rows_csv(("a",), [("+1",), (2,), ("@x",)]) == "\ufeffa\r\n'+1\r\n2\r\n'@x\r\n"
    assert "<script" not in qr_svg(letters[0].address)
    assert "<svg" in qr_svg(letters[0].address)


def test_a_condition_is_read_as_written():
    assert read_where("platform=douyin|other & adult=yes") == {
        "platform": ("douyin", "other"),
        "adult": ("yes",),
    }
    assert read_where("") == {}
    with pytest.raises(QuotaError, match="question=option"):
        read_where("platform")


@pytest.mark.parametrize(
    "cell",
    [
        Cell("", 1),
        Cell("c", 0),
        Cell("c", 1, {"platform": ("nowhere",)}),
        Cell("c", 1, {"age": ("18",)}),
        Cell("c", 1, {"nothing": ("x",)}),
        Cell("c", 1, {}, "w9"),
    ],
)
def test_cells_the_study_cannot_have(cell):
    with pytest.raises(QuotaError):
        check_cell(STUDY, cell)


def test_a_full_cell_is_a_polite_page(fielding):
    fielding.open()
    fielding.storage.field.put_cell(STUDY.code, Cell("douyin", 1, {"platform": ("douyin",)}))
    seen = []
    for number in range(2):
        token = begin(fielding, number).token
        answers = {"adult": "yes", "platform": "douyin"}
        fielding.step(token, request("answers", 5 + number, base_version=1, page=0, answers=answers))
        seen.append(fielding.see(token))
    assert [view["kind"] for view in seen] == ["page", "screened_out"]
    assert "no place left" in seen[1]["stem"]


def test_who_finds_no_place_may_go_back_to_the_panel(fielding):
    open_study(fielding.storage, STUDY, NOW, full_redirect="https://panel.example/full?id={PID}")
    fielding.storage.field.put_cell(STUDY.code, Cell("douyin", 1, {"platform": ("douyin",)}))
    data = boot(fielding, {"PID": "a b&c", "other": "x"}, "en", "../")
    assert data["panel"] == {"PID": "a b&c"}
    for number in range(2):
        token = begin(fielding, number, panel=data["panel"]).token
        answers = {"adult": "yes", "platform": "douyin"}
        fielding.step(token, request("answers", 5 + number, base_version=1, page=0, answers=answers))
    assert fielding.see(token)["redirect"] == "https://panel.example/full?id=a%20b%26c"
