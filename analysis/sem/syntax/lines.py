"""Tokens to logical lines: one line a statement, continuations joined."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.sem.syntax.source import Source
from analysis.sem.syntax.tokens import Token

Line = tuple[Token, ...]


def logical_lines(source: Source, tokens: tuple[Token, ...]) -> Iterator[Line]:
    """Lines of tokens without newlines, each closed by a token of kind ``end``.

    A line goes on after an operator, inside parentheses, and when the next line begins with an operator.
    A semicolon always ends it. Raises ModelError for parentheses that do not match.
    """
    line: list[Token] = []
    open_at: list[Token] = []
    for index, token in enumerate(tokens):
        if token.kind not in {"newline", "end"}:
            _track(source, token, open_at)
            line.append(token)
        elif token.kind == "end" or token.text == ";" or not (open_at or _goes_on(line, tokens, index)):
            if open_at:
                raise source.fault(open_at[-1].position, "this parenthesis is never closed", "add “)”")
            if line:
                yield (*line, Token("end", "", line[-1].end))
            line = []


def _track(source: Source, token: Token, open_at: list[Token]) -> None:
    if token.text == "(":
        open_at.append(token)
    elif token.text == ")":
        if not open_at:
            raise source.fault(token.position, "“)” closes nothing", "remove it, or add “(” before")
        open_at.pop()


def _goes_on(line: list[Token], tokens: tuple[Token, ...], index: int) -> bool:
    if not line:
        return False
    following = next(token for token in tokens[index:] if token.kind != "newline" or token.text == ";")
    after_operator = line[-1].kind == "operator" or (line[-1].kind == "symbol" and line[-1].text != ")")
    before_operator = following.kind == "operator" or (following.kind == "symbol" and following.text != "(")
    return after_operator or before_operator
