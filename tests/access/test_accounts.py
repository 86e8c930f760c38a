"""Accounts: one suite for the database in memory, SQLite and a real PostgreSQL server."""

import threading
import uuid
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest
from access_tools import PASSWORD, Clock, member, owner_of
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from questionnaire.access import passwords, service
from questionnaire.access.connect import open_access
from questionnaire.access.errors import AccessError, ForbiddenError, TooManyAttemptsError
from questionnaire.access.roles import GRANTS, Permission, Role, Visitor
from questionnaire.storage import access_tables


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request, tmp_path):
    if request.param == "memory":
        return "memory:"
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/answers.sqlite"
    base = request.getfixturevalue("postgres_url")
    schema = "t" + uuid.uuid4().hex
    engine = create_engine(base.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    engine.dispose()
    return f"{base}&options=-csearch_path%3D{schema}"


@pytest.fixture
def access(url, monkeypatch):
    # The real hash takes a tenth of a second; that it is argon2id is tested by itself.
    monkeypatch.setattr(passwords, "hashed", lambda password: f"plain:{password}")
    monkeypatch.setattr(passwords, "verify", lambda stored, given: stored == f"plain:{given}")
    opened = replace(open_access(url), clock=Clock())
    yield opened
    opened.store.close()


def refused(reason):
    return pytest.raises(AccessError, match=f"^{reason}$")


def test_migrations_lead_to_the_tables_that_are_used(access):
    there = inspect(access.store._engine)
    for table in access_tables.metadata.sorted_tables:
        found = {column["name"] for column in there.get_columns(table.name)}
        assert found == {column.name for column in table.columns}


def test_the_first_owner_is_made_by_a_link_that_works_once(access):
    secret = access.first_owner_link()
    owner = access.who(access.welcome(secret, "Olga@Uni.example", PASSWORD))
    assert (owner.name, owner.role, owner.joined) == ("olga@uni.example", Role.OWNER, True)
    with refused("link_used"):
        access.welcome(secret, "eve@uni.example", PASSWORD)
    assert access.first_owner_link() is None


def test_of_two_links_for_the_first_owner_one_makes_an_owner(access):
    first, second = access.first_owner_link(), access.first_owner_link()
    access.welcome(second, "olga@uni.example", PASSWORD)
    with refused("link_used"):
        access.welcome(first, "eve@uni.example", PASSWORD)


def test_racing_first_owners_make_one(access):
    secrets = [access.first_owner_link() for _ in range(6)]
    made = []

    def join(number):
        with suppress(AccessError):
            made.append(access.welcome(secrets[number], f"owner{number}", PASSWORD))

    threads = [threading.Thread(target=join, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert len(access.store.accounts()) == 1


def test_links_run_out(access):
    secret = access.first_owner_link()
    access.clock.now += service.FIRST_OWNER_SECONDS + 1
    with refused("link_used"):
        access.welcome(secret, "olga@uni.example", PASSWORD)
    owner, _ = owner_of(access)
    invitation = access.invite(owner, "ann@uni.example", Role.ANALYST)
    access.clock.now += service.LINK_SECONDS + 1
    with refused("link_used"):
        access.welcome(invitation, "", PASSWORD)


def test_no_secret_is_stored_as_it_is(access):
    owner, cookie = owner_of(access)
    invitation = access.invite(owner, "ann@uni.example", Role.ANALYST)
    with access.store._engine.connect() as connection:
        rows = [
            str(row)
            for table in access_tables.metadata.sorted_tables
            for row in connection.execute(table.select())
        ]
    assert not any(secret in row for row in rows for secret in (cookie, invitation))


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("olga@uni.example", "not the password at all"),
        ("nobody@uni.example", PASSWORD),
        ("", ""),
        ("x" * 9999, "y"),
    ],
)
def test_a_wrong_sign_in_says_nothing_about_names(access, name, password):
    owner_of(access)
    with refused("not_known"):
        access.sign_in(name, password, "10.0.0.1")


def test_signing_in_ignores_case_and_gives_a_new_value(access):
    _, first = owner_of(access)
    second = access.sign_in(" OLGA@uni.example ", PASSWORD, "10.0.0.1")
    assert second != first
    assert access.who(second).role is Role.OWNER
    access.sign_out(second)
    assert access.who(second) is None
    assert access.who(first) is not None


@pytest.mark.parametrize("cookie", [None, "", "guess", "x" * 10_000, "\ud800"])
def test_a_guessed_cookie_is_nobody(access, cookie):
    owner_of(access)
    assert access.who(cookie) is None


def test_sessions_end_without_use_and_in_any_case(access):
    owner_of(access)
    idle = access.sign_in("olga@uni.example", PASSWORD, "a")
    used = access.sign_in("olga@uni.example", PASSWORD, "a")
    for _ in range(service.ABSOLUTE_SECONDS // 3600 - 1):
        access.clock.now += 3600
        assert access.who(used) is not None
    assert access.who(idle) is None
    access.clock.now += 3601
    assert access.who(used) is None


def test_the_limit_for_a_name_holds_whatever_the_address(access):
    owner_of(access)
    for number in range(service.PER_ACCOUNT):
        with refused("not_known"):
            access.sign_in("olga@uni.example", "wrong wrong wrong", f"10.0.0.{number}")
    with pytest.raises(TooManyAttemptsError):
        access.sign_in("olga@uni.example", PASSWORD, "10.1.1.1")
    access.clock.now += service.WINDOW_SECONDS
    assert access.sign_in("olga@uni.example", PASSWORD, "10.1.1.1")


def test_the_limit_for_an_address_holds_whatever_the_name(access):
    for number in range(service.PER_ADDRESS):
        with refused("not_known"):
            access.sign_in(f"guess{number}", "wrong wrong wrong", "10.0.0.1")
    with pytest.raises(TooManyAttemptsError):
        access.sign_in("olga@uni.example", PASSWORD, "10.0.0.1")


def test_several_processes_share_the_limits(access, url):
    other = access if url == "memory:" else replace(open_access(url), clock=access.clock)
    assert [access.attempt("x"), other.attempt("x"), access.attempt("x")] == [1, 2, 3]
    if other is not access:
        other.store.close()


def test_disabling_or_another_role_ends_sessions_at_once(access):
    owner, _ = owner_of(access)
    ann, cookie = member(access, owner, Role.ANALYST)
    access.change_role(owner, ann, Role.VIEWER)
    assert access.who(cookie) is None
    cookie = access.sign_in(ann.name, PASSWORD, "a")
    assert access.who(cookie).role is Role.VIEWER
    access.disable(owner, ann)
    assert access.who(cookie) is None
    with refused("not_known"):
        access.sign_in(ann.name, PASSWORD, "a")
    access.disable(owner, ann, False)
    assert access.sign_in(ann.name, PASSWORD, "a")


def test_a_disabled_account_cannot_come_back_by_a_link(access):
    owner, _ = owner_of(access)
    secret = access.invite(owner, "ann@uni.example", Role.ANALYST)
    ann = access.store.named("ann@uni.example")[0]
    access.disable(owner, ann)
    with refused("link_used"):
        access.welcome(secret, "", PASSWORD)
    with refused("link_used"):
        access.welcome(access.new_link(owner, ann), "", PASSWORD)


def test_the_last_owner_stays(access):
    owner, _ = owner_of(access)
    access.invite(owner, "second@uni.example", Role.OWNER)  # invited, not joined: cannot act
    for change in (
        lambda: access.disable(owner, owner),
        lambda: access.change_role(owner, owner, Role.VIEWER),
    ):
        with refused("last_owner"):
            change()
    other, _ = member(access, owner, Role.OWNER, "third@uni.example")
    access.disable(other, owner)
    with refused("last_owner"):
        access.disable(other, other)


def test_owners_who_disable_each_other_leave_one(access):
    owner, _ = owner_of(access)
    other, _ = member(access, owner, Role.OWNER)
    outcomes = []

    def disable(by, whom):
        try:
            access.disable(by, whom)
            outcomes.append("done")
        except AccessError as error:
            outcomes.append(error.reason)

    threads = [threading.Thread(target=disable, args=pair) for pair in ((owner, other), (other, owner))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "last_owner"]
    assert access.store.has_owner()


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.ANALYST, Role.VIEWER])
def test_only_owners_manage_people(access, role):
    owner, _ = owner_of(access)
    someone, _ = member(access, owner, role)
    for act in (
        lambda: access.invite(someone, "x@uni.example", Role.OWNER),
        lambda: access.change_role(someone, someone, Role.OWNER),
        lambda: access.disable(someone, owner),
        lambda: access.new_link(someone, owner),
        lambda: access.people(someone),
        lambda: access.log(someone),
    ):
        with pytest.raises(ForbiddenError):
            act()


