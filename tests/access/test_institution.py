"""What an institution says is believed only whole; its settings are checked when the server starts."""

from types import SimpleNamespace

import pytest
from access_tools import PASSWORD, Clock

from questionnaire.access import institution, passwords
from questionnaire.access.connect import open_access
from questionnaire.access.errors import AccessError, TooManyAttemptsError
from questionnaire.access.institution import REFUSED, Institution, NotVouchedError, admit, vouched
from questionnaire.access.institution_settings import SettingsError, institutions
from questionnaire.access.roles import Role
from questionnaire.access.service import PER_ADDRESS, Access

NOW = 1_800_000_000
PLACE = Institution("default", "", "https://id.example", "ours")
CLAIMS = {
    "iss": "https://id.example",
    "aud": "ours",
    "sub": "42",
    "iat": NOW,
    "exp": NOW + 300,
    "nonce": "n0nce",
    "email": "Olga@Uni.example",
    "email_verified": True,
}

REFUSALS = {
    "iss missing": ({"iss": None}, "institution_wrong"),
    "iss of another": ({"iss": "https://id.example.evil"}, "institution_wrong"),
    "iss in parts": ({"iss": ["https://id.example"]}, "institution_wrong"),
    "aud missing": ({"aud": None}, "institution_wrong"),
    "aud of another": ({"aud": "theirs"}, "institution_wrong"),
    "aud that contains ours": ({"aud": "ours-too"}, "institution_wrong"),
    "aud several, nobody named": ({"aud": ["ours", "theirs"]}, "institution_wrong"),
    "aud several, theirs": ({"aud": ["ours", "theirs"], "azp": "theirs"}, "institution_wrong"),
    "azp of another": ({"azp": "theirs"}, "institution_wrong"),
    "no nonce": ({"nonce": None}, "institution_wrong"),
    "no subject": ({"sub": ""}, "institution_wrong"),
    "no time": ({"iat": None}, "institution_wrong"),
    "time as text": ({"iat": str(NOW)}, "institution_wrong"),
    "time as truth": ({"iat": True}, "institution_wrong"),
    "too old": ({"iat": NOW - institution.FRESH_SECONDS - 1}, "institution_stale"),
    "from the future": ({"iat": NOW + institution.SKEW_SECONDS + 1}, "institution_stale"),
    "ran out": ({"exp": NOW - institution.SKEW_SECONDS - 1}, "institution_stale"),
    "not verified": ({"email_verified": False}, "institution_unverified"),
    "nothing said": ({"email_verified": None}, "institution_unverified"),
    "verified as text": ({"email_verified": "true"}, "institution_unverified"),
    "verified as number": ({"email_verified": 1}, "institution_unverified"),
    "no address": ({"email": None}, "institution_wrong"),
    "an address in parts": ({"email": ["olga@uni.example"]}, "institution_wrong"),
    "a ligature that folds": ({"email": "oﬁ@uni.example"}, "institution_unverified"),
    "a letter that folds": ({"email": "straße@uni.example"}, "institution_unverified"),
    "wide letters": ({"email": "ｏlga@uni.example"}, "institution_unverified"),
}


def with_claims(changes):
    return {name: value for name, value in (CLAIMS | changes).items() if value is not None}


@pytest.mark.parametrize(("changes", "reason"), REFUSALS.values(), ids=REFUSALS)
def test_what_is_not_whole_is_not_believed(changes, reason):
    with pytest.raises(NotVouchedError, match=f"^{reason}$"):
        vouched(PLACE, with_claims(changes), NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"iss": "https://id.example/"},
        {"aud": ["ours"]},
        {"aud": ["ours", "theirs"], "azp": "ours"},
        {"iat": NOW - institution.FRESH_SECONDS},
        {"iat": NOW + institution.SKEW_SECONDS},
    ],
)
def test_what_is_whole_is(changes):
    assert vouched(PLACE, with_claims(changes), NOW)[0] == "Olga@Uni.example"


def test_each_sign_in_is_one_of_its_own():
    changed = ({"iat": NOW - 1}, {"nonce": "other"}, {"sub": "43"})
    digests = {vouched(PLACE, CLAIMS | one, NOW)[1] for one in ({}, *changed)}
    assert len(digests) == 4


def test_an_owner_can_trust_who_never_says_it_but_not_who_denies_it():
    trusting = Institution("default", "", "https://id.example", "ours", trusts_unsaid=True)
    assert vouched(trusting, with_claims({"email_verified": None}), NOW)
    for denied in (False, "true", "false", 0):
        with pytest.raises(NotVouchedError):
            vouched(trusting, with_claims({"email_verified": denied}), NOW)


@pytest.fixture
def access(monkeypatch):
    monkeypatch.setattr(passwords, "hashed", lambda password: f"plain:{password}")
    clock = Clock()
    opened = Access(open_access("memory:").store, clock)
    yield opened
    opened.store.close()


