"""Signing in and out and joining by a link: small pages of our own, without any script."""

from __future__ import annotations

import html
from collections.abc import Sequence
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from questionnaire.access.errors import AccessError, TooManyAttemptsError
from questionnaire.access.institution import Institution
from questionnaire.access.service import PER_ADDRESS, Access
from questionnaire.storage import StorageUnavailableError
from questionnaire.web.cookies import SESSION, drop, session_value
from questionnaire.web.form_page import FormPage
from questionnaire.web.institution import IDENTITY, LOGOUT, PAGE, PROBLEMS


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _status(error: AccessError) -> int:
    return 429 if isinstance(error, TooManyAttemptsError) else 400


def _link(where: str, said: str) -> str:
    return f'<p><a href="{html.escape(where)}">{html.escape(said)}</a></p>'


def _offer(page: FormPage, institution: Institution) -> str:
    """The link that signs in elsewhere, as plain as the button above it."""
    words = page.words["institution_named"] if institution.title else page.words["institution"]
    said = html.escape(words.format(title=institution.title))
    where = f"{page.base}{PAGE}?at={quote(institution.name)}&lang={page.language}"
    return f'<p><a class="button" href="{html.escape(where)}">{said}</a></p>'


def routes(access: Access, institutions: Sequence[Institution] = ()) -> list[Route]:
    """/sign-in, /sign-out and /welcome/{secret}; ``institutions`` are offered for signing in elsewhere."""

    async def sign_in(request: Request) -> Response:
        page = FormPage(request, "sign_in")
        name, problem, status = "", request.query_params.get("problem", ""), 200
        problem = problem if problem in PROBLEMS else ""
        if request.method == "POST":
            sent = await page.sent()
            if sent is None:
                problem, status = "form_old", 403
            else:
                name = sent.get("name", "")[:256]
                password = sent.get("password", "")
                try:
                    cookie = await run_in_threadpool(access.sign_in, name, password, _address(request))
                    return page.signed_in(cookie)
                except AccessError as error:
                    problem, status = error.reason, _status(error)
                except StorageUnavailableError:
                    problem, status = "unavailable", 503
        below = f"<p>{html.escape(page.words['ask_owner'])}</p>"
        elsewhere = "".join(_offer(page, one) for one in institutions)
        fields = page.field("name", "text", "username", name)
        fields += page.field("password", "password", "current-password")
        return page.form(fields, page.words["sign_in"], status, problem, below=elsewhere + below)

    async def sign_out(request: Request) -> Response:
        page = FormPage(request, "sign_out")
        cookie = session_value(request.headers)
        home = f'<p><a href="{page.base}">{html.escape(page.words["home"])}</a></p>'
        try:
            account = await run_in_threadpool(access.who, cookie)
            there = bool(institutions) and IDENTITY in request.cookies
            if account is None or cookie is None:
                also = _link(page.base + LOGOUT[1:], page.words["institution_leave"]) if there else ""
                return page.page(f"<p>{html.escape(page.words['not_signed_in'])}</p>{also}{home}")
            problem, status = "", 200
            response: Response
            if request.method == "POST":
                if await page.sent() is not None:
                    await run_in_threadpool(access.sign_out, cookie)
                    if there:
                        # Not by redirecting: a form's answer may not lead to another site (form-action).
                        onward = page.base + LOGOUT[1:]
                        content = _link(onward, page.words["institution_leave"])
                        response = page.page(content, onward=onward)
                    else:
                        headers = {"Cache-Control": "no-store"}
                        response = RedirectResponse(page.base + "sign-in", 303, headers)
                    drop(response, request, SESSION)
                    return response
                problem, status = "form_old", 403
        except StorageUnavailableError:
            return page.page(home, 503, "unavailable")
        said = f"<p>{html.escape(page.words['signed_in_as'].format(name=account.name))}</p>"
        return page.form("", page.words["sign_out"], status, problem, above=said, below=home)

    async def welcome(request: Request) -> Response:
        page = FormPage(request, "welcome")
        secret, bucket = request.path_params["secret"], f"links {_address(request)}"
        try:
            if await run_in_threadpool(access.attempts, bucket) >= PER_ADDRESS:
                return page.page("", 429, "too_many")
            try:
                kind, account = await run_in_threadpool(access.link, secret)
            except AccessError as error:
                await run_in_threadpool(access.attempt, bucket)
                return page.page("", 404, error.reason)
            name, problem, status = "", "", 200
            if request.method == "POST":
                sent = await page.sent()
                if sent is None:
                    problem, status = "form_old", 403
                else:
                    name = sent.get("name", "")[:256]
                    try:
                        if kind == "handed over":
                            return page.signed_in(await run_in_threadpool(access.take_over, secret))
                        password = sent.get("password", "")
                        return page.signed_in(await run_in_threadpool(access.welcome, secret, name, password))
                    except AccessError as error:
                        problem, status = error.reason, _status(error)
        except StorageUnavailableError:
            return page.page("", 503, "unavailable")
        if kind == "handed over" and account is not None:
            return page.form("", page.words["go_on"].format(name=account.name), status, problem)
        key = "invited_as" if account else "first_owner"
        said = page.words[key].format(name=account.name if account else "")
        fields = "" if account else page.field("name", "text", "username", name, "name_hint")
        fields += page.field("password", "password", "new-password", hint="password_hint")
        return page.form(fields, page.words["join"], status, problem, above=f"<p>{html.escape(said)}</p>")

    both = ["GET", "POST"]
    return [
        Route("/sign-in", sign_in, methods=both),
        Route("/sign-out", sign_out, methods=both),
        Route("/welcome/{secret}", welcome, methods=both),
    ]
