"""What one process serves: the studies being fielded and the store they share."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from questionnaire.access.connect import open_access
from questionnaire.access.institution import Institution
from questionnaire.access.operator import record
from questionnaire.access.service import Access
from questionnaire.loading import load_study, parse_study
from questionnaire.service import Fielding
from questionnaire.storage import Storage, connect

STUDIES = Path(__file__).parents[2] / "data" / "studies"


@dataclass(frozen=True, slots=True)
class Site:
    """``fieldings`` by study code; ``local`` says that only this machine can reach the address.

    ``named`` says that the studies were named one by one, so that no other in the store is served.
    ``institutions`` are where people may sign in elsewhere; filled in when the pages are set up.
    """

    database: str
    fieldings: dict[str, Fielding]
    access: Access
    local: bool
    institutions: list[Institution] = field(default_factory=list)
    named: bool = False

    @property
    def storage(self) -> Storage:
        """The store that all studies of this site share."""
        return next(iter(self.fieldings.values())).storage

    def fielding(self, code: str | None) -> Fielding | None:
        """The study of that code; without a code, the study if there is only one."""
        if code:
            return self.fieldings.get(code)
        return next(iter(self.fieldings.values())) if len(self.fieldings) == 1 else None

    def behind(self) -> dict[str, str]:
        """The hashes of versions in the store that are newer than what is served, by study code."""
        newest = self.storage.newest_versions()
        return {
            code: content_hash
            for code, content_hash in newest.items()
            if (code not in self.fieldings and not self.named)
            or (code in self.fieldings and self.fieldings[code].study.content_hash != content_hash)
        }

    def serve_stored(self, content_hash: str) -> None:
        """Serve a version that is in the store. Raises StudyError and StorageUnavailableError."""
        stored = self.storage.study(content_hash)
        study = parse_study(stored.text, f"stored study {stored.code} {stored.version}")
        self.fieldings[stored.code] = Fielding(study, stored.text, self.storage)

    def adopt(self, text: str, *, opens: bool = False) -> Fielding:
        """Serve the study in ``text`` from now on; it becomes a version in the store.

        With ``opens`` newcomers are let in, and no more into the version served before; those under way
        finish the version they began. Other processes on the same store follow within seconds; see
        :mod:`questionnaire.web.following`.
        Raises StudyError and StorageUnavailableError.
        """
        study = parse_study(text, "study")
        before = self.fieldings.get(study.code)
        fielding = Fielding(study, text, self.storage)
        if opens:
            fielding.open()
            if before is not None and before.study.content_hash != study.content_hash:
                before.close()
        self.fieldings[study.code] = fielding
        return fielding


def open_site(database: str, studies: tuple[Path, ...], host: str, *, opens: bool = True) -> Site:
    """Connect the store and load the study files (those that come with the product when none is named).

    ``opens`` opens to respondents what was never opened before; what was closed stays closed.
    Accounts stand in the same database as the answers. Raises StudyError, OSError, StorageUnavailableError
    and ValueError (a database URL of an unknown kind).
    """
    paths = studies or tuple(sorted(STUDIES.glob("*.yaml")))
    storage = connect(database)
    access = open_access(database)
    known_before = {version.content_hash for version in storage.studies()}
    fieldings = {}
    for path in paths:
        study = load_study(path)
        fieldings[study.code] = Fielding(study, path.read_text(encoding="utf-8-sig"), storage)
    site = Site(database, fieldings, access, local=is_loopback(host), named=bool(studies))
    # A version edited in the application since, or a study made there, is what is served.
    for content_hash in site.behind().values():
        site.serve_stored(content_hash)
    for code, fielding in fieldings.items():
        study = fielding.study
        version = f"version {study.version} {study.content_hash[:12]}"
        if study.content_hash not in known_before:
            record(access, "changed study", code, version)
        if opens and fielding.open():
            record(access, "open study", code, version)
    return site


def site_from_environment() -> Site:
    """The site described by SYNERGY_DB, SYNERGY_STUDIES (joined as PATH is) and SYNERGY_HOST."""
    named = os.environ.get("SYNERGY_STUDIES", "")
    studies = tuple(Path(name) for name in named.split(os.pathsep) if name)
    database = os.environ.get("SYNERGY_DB", "sqlite:///synergy.sqlite")
    return open_site(database, studies, os.environ.get("SYNERGY_HOST", "127.0.0.1"))


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an address, no port) can only be reached from this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_at_the_machine(headers: Mapping[str, str]) -> bool:
    """Whether a request was addressed to this machine by a browser at it.

    A page elsewhere that points its own name at 127.0.0.1 has another Host. A proxy says that it forwards,
    or leaves the browser's own Origin. None of this stops someone who forges headers through a proxy that
    adds none; it decides only whether synthetic demo answers are shown without an account.
    """
    names = {name.lower(): value for name, value in headers.items()}
    if any(name in names for name in _FORWARDED):
        return False
    origin = urlsplit(names["origin"]).hostname if "origin" in names else "localhost"
    host = names.get("host", "")
    return is_loopback(origin or "") and is_loopback(host if host.endswith("]") else host.rsplit(":", 1)[0])


_FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")

_current: list[Site] = []


def publish(site: Site) -> None:
    """Make ``site`` the one this process serves; pages are scripts and can be handed nothing."""
    _current[:] = [site]


def current() -> Site:
    """The site this process serves; RuntimeError when the server was not started by ``synergy serve``."""
    if not _current:
        raise RuntimeError("no site is being served; start the server with `synergy serve`")
    return _current[0]
