"""Model text to tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from analysis.sem.errors import ModelError
from analysis.sem.syntax.source import Source

Kind = Literal["name", "number", "string", "operator", "symbol", "newline", "end"]

RELATIONS = ("=~", "<~", "~*~", "~~", "~", "==", ":=", "<=", ">=", "<", ">", "|", ":", "%")

_PATTERN = re.compile(
    r"""
      (?P<blank>    [ \t\r\f\v\u00a0\u3000\ufeff]+ | [#!][^\n]* )
    | (?P<newline>  [\n;] )
    | (?P<string>   "[^"\n]*" | '[^'\n]*' )
    | (?P<number>   (?: [0-9]+ \.? [0-9]* | \. [0-9]+ ) (?: [eE] [+-]? [0-9]+ )? (?! [\w.] ) )
    | (?P<name>     \.p[0-9]+\. | (?: [^\W\d] | \. (?![0-9]) ) [\w.]* )
    | (?P<operator> =~ | <~ | ~\*~ | ~~ | ~ | == | := | <= | >= | < | > | \| | : | % )
    | (?P<symbol>   \*\* | [-+*/^(),?] )
    """,
    re.VERBOSE,
)

# Word processors turn ~ into a small tilde, which lavaan reads as ~ too.
_SAME = str.maketrans("\u02dc", "~")
_LOOKALIKES = str.maketrans("～＝：｜＊＋－（），；＃！／＾＂“”", '~=:|*+-(),;#!/^"""')


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text; ``position`` is its offset, ``end`` the offset after it."""

    kind: Kind
    text: str
    position: int

    @property
    def end(self) -> int:
        """Offset of the first character after the token."""
        return self.position + len(self.text)


def tokenise(source: Source) -> tuple[Token, ...]:
    """All tokens of a model, without blanks and comments, ended by one of kind ``end``.

    Raises ModelError at the first character that cannot start a token.
    """
    found: list[Token] = []
    text = source.text.translate(_SAME)
    position = 0
    while position < len(text):
        match = _PATTERN.match(text, position)
        if match is None:
            raise _unreadable(source, position)
        if match.lastgroup != "blank":
            found.append(Token(match.lastgroup, match.group(), position))  # type: ignore[arg-type]
        position = match.end()
    found.append(Token("end", "", len(source.text)))
    return tuple(found)


def _unreadable(source: Source, position: int) -> ModelError:
    character = source.text[position]
    plain = character.translate(_LOOKALIKES)
    if plain != character:
        return source.fault(
            position, f"“{character}” is not the operator it looks like", f"type the half-width “{plain}”"
        )
    if character in "\"'":
        return source.fault(position, "this quotation mark is never closed", "close it on the same line")
    if character.isdigit() or character == ".":
        return source.fault(
            position,
            "a name cannot start with a digit",
            "rename the variable so that it starts with a letter",
        )
    if character == "`":
        return source.fault(
            position,
            "names in backquotes are not supported",
            "rename the column: letters, digits, dot and underscore",
        )
    if character == "=":
        return source.fault(
            position, "a single “=” means nothing here", "write =~ to measure, == to constrain, := to define"
        )
    return source.fault(
        position,
        f"unexpected character “{character}”",
        "names consist of letters (of any script), digits, dots and underscores",
    )
