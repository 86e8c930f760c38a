"""The ``[auth]`` section of ``.streamlit/secrets.toml``: the page framework's keys and three of ours.

Checked when the server starts, so that a fault is found by who made it and not by who signs in.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from questionnaire.access.institution import Institution

WHERE = ".streamlit/secrets.toml"
DISCOVERY = "/.well-known/openid-configuration"
CALLBACK = "/oauth2callback"
SECRET_MIN = 32
"""Characters of the key that signs what the browser keeps: 128 bits even when they are hexadecimal."""

_LOCAL = ("localhost", "127.0.0.1", "::1")
_NEEDED = ("client_id", "client_secret", "server_metadata_url")


class SettingsError(Exception):
    """A setting that cannot be used: which, where, and how to mend it."""


def institutions(section: Mapping[str, object]) -> tuple[Institution, ...]:
    """The providers of an ``[auth]`` section: its own (``default``) and one a subsection.

    Raises SettingsError.
    """
    _address(section, "auth", "redirect_uri")
    if not str(section["redirect_uri"]).endswith(CALLBACK):
        raise _wrong("auth", "redirect_uri", f"must be this server's address followed by {CALLBACK}")
    secret = section.get("cookie_secret")
    if not isinstance(secret, str) or len(secret) < SECRET_MIN:
        made = "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        raise _wrong("auth", "cookie_secret", f"must have at least {SECRET_MIN} random characters: {made}")
    found = []
    if any(key in section for key in _NEEDED):
        found.append(_institution("default", "auth", section))
    for name, value in section.items():
        if isinstance(value, Mapping) and name != "client_kwargs":
            if "_" in name:
                raise _wrong(f"auth.{name}", "", "a provider's name has no underscore")
            found.append(_institution(name, f"auth.{name}", value))
    if not found:
        raise _wrong("auth", "client_id", f"no provider is described; give {', '.join(_NEEDED)}")
    return tuple(found)


def _institution(name: str, where: str, section: Mapping[str, object]) -> Institution:
    client = section.get("client_id")
    if not isinstance(client, str) or not client:
        raise _wrong(where, "client_id", "missing; the provider gives it out")
    if not section.get("client_secret"):
        raise _wrong(where, "client_secret", "missing; the provider gives it out")
    described = _address(section, where, "server_metadata_url")
    if "issuer" in section:
        issuer = _address(section, where, "issuer")
    elif described.endswith(DISCOVERY):
        issuer = described.removesuffix(DISCOVERY)
    else:
        raise _wrong(where, "issuer", f"needed, because server_metadata_url does not end in {DISCOVERY}")
    trusts = section.get("accept_missing_email_verified", False)
    if not isinstance(trusts, bool):
        raise _wrong(where, "accept_missing_email_verified", "must be true or false, without quotes")
    title = section.get("title", "" if name == "default" else name)
    return Institution(name, str(title)[:80], issuer, client, trusts)


def _address(section: Mapping[str, object], where: str, key: str) -> str:
    value = section.get(key)
    try:
        parts = urlsplit(value if isinstance(value, str) else "")
    except ValueError:
        parts = urlsplit("")
    if not parts.hostname:
        raise _wrong(where, key, "missing, or no absolute address")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise _wrong(where, key, "must begin with https:// (http:// only on this machine itself)")
    return parts.geturl()


def _wrong(where: str, key: str, what: str) -> SettingsError:
    return SettingsError(f"{WHERE}, [{where}]{f', {key}' if key else ''}: {what}")
