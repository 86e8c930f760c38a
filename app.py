"""One application: the survey's routes and the pages around it.

Imported, it offers the ASGI application; run as a script by the page framework, it shows the page asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from streamlit import file_util

from questionnaire.access.roles import Permission, Visitor
from questionnaire.pages import foot, institution, look
from questionnaire.pages.ended import plain_run
from questionnaire.pages.spoken import spoken
from questionnaire.pages.visitor import demo_is_on, visitor
from questionnaire.pages.words import console_language, console_words
from questionnaire.storage import StorageUnavailableError
from questionnaire.web import api, assets, light, preview, security, shell, sign_in
from questionnaire.web.express import Express
from questionnaire.web.following import follow
from questionnaire.web.gate import Gate
from questionnaire.web.institution import PAGE as INSTITUTION_PAGE
from questionnaire.web.institution import InstitutionRoutes
from questionnaire.web.opening import preferred_language
from questionnaire.web.site import Site, current, is_at_the_machine, publish, site_from_environment

if TYPE_CHECKING:
    from streamlit.starlette import App

HERE = Path(__file__).resolve()


def create(site: Site | None = None) -> App:
    """The ASGI application for ``site``, or for the one the environment describes."""
    from streamlit.starlette import App

    if site is None:
        site = site_from_environment()
        follow(site)
    publish(site)
    security.keep_addresses_out_of_logs()
    static = Path(file_util.get_static_dir())
    frame = shell.Shell((static / "index.html").read_text("utf-8"), shell.component_files(static))

    def demonstration(headers: Headers) -> bool:
        return site.local and demo_is_on() and is_at_the_machine(headers)

    application = App(
        HERE,
        routes=[
            *api.routes(site),
            *light.routes(site),
            *assets.routes(),
            *preview.routes(),
            *sign_in.routes(site.access, site.institutions),
            *_frames(site, frame),
        ],
        middleware=[
            Middleware(Express, routes=api.writing(site), headers=security.PLAIN),
            Middleware(security.SecurityHeaders, page_policy=security.policy(frame.html)),
            Middleware(Gate, access=site.access, demonstration=demonstration, ended=plain_run),
            Middleware(InstitutionRoutes, access=site.access, institutions=site.institutions),
            Middleware(shell.CompressedStatic, folder=static),
        ],
    )
    # Only now: the framework looks for its settings beside the script it has been given.
    site.institutions[:] = institution.configured()
    return application


def _frames(site: Site, frame: shell.Shell) -> list[Route]:
    """The framework's one HTML file at each page's address, in the visitor's language."""

    without_fonts = security.policy(frame.html, fonts="'none'")

    async def serve(request: Request) -> Response:
        query = request.query_params
        fielding = site.fielding(query.get("study"))
        survey = request.url.path == "/respond"
        accepted = request.headers.get("accept-language", "")
        language, title, address = console_language(accepted), "synergy", None
        if survey and fielding is not None:
            language = preferred_language(fielding.study, query.get("lang"), accepted)
            title = fielding.study.title[language]
            address = shell.light_address(fielding.study.code, request.url.query)
        response = frame.page(language, title, address).respond(request.headers, "no-store")
        if survey:
            response.headers["Content-Security-Policy"] = without_fonts
        return response

    paths = ("/", "/respond", f"/{INSTITUTION_PAGE}", *(f"/{page.path}" for page in PAGES))
    return [Route(path, serve, methods=["GET"]) for path in paths]


@dataclass(frozen=True, slots=True)
class ResearchersPage:
    """A page, the permission it needs and its title's key among the console's words."""

    path: str
    render: Callable[[], None]
    needs: Permission
    title: str


def main() -> None:
    """Show one page. A page that whoever asks may not see does not exist for them, at this very run."""
    site = current()
    # For whoever asks: what they show of their own is asked for by themselves.
    open_to_all = [st.Page(_respond, title="Survey", url_path="respond", visibility="hidden")]
    if site.institutions:
        elsewhere = st.Page(_institution, title="synergy", url_path=INSTITUTION_PAGE, visibility="hidden")
        open_to_all.append(elsewhere)
    try:
        asking = visitor(site)
    except StorageUnavailableError:
        asking = Visitor(None)
    words = console_words(spoken())
    allowed = [
        st.Page(page.render, title=words[page.title], url_path=page.path)
        for page in PAGES
        if asking.may(page.needs)
    ]
    if allowed:
        # The framework serves its default page at the root only: were the first page that one, whoever
        # asks for it by its own address would be told that there is no such page.
        def home() -> None:
            st.switch_page(allowed[0])

        root = st.Page(home, title="synergy", url_path="home", default=True, visibility="hidden")
        shown = st.navigation([root, *allowed, *open_to_all], position="top")
        if shown not in open_to_all:
            look.render()
        shown.run()
        if shown not in open_to_all:
            foot.render(asking, words)
    else:
        door = st.Page(_door, title="synergy", url_path="door", default=True)
        st.navigation([door, *open_to_all], position="hidden").run()


def _respond() -> None:
    from questionnaire.pages import respond

    respond.render(current())


def _institution() -> None:
    institution.render(current())


def _console() -> None:
    # Made by the analysis, which the questionnaire knows nothing of, in a process of its own.
    from analysis.reporting.stored_bundle import stored_bundle
    from questionnaire.pages import console

    console.render(current(), stored_bundle)


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
    from analysis.reporting.field_comparability import field_comparability
    from questionnaire.pages import dashboard

    dashboard.render(current(), field_flags, field_comparability)


def _workbench() -> None:
    # Here and nowhere above: the respondent's path loads no statistics.
    from analysis.pages import workbench

    workbench.render()


def _door() -> None:
    from questionnaire.pages import door

    door.render()


def _people() -> None:
    from questionnaire.pages import people

    people.render(current())


PAGES = (
    ResearchersPage("console", _console, Permission.SEE_RESULTS, "studies"),
    ResearchersPage("editor", _editor, Permission.CHANGE_STUDIES, "editor"),
    ResearchersPage("sampling", _sampling, Permission.CHANGE_STUDIES, "sampling"),
    ResearchersPage("field", _dashboard, Permission.SEE_RESULTS, "field"),
    ResearchersPage("workbench", _workbench, Permission.TRY_DEMO, "analysis"),
    ResearchersPage("people", _people, Permission.MANAGE_PEOPLE, "people"),
)
"""Every page but the respondent's and the door. What is not in this table cannot be reached."""


if __name__ == "__main__":
    main()
