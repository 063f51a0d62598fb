"""Split a template into texts and actions, and an action into tokens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_SPACE = " \t\r\n"
_COMMENT_END = "*/"


class Unreadable(ValueError):
    """The template breaks the language's rules."""


class Kind(StrEnum):
    """The kinds of tokens."""

    SPACE = "space"
    FIELD = "field"
    DOT = "dot"
    VARIABLE = "variable"
    WORD = "word"
    NUMBER = "number"
    CHARACTER = "character"
    STRING = "string"
    RAW_STRING = "raw string"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of an action, as it is written."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Action:
    """What stands between double braces."""

    tokens: tuple[Token, ...]


_WORD = r"[^\W]+"
_TOKENS = re.compile(
    rf"(?P<SPACE>[ \t\r\n]+)|(?P<FIELD>\.(?!\d){_WORD})|(?P<DOT>\.(?!\d))|(?P<VARIABLE>\$\w*)"
    r"|(?P<NUMBER>[+-]?(?:\d|\.\d)(?:[eE][+-]|[0-9A-Za-z_.]|(?<=[pP])[+-])*)"
    rf"|(?P<WORD>(?!\d){_WORD})"
    r"|(?P<CHARACTER>'(?:[^'\\\n]|\\.)+')"
    r'|(?P<STRING>"(?:[^"\\\n]|\\[^\n])*")'
    r"|(?P<RAW_STRING>`[^`]*`)"
    r"|(?P<SIGN>:=|[=|(),])"
)
_NEEDS_TERMINATOR = (Kind.FIELD, Kind.DOT, Kind.VARIABLE, Kind.WORD)
_TERMINATORS = frozenset(" \t\r\n.,|:()")


def split(template: str) -> Iterator[str | Action]:
    """
    Yield the texts and the actions of *template*, without comments and what is trimmed.

    Raises:
        Unreadable: An action does not end, or holds something that is no token.
    """
    at, trims = 0, False
    while True:
        start = template.find("{{", at)
        text = template[at:] if start < 0 else template[at:start]
        if trims:
            text = text.lstrip(_SPACE)
        if start < 0:
            yield text
            return
        inside = start + 2
        if template[inside : inside + 1] == "-" and template[inside + 1 : inside + 2] in tuple(_SPACE):
            text, inside = text.rstrip(_SPACE), inside + 2
        yield text
        if template.startswith("/*", inside):
            at, trims = _after_comment(template, inside)
            continue
        tokens, at, trims = _read_action(template, inside)
        yield Action(tokens)


def _after_comment(template: str, inside: int) -> tuple[int, bool]:
    end = template.find(_COMMENT_END, inside)
    if end >= 0:
        end += len(_COMMENT_END)
        found = _end(template, end)
        if found is not None:
            return found
    raise Unreadable


def _end(template: str, at: int) -> tuple[int, bool] | None:
    """Return what follows the end of an action at *at*, and whether it trims; None if there is none."""
    if template.startswith("}}", at):
        return at + 2, False
    if template[at : at + 1] in tuple(_SPACE) and template.startswith("-}}", at + 1):
        return at + 4, True
    return None


def _read_action(template: str, at: int) -> tuple[tuple[Token, ...], int, bool]:
    tokens: list[Token] = []
    while (found := _end(template, at)) is None:
        token = _TOKENS.match(template, at)
        if token is None or token.lastgroup is None:
            raise Unreadable
        kind, text = Kind[token.lastgroup], token[0]
        if kind is Kind.SPACE and template.startswith("-}}", token.end()):
            # The last blank belongs to the end of the action.
            text = text[:-1]
        at += len(text)
        if kind in _NEEDS_TERMINATOR and not _terminated(template, at):
            raise Unreadable
        if kind is Kind.NUMBER and re.match(r"\w", template[at : at + 1]):
            raise Unreadable
        tokens.append(Token(kind, text))
    return tuple(tokens), *found


def _terminated(template: str, at: int) -> bool:
    return template[at : at + 1] in _TERMINATORS or template.startswith("}}", at)
