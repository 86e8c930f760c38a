"""Starts the server: one process, its limits raised, its address printed."""

from __future__ import annotations

import importlib
import os
import resource
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from questionnaire.web.following import follow
from questionnaire.web.site import Site, open_site

if TYPE_CHECKING:
    import uvicorn

DESCRIPTORS_A_RESPONDENT = 4
"""Open files one respondent's page costs while it is open, measured on Linux."""

DESCRIPTORS_WANTED = 65_536
"""Beyond this it is not open files that end a process's service."""

BACKLOG = 2048
KEEP_ALIVE_SECONDS = 65
"""Longer than the 60 s of usual proxies, so that it is never this end that drops a connection in use."""

MESSAGE_MAX = 60 * 1024 * 1024


def serve(
    url: str = "sqlite:///synergy.sqlite",
    port: int = 8501,
    *,
    host: str = "127.0.0.1",
    studies: Sequence[Path | str] = (),
    opens: bool = True,
) -> None:
    """Serve the studies on the store at ``url`` until interrupted; prints where.

    ``opens`` opens to respondents what was never opened before; what was closed stays closed.

    Raises OSError when the port is taken, StorageUnavailableError when the store is out of reach, ValueError
    for a URL of an unknown kind and StudyError for an unusable study file.
    """
    site = open_site(url, tuple(Path(study) for study in studies), host, opens=opens)
    with _listen(host, port) as listening:
        places = raise_descriptor_limit()
        link = site.access.first_owner_link()
        print(announcement(site, host, listening.getsockname()[1], places, link), flush=True)
        # By name: the application imports the page framework, which nothing in this package may.
        application = importlib.import_module("app").create(site)
        follow(site)
        # Left to itself SIGTERM ends the process without its exit handlers, and an analysis running in a
        # process of its own would go on as an orphan.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        _server(application).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    """A socket of our own, so that a taken port is known before anything is said or loaded."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # TCP by name: the event loop sends small answers without delay only on sockets that say so, and the
    # other end's delayed acknowledgement would cost 40 ms a request.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise OSError(error.errno, f"{host}:{port}: {error.strerror}; choose another with --port") from error
    return listening


def _server(application: object) -> uvicorn.Server:
    import uvicorn

    config = uvicorn.Config(
        application,  # type: ignore[arg-type]  # an ASGI application; its type is the framework's
        ws="websockets-sansio",
        ws_max_size=MESSAGE_MAX,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        access_log=False,
        log_level="warning",
        server_header=False,
    )
    return uvicorn.Server(config)


def raise_descriptor_limit() -> int:
    """Raise the limit of open files as far as it goes and helps; how many respondents at once that allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    reachable = DESCRIPTORS_WANTED if hard == resource.RLIM_INFINITY else min(hard, DESCRIPTORS_WANTED)
    if soft != resource.RLIM_INFINITY and soft < reachable:
        resource.setrlimit(resource.RLIMIT_NOFILE, (reachable, hard))
        soft = reachable
    return soft // DESCRIPTORS_A_RESPONDENT if soft != resource.RLIM_INFINITY else reachable


def announcement(site: Site, host: str, port: int, places: int, first_owner: str | None) -> str:
    """What is printed at start: addresses, who can reach what, and the limit on respondents.

    ``first_owner`` is the secret of the link that makes the first account.
    """
    named = "localhost" if host in ("127.0.0.1", "::1") else f"[{host}]" if ":" in host else host
    root = f"http://{named}:{port}"
    lines = [f"synergy is serving at {root}  (stop with Ctrl-C)"]
    lines.append(f"  studies and analysis   {root}/sign-in")
    if first_owner:
        lines.append(f"  make the first account {root}/welcome/{first_owner}")
        lines.append("                         (works once, for 24 hours: who opens it becomes the owner)")
    if site.local and os.environ.get("SYNERGY_DEMO"):
        lines.append(f"  synthetic demo answers {root}/workbench  (from this machine, without an account)")
    for code in site.fieldings:
        lines.append(f"  survey {code:<15} {root}/respond?study={code}")
        lines.append(f"    light version        {root}/s/{code}")
    lines.append(f"  at most {places:,} respondents at once (open files: ulimit -n)")
    return "\n".join(lines)