@pytest.fixture
def invited(access):
    owner = access.who(access.welcome(access.first_owner_link(), "owner", PASSWORD))
    access.invite(owner, "olga@uni.example", Role.ANALYST)
    return SimpleNamespace(owner=owner, claims=CLAIMS | times(access))


def times(access):
    return {"iat": access.clock(), "exp": access.clock() + 300}


def test_an_invited_person_enters_once_for_each_sign_in(access, invited):
    secret = admit(access, PLACE, invited.claims, "10.0.0.1")
    account = access.who(access.take_over(secret))
    assert (account.name, account.role, account.joined) == ("olga@uni.example", Role.ANALYST, True)
    with pytest.raises(AccessError, match="institution_used"):
        admit(access, PLACE, invited.claims, "10.0.0.1")
    assert admit(access, PLACE, invited.claims | {"nonce": "another"}, "10.0.0.1")


def test_a_used_sign_in_is_remembered_for_as_long_as_it_is_fresh(access, invited):
    admit(access, PLACE, invited.claims, "a")
    start = access.clock()
    for later in range(0, institution.FRESH_SECONDS + institution.SKEW_SECONDS, 20):
        access.clock.now = start + later
        other = CLAIMS | times(access) | {"nonce": str(later)}
        admit(access, PLACE, other, str(later))  # forgets what has run out
        with pytest.raises(AccessError, match=r"institution_(used|stale)"):
            admit(access, PLACE, invited.claims, str(later))


def test_a_refusal_is_recorded_with_what_an_owner_needs(access, invited):
    with pytest.raises(AccessError):
        admit(access, PLACE, invited.claims | {"email": "eve\n@uni.example" + "x" * 500}, "a")
    last = access.store.entries(1)[0]
    assert last.action == REFUSED
    assert last.detail.startswith("default: not_invited: eve@uni.example")
    assert len(last.detail) < 300
    assert last.who == ""


def test_one_address_cannot_fill_the_log(access, invited):
    bad = invited.claims | {"aud": "theirs"}
    for _ in range(PER_ADDRESS):
        with pytest.raises(NotVouchedError):
            admit(access, PLACE, bad, "10.0.0.1")
    before = len(access.store.entries())
    with pytest.raises(TooManyAttemptsError):
        admit(access, PLACE, invited.claims, "10.0.0.1")
    assert len(access.store.entries()) == before
    assert admit(access, PLACE, invited.claims, "10.0.0.2")


GOOD = {
    "redirect_uri": "https://survey.example/oauth2callback",
    "cookie_secret": "s" * 40,
    "client_id": "ours",
    "client_secret": "x",
    "server_metadata_url": "https://id.example/.well-known/openid-configuration",
}
NAMED = {"client_id": "b", "client_secret": "x", "server_metadata_url": GOOD["server_metadata_url"]}


def test_settings_of_one_and_of_several_institutions():
    assert institutions(GOOD) == (PLACE,)
    shared = {key: GOOD[key] for key in ("redirect_uri", "cookie_secret")}
    named = NAMED | {"title": "Uni", "issuer": "https://x.example", "accept_missing_email_verified": True}
    assert institutions(shared | {"uni": named, "other": NAMED}) == (
        Institution("uni", "Uni", "https://x.example", "b", trusts_unsaid=True),
        Institution("other", "other", "https://id.example", "b"),
    )
    assert institutions(GOOD | {"client_kwargs": {"prompt": "login"}}) == (PLACE,)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"redirect_uri": None}, r"\[auth\], redirect_uri: missing"),
        ({"redirect_uri": "https://survey.example/"}, "followed by /oauth2callback"),
        ({"redirect_uri": "http://survey.example/oauth2callback"}, "begin with https"),
        ({"redirect_uri": "http://[/oauth2callback"}, "no absolute address"),
        ({"cookie_secret": None}, "cookie_secret: must have at least 32"),
        ({"cookie_secret": "short"}, "cookie_secret: must have at least 32"),
        ({"client_id": None}, "client_id: missing"),
        ({"client_secret": None}, "client_secret: missing"),
        ({"server_metadata_url": None}, "server_metadata_url: missing"),
        ({"server_metadata_url": "http://id.example/.well-known/openid-configuration"}, "begin with https"),
        ({"server_metadata_url": "https://id.example/common"}, "issuer: needed"),
        ({"accept_missing_email_verified": "yes"}, "must be true or false"),
        ({"uni_two": NAMED}, "no underscore"),
        ({"uni": NAMED | {"client_id": None}}, r"\[auth.uni\], client_id"),
        ({"client_id": None, "client_secret": None, "server_metadata_url": None}, "no provider"),
    ],
)
def test_settings_that_cannot_be_used_say_where_and_how_to_mend_them(changes, said):
    section = {key: value for key, value in (GOOD | changes).items() if value is not None}
    with pytest.raises(SettingsError, match=said):
        institutions(section)