def test_a_name_is_taken_once(access):
    owner, _ = owner_of(access)
    with refused("name_taken"):
        access.invite(owner, "OLGA@uni.example", Role.VIEWER)
    with refused("name_shape"):
        access.invite(owner, "two words", Role.VIEWER)


def test_a_new_link_replaces_the_password_and_ends_sessions(access):
    owner, cookie = owner_of(access)
    access.welcome(access.new_link(owner, owner), "", "another long walk home")
    assert access.who(cookie) is None
    assert access.sign_in(owner.name, "another long walk home", "a")


def test_an_institution_vouches_only_for_who_was_invited(access):
    owner, _ = owner_of(access)
    access.invite(owner, "ann@uni.example", Role.ANALYST)
    assert access.who(access.take_over(access.hand_over("Ann@uni.example"))).role is Role.ANALYST
    with refused("not_invited"):
        access.hand_over("eve@uni.example")
    secret = access.hand_over("ann@uni.example")
    with refused("link_used"):
        access.welcome(secret, "", PASSWORD)
    access.clock.now += service.HAND_OVER_SECONDS + 1
    with refused("link_used"):
        access.take_over(secret)


def test_everything_that_changes_accounts_is_logged_and_chained(access):
    owner, cookie = owner_of(access)
    ann, _ = member(access, owner, Role.ANALYST)
    access.record(ann, "export", "tea_breaks", "answers.csv")
    access.disable(owner, ann)
    access.sign_out(cookie)
    entries, broken = access.log(owner)
    assert [(entry.who, entry.action) for entry in entries] == [
        ("", "link for the first owner"),
        (owner.name, "joined"),
        (owner.name, "signed in"),
        (owner.name, "invited"),
        (ann.name, "joined"),
        (ann.name, "signed in"),
        (ann.name, "export"),
        (owner.name, "disabled"),
        (owner.name, "signed out"),
    ]
    assert broken is None
    assert entries[6].study == "tea_breaks"


