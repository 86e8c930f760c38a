"""What both shells send: headers, languages, compressed files, and nothing that could run by accident."""

import base64
import hashlib
import importlib.util
import json
import re
from pathlib import Path

import pytest
from asgi_call import call

from questionnaire.web import assets, security
from questionnaire.web.compression import Packed
from questionnaire.web.light import page
from questionnaire.web.opening import boot
from questionnaire.web.shell import Shell, component_files
from questionnaire.web.site import is_at_the_machine, is_loopback

INDEX = """<html lang="en"><head>
<link rel="preload" href="./a.woff2" as="font" type="font/woff2" crossorigin />
<title>Framework</title><script>go()</script></head>
<body><noscript>English only</noscript><div id="root"></div></body></html>"""


@pytest.mark.parametrize("address", ["/s/tea_breaks", "/health", "/nowhere", "/_stcore/metrics"])
def test_every_response_carries_the_headers(routes, address):
    headers = call(routes, "GET", address).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "unsafe-eval" not in headers["content-security-policy"]


def test_the_light_shell_allows_no_inline_code(routes):
    answer = call(routes, "GET", "/s/tea_breaks")
    assert answer.headers["content-security-policy"] == security.STRICT
    assert "unsafe" not in security.STRICT
    scripts = re.findall(r"<script([^>]*)>", answer.text)
    assert all("src=" in script or 'type="application/json"' in script for script in scripts)


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json"])
def test_the_framework_tells_strangers_nothing(routes, path):
    assert call(routes, "GET", path).status == 404


def test_the_policy_names_the_inline_script_it_allows():
    digest = base64.b64encode(hashlib.sha256(b"go()").digest()).decode()
    assert f"'sha256-{digest}'" in security.policy(INDEX)


def test_wording_cannot_end_its_element(site):
    data = boot(site.fieldings["tea_breaks"], {}, "en", "../")
    data["view"]["stem"] = "</script><script>alert(1)</script><!--"
    data["view"]["study_title"] = "<b>&"
    text = page(data, "light.js")
    assert text.count("<script") == 2
    assert "<title>&lt;b&gt;&amp;</title>" in text
    found = re.search(r'id="boot">(.*?)</script>', text)
    assert found is not None
    assert json.loads(found[1])["view"]["stem"] == data["view"]["stem"]


LANGUAGES = {
    "": "en",
    "de-AT,de;q=0.9,en;q=0.8": "de",
    "fr,de;q=0.5": "de",
    "fr": "en",
    "*": "en",
}


@pytest.mark.parametrize(("accepted", "language"), LANGUAGES.items())
def test_the_browser_chooses_the_language(routes, accepted, language):
    answer = call(routes, "GET", "/s/tea_breaks", headers={"accept-language": accepted})
    assert f'<html lang="{language}">' in answer.text


def test_the_address_overrules_the_browser(routes):
    answer = call(routes, "GET", "/s/tea_breaks?lang=de", headers={"accept-language": "en"})
    assert '<html lang="de">' in answer.text


@pytest.mark.parametrize("query", ["form=none", "wave=none"])
def test_a_link_with_an_unknown_form_or_wave_is_refused(routes, query):
    assert call(routes, "GET", f"/s/tea_breaks?{query}").status == 400


def test_files_are_compressed_and_kept_for_ever_under_their_hash(routes):
    answer = call(routes, "GET", f"/{assets.prefix()}survey.js", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert "export function mount" in answer.text


@pytest.mark.parametrize("address", ["/assets/0000/survey.js", f"/{assets.prefix()}none.js"])
def test_other_files_are_not_there(routes, address):
    answer = call(routes, "GET", address)
    assert (answer.status, answer.headers["cache-control"]) == (404, "no-store")


def test_the_light_shell_is_small(routes):
    headers = {"accept-encoding": "gzip"}
    addresses = ["/s/tea_breaks"]
    addresses += [f"/{assets.prefix()}{name}" for name in (*assets.MODULES, "light.js", "survey.css")]
    sent = sum(len(call(routes, "GET", address, headers=headers).content) for address in addresses)
    # 60 KB is what a slow phone may be asked to load; two fifths of it for the survey
    # itself leave room for longer studies.
    assert sent < 24_000


def test_a_client_that_takes_no_gzip_gets_none(routes):
    assert "content-encoding" not in call(routes, "GET", f"/{assets.prefix()}survey.js").headers


def test_what_does_not_shrink_is_sent_plain():
    assert Packed.of(b"short", "a.js").zipped is None


def test_the_frame_speaks_the_visitors_language_and_loads_no_fonts():
    text = Shell(INDEX).page("zh-CN", "标题 <1>", "s/tea_breaks?a=1&b=2").plain.decode()
    assert '<html lang="zh-CN">' in text
    assert "<title>标题 &lt;1&gt;</title>" in text
    assert "woff2" not in text
    assert "English only" not in text
    assert 'href="s/tea_breaks?a=1&amp;b=2"' in text
    assert text.count("modulepreload") == len(assets.MODULES)
    assert "host.css" in text
    assert "host.css" not in Shell(INDEX).page("en", "Studies", None).plain.decode()


def test_a_components_scripts_are_announced_once(tmp_path):
    folder = tmp_path / "static" / "js"
    folder.mkdir(parents=True)
    (folder / "BidiComponent.1.js").write_text('import{a}from"./arrow.2.js";import{b}from"./go.js";')
    ahead = component_files(tmp_path)
    assert ahead == ["static/js/BidiComponent.1.js", "static/js/arrow.2.js", "static/js/go.js"]
    known = INDEX.replace("go()", "load('./static/js/go.js')")
    assert Shell(known, ahead).page("en", "t", "s/x").plain.decode().count("go.js") == 1


def test_the_frameworks_component_is_found():
    static = Path(importlib.util.find_spec("streamlit").origin).parent / "static"
    assert any("BidiComponent" in name for name in component_files(static))


LOCAL = {
    "localhost": True,
    "127.0.0.1": True,
    "[::1]": True,
    "0.0.0.0": False,
    "10.0.0.8": False,
    "evil": False,
}


@pytest.mark.parametrize(("host", "local"), LOCAL.items())
def test_loopback(host, local):
    assert is_loopback(host) is local


AT_THE_MACHINE = {
    "direct": ({"Host": "localhost:8501"}, True),
    "v6": ({"Host": "[::1]:8501"}, True),
    "another name for this address": ({"Host": "attacker.example:8501"}, False),
    "through a proxy": ({"Host": "localhost", "X-Forwarded-For": "9.9.9.9"}, False),
    "through a silent proxy": ({"Host": "127.0.0.1:8501", "Origin": "https://survey.example"}, False),
    "a browser here": ({"Host": "127.0.0.1:8501", "Origin": "http://127.0.0.1:8501"}, True),
    "an opaque origin": ({"Host": "localhost:8501", "Origin": "null"}, False),
    "no host": ({}, False),
}


@pytest.mark.parametrize(("headers", "local"), AT_THE_MACHINE.values(), ids=AT_THE_MACHINE)
def test_who_is_at_the_machine(headers, local):
    assert is_at_the_machine(headers) is local
