"""What a stranger may try on the running server, and what every response says."""

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from running_server import RunningServer
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from questionnaire.access.connect import open_access
from questionnaire.access.errors import ForbiddenError
from questionnaire.access.roles import Permission, Role
from questionnaire.pages.ended import plain_run
from questionnaire.pages.visitor import at_the_moment
from questionnaire.web import server as server_module

STUDY = Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml"
DOCUMENTS = (
    "/",
    "/respond?study=tea_breaks",
    "/console",
    "/people",
    "/s/tea_breaks",
    "/r/tea_breaks",
    "/sign-in",
)
OTHERS = (
    "/welcome/none",
    "/health",
    "/api/tea_breaks/view",
    "/nothing",
    "/_stcore/health",
    "/_stcore/host-config",
)
GONE = (
    "/_stcore/metrics",
    "/_stcore/agent",
    "/_stcore/script-health-check",
    "/component/x/y.js",
)
REFUSED = ("/media/abc.csv", "/_stcore/upload_file/a/b")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    with RunningServer(f"sqlite:///{folder / 'answers.sqlite'}", STUDY) as running:
        yield running


WRITING = ("/api/tea_breaks/steps", "/api/tea_breaks/drafts", "/api/nobody/steps")


def ask(server, path, body=None, **headers):
    request = urllib.request.Request(server.url + path, body, headers)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers, refused.read()


@pytest.mark.parametrize("path", [*DOCUMENTS, *OTHERS, *GONE, *REFUSED, *WRITING])
def test_every_response_carries_the_headers(server, path):
    _, headers, _ = ask(server, path, b"{}" if path in WRITING else None)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in ("no-referrer", "same-origin")
    policy = headers["Content-Security-Policy"]
    assert "'unsafe-eval'" not in policy
    assert "frame-ancestors" in policy
    scripts = [part for part in policy.split(";") if part.strip().startswith("script-src")]
    assert all("'unsafe-inline'" not in part for part in scripts)


@pytest.mark.parametrize("path", GONE)
def test_what_the_framework_would_tell_strangers_is_not_there(server, path):
    assert ask(server, path)[0] == 404


@pytest.mark.parametrize("path", REFUSED)
@pytest.mark.parametrize("cookie", ["", "synergy_session=guess", 'synergy_session="', "=;=;", "a" * 4000])
def test_files_are_refused_without_an_account(server, path, cookie):
    assert ask(server, path, Cookie=cookie)[0] == 403


def test_what_the_framework_tells_its_pages_holds_nothing_of_this_server(server):
    status, headers, body = ask(server, "/_stcore/host-config", Origin="https://evil.example")
    told = json.loads(body)
    assert status == 200
    assert told.pop("allowedOrigins") == []
    assert not any(told.values())
    assert headers.get("Access-Control-Allow-Origin") not in ("*", "https://evil.example")


MALFORMED = [
    b"",
    b"\xff" * 64,
    b"\x00" * 4096,
    b"\x12\xff\xff\xff\xff\x0f",
    "text where bytes belong",
    b"\x0a\x02hi" * 999,
]


@pytest.mark.parametrize("message", MALFORMED)
def test_malformed_messages_end_one_connection_at_most(server, message):
    address = server.url.replace("http", "ws") + "/_stcore/stream"
    try:
        with connect(address, subprotocols=["streamlit"], origin=server.url, max_size=None) as connection:
            connection.send(message)
            connection.recv(timeout=1)
    except (ConnectionClosed, TimeoutError):
        pass
    assert ask(server, "/health")[0] == 200


def send_and_listen(connection, message):
    connection.send(message)
    while True:
        connection.recv(timeout=20)


def test_an_oversized_message_is_refused(server):
    address = server.url.replace("http", "ws") + "/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], origin=server.url, max_size=None) as connection:
        with pytest.raises(ConnectionClosed) as closed:
            send_and_listen(connection, b"\x00" * (server_module.MESSAGE_MAX + 1))
        assert closed.value.rcvd is None or closed.value.rcvd.code == 1009
    assert ask(server, "/health")[0] == 200


@pytest.mark.parametrize("message", [m if isinstance(m, bytes) else m.encode() for m in MALFORMED])
def test_of_a_message_after_the_session_nothing_is_kept(message):
    from streamlit.proto.BackMsg_pb2 import BackMsg

    after = BackMsg.FromString(plain_run(message))
    assert after.WhichOneof("type") == "rerun_script"
    assert not after.rerun_script.fragment_id
    assert not after.rerun_script.widget_states.widgets


def test_a_pressed_button_and_a_fragment_are_not_kept():
    from streamlit.proto.BackMsg_pb2 import BackMsg

    asked = BackMsg()
    asked.rerun_script.fragment_id = "live"
    asked.rerun_script.query_string = "a=1"
    asked.rerun_script.widget_states.widgets.add(id="delete", trigger_value=True)
    after = BackMsg.FromString(plain_run(asked.SerializeToString()))
    assert after.rerun_script.query_string == "a=1"
    assert not after.rerun_script.fragment_id
    assert not after.rerun_script.widget_states.widgets


@pytest.mark.parametrize("role", Role)
def test_an_export_asks_when_it_is_clicked(role, site, monkeypatch):
    from people import session

    cookie = session(site.access, role)
    cookies = {"synergy_session": cookie}
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.cookies", property(lambda _: cookies))
    click = at_the_moment(site, Permission.READ_ANSWERS)
    if role is Role.VIEWER:
        with pytest.raises(ForbiddenError):
            click()
        return
    assert click().role is role
    site.access.sign_out(cookie)
    with pytest.raises(ForbiddenError):
        click()


def test_the_running_server_and_its_tools_share_accounts(server):
    access = open_access(server.database)
    assert not access.store.has_owner()
    assert "/welcome/" in server.log()
    access.store.close()