def test_the_log_cannot_be_changed_and_a_change_would_be_seen(access):
    owner, _ = owner_of(access)
    for change in ("UPDATE audit SET who = 'someone else' WHERE sequence = 2", "DELETE FROM audit"):
        with pytest.raises(DBAPIError, match="only grows"), access.store._engine.begin() as connection:
            connection.exec_driver_sql(change)
    entries, _ = access.log(owner)
    forged = [replace(entry, who="eve") if entry.sequence == 2 else entry for entry in entries]
    assert service.first_broken(forged) == 2
    assert service.first_broken(entries[1:]) == 1


def test_racing_entries_make_one_chain(access):
    owner, _ = owner_of(access)
    threads = [threading.Thread(target=access.record, args=(owner, "read", "s", str(k))) for k in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries, broken = access.log(owner)
    assert broken is None
    assert len([entry for entry in entries if entry.action == "read"]) == 12


def test_what_each_role_may():
    ladder = [GRANTS[role] for role in (Role.VIEWER, Role.ANALYST, Role.RESEARCHER, Role.OWNER)]
    assert all(less < more for less, more in pairwise(ladder))
    assert GRANTS[Role.OWNER] == set(Permission)
    assert Permission.READ_ANSWERS not in GRANTS[Role.VIEWER]
    assert Permission.READ_CONTACTS not in GRANTS[Role.ANALYST]
    assert Permission.MANAGE_PEOPLE not in GRANTS[Role.RESEARCHER]


def test_a_demonstration_opens_the_demonstration_only():
    assert {p for p in Permission if Visitor(None, demonstration=True).may(p)} == {Permission.TRY_DEMO}
    assert not any(Visitor(None).may(p) for p in Permission)
