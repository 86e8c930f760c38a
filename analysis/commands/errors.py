"""The one error that subcommands raise themselves."""

from __future__ import annotations


class UnusableInputError(Exception):
    """What was given cannot be used; the message says where, what and how to mend it."""
