"""Several processes on one store: a version kept in one is served by the others."""

import json
import time
import urllib.request
from pathlib import Path

import pytest
from running_server import RunningServer

from questionnaire.request import Request
from questionnaire.storage import StorageUnavailableError, StoredStudy
from questionnaire.web.following import Follower
from questionnaire.web.site import open_site

TEA = Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml"
TEXT = TEA.read_text("utf-8")
WITHIN_SECONDS = 20
"""Two seconds are promised; a machine that runs other tests beside it may take several times that."""


def version(name, title):
    changed = TEXT.replace('version: "1.0"', f'version: "{name}"', 1).replace(
        "en: Tea breaks", f"en: {title}", 1
    )
    assert f"en: {title}" in changed
    return changed


def titles(follower_site):
    return follower_site.fieldings["tea_breaks"].study.title["en"]


@pytest.fixture
def sites(durable_url):
    """Two processes' sites on one store, as far as one process can have them."""
    both = [open_site(durable_url, (TEA,), "127.0.0.1") for _ in range(2)]
    yield both
    for site in both:
        site.storage.close()
        site.access.store.close()


def test_what_one_keeps_the_other_serves_at_its_second_look(sites):
    here, there = sites
    follower = Follower(there)
    begun = there.fieldings["tea_breaks"].consent(Request("submit-1", "consent", language="en")).token
    here.adopt(version("b", "Coffee breaks"), opens=True)
    before = titles(there)
    follower.look()
    assert titles(there) == before
    follower.look()
    assert titles(there).startswith("Coffee breaks")
    fielding = there.fieldings["tea_breaks"]
    token = fielding.consent(Request("submit-2", "consent", language="en")).token
    assert fielding.see(token)["study_title"].startswith("Coffee breaks")
    # Who had begun goes on in the version they began.
    assert fielding.see(begun)["study_title"] == before
    # The process that kept it has nothing to follow, and a version is not taken twice.
    served = here.fieldings["tea_breaks"]
    Follower(here).look()
    follower.look()
    assert here.fieldings["tea_breaks"] is served
    assert there.fieldings["tea_breaks"] is fielding


def test_only_named_studies_are_followed(sites):
    here, there = sites
    here.adopt(TEXT.replace("code: tea_breaks", "code: other", 1), opens=True)
    follower = Follower(there)
    follower.look()
    follower.look()
    assert set(there.fieldings) == {"tea_breaks"}


def test_a_version_of_another_release_is_left_and_said_once(sites, capsys):
    here, there = sites
    strange = StoredStudy("f" * 64, "tea_breaks", "z", "p", "code: [", "2999-01-01T00:00:00.000Z")
    here.storage.add_study(strange)
    follower = Follower(there)
    for _ in range(4):
        follower.look()
    assert titles(there) == there.fieldings["tea_breaks"].study.title["en"]
    assert capsys.readouterr().err.count("cannot be served here") == 1


def test_a_store_out_of_reach_is_asked_again(sites, monkeypatch):
    here, there = sites
    follower = Follower(there)
    here.adopt(version("c", "Late breaks"), opens=True)

    def gone():
        raise StorageUnavailableError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(there.storage, "newest_versions", gone)
        follower.look()
    follower.look()
    follower.look()
    assert titles(there).startswith("Late breaks")


def seen_title(server):
    with urllib.request.urlopen(f"{server.url}/api/tea_breaks/view?lang=en", timeout=30) as answer:
        view = json.load(answer)["view"]
        return view["kind"], view["study_title"]


def test_two_servers(durable_url):
    """Two real processes: the second keeps a version as the editor does, the first serves it."""
    with RunningServer(durable_url, TEA) as first, RunningServer(durable_url, TEA) as second:
        assert seen_title(first) == seen_title(second)
        kept = open_site(durable_url, (TEA,), "127.0.0.1")
        kept.adopt(version("d", "Evening breaks"), opens=True)
        deadline = time.monotonic() + WITHIN_SECONDS
        waiting = {first, second}
        while waiting and time.monotonic() < deadline:
            for server in list(waiting):
                kind, title = seen_title(server)
                # At no moment is a newcomer turned away.
                assert kind == "consent"
                if title.startswith("Evening breaks"):
                    waiting.remove(server)
            time.sleep(0.1)
        assert not waiting
        kept.storage.close()
        kept.access.store.close()
