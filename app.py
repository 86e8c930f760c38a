"""One application: the survey's routes and the pages around it.

Imported, it offers the ASGI application; run as a script by the page framework, it shows the page asked for.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from streamlit import file_util

from questionnaire.pages.words import console_words
from questionnaire.web import api, assets, light, preview, security, shell
from questionnaire.web.opening import preferred_language
from questionnaire.web.site import Site, current, is_at_the_machine, publish, site_from_environment

if TYPE_CHECKING:
    from streamlit.starlette import App

HERE = Path(__file__).resolve()


def create(site: Site | None = None) -> App:
    """The ASGI application for ``site``, or for the one the environment describes."""
    from streamlit.starlette import App

    site = site or site_from_environment()
    publish(site)
    security.keep_addresses_out_of_logs()
    static = Path(file_util.get_static_dir())
    frame = shell.Shell((static / "index.html").read_text("utf-8"), shell.component_files(static))
    return App(
        HERE,
        routes=[
            *api.routes(site),
            *light.routes(site),
            *assets.routes(),
            *preview.routes(),
            *_frames(site, frame),
        ],
        middleware=[
            Middleware(security.SecurityHeaders, page_policy=security.policy(frame.html)),
            Middleware(shell.CompressedStatic, folder=static),
        ],
    )


def _frames(site: Site, frame: shell.Shell) -> list[Route]:
    """The framework's one HTML file at each page's address, in the visitor's language."""

    without_fonts = security.policy(frame.html, fonts="'none'")

    async def serve(request: Request) -> Response:
        query = request.query_params
        fielding = site.fielding(query.get("study"))
        survey = request.url.path == "/respond"
        accepted = request.headers.get("accept-language", "")
        language, title, address = "en", "synergy", None
        if survey and fielding is not None:
            language = preferred_language(fielding.study, query.get("lang"), accepted)
            title = fielding.study.title[language]
            address = shell.light_address(fielding.study.code, request.url.query)
        response = frame.page(language, title, address).respond(request.headers, "no-store")
        if survey:
            response.headers["Content-Security-Policy"] = without_fonts
        return response

    return [
        Route(path, serve, methods=["GET"])
        for path in ("/", "/respond", "/editor", "/sampling", "/field", "/workbench")
    ]


def main() -> None:
    """Show one page. Researchers' pages do not exist for anyone who is not at this machine."""
    site = current()
    survey = st.Page(_respond, title="Survey", url_path="respond", visibility="hidden")
    if site.console and is_at_the_machine(st.context.headers):
        words = console_words(st.context.headers.get("accept-language", ""))
        console = st.Page(_console, title=words["studies"], url_path="console", default=True)
        editor = st.Page(_editor, title=words["editor"], url_path="editor")
        field = st.Page(_dashboard, title=words["field"], url_path="field")
        sampling = st.Page(_sampling, title=words["sampling"], url_path="sampling")
        analysis = st.Page(_workbench, title=words["analysis"], url_path="workbench")
        st.navigation([console, editor, sampling, field, analysis, survey], position="top").run()
    else:
        door = st.Page(_door, title="synergy", url_path="door", default=True)
        st.navigation([door, survey], position="hidden").run()


def _respond() -> None:
    from questionnaire.pages import respond

    respond.render(current())


def _console() -> None:
    from questionnaire.pages import console

    console.render(current())


def _editor() -> None:
    from questionnaire.pages import editor

    editor.render(current())


def _sampling() -> None:
    from questionnaire.pages import sampling

    sampling.render(current())


def _dashboard() -> None:
    # Flags are the analysis's, which the questionnaire knows nothing of; they are counted in a process
    # of their own, so that only their name is needed here.
    from analysis.pipeline.field_flags import field_flags
    from questionnaire.pages import dashboard

    dashboard.render(current(), field_flags)


def _workbench() -> None:
    # Here and nowhere above: the respondent's path loads no statistics.
    from analysis.pages import workbench

    workbench.render()


def _door() -> None:
    from questionnaire.pages import door

    door.render()


if __name__ == "__main__":
    main()
