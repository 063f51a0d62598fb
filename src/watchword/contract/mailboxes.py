"""Where the mails of a server are looked for."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson

from watchword.contract.driver import Mail, TargetFailed
from watchword.contract.hooks import Hook
from watchword.contract.values import at

_TAG = re.compile(r"<(?:style|script)\b.*?</(?:style|script)>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)
_TARGET = re.compile(r"""\bhref\s*=\s*["']([^"']+)""", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s\"'<>]+")


class Mailbox(Protocol):
    """
    A place at which mails arrive.

    Raises:
        TargetFailed: Of every method: they cannot be read.
    """

    def begin(self) -> None:
        """Forget the mails that are there."""

    def read(self) -> Sequence[Mail]:
        """List the mails since then, oldest first."""

    def close(self) -> None:
        """End the connection."""


def make_mail(to: str, subject: str, text: str, code: re.Pattern[str]) -> Mail:
    """Make a mail of its text; *code* is what a code in it looks like."""
    codes = tuple(code.findall(_LINK.sub(" ", text))) or tuple(code.findall(text))
    return Mail(to, subject, codes, tuple(_LINK.findall(text)), text)


def plain(text: str) -> str:
    """Write HTML as plain text; the addresses of links stay."""
    links = " ".join(html.unescape(one) for one in _TARGET.findall(text))
    return f"{html.unescape(_TAG.sub(' ', text))} {links}"


@dataclass
class ListedMails:
    """
    All mails in one list, as a hook gives it.

    Args:
        mails: A JSON pointer to the list; the others are pointers within a mail.
        code: What a code in a text looks like.
    """

    source: Hook
    mails: str = ""
    to: str = "/to"
    subject: str = "/subject"
    text: str = "/text"
    code: re.Pattern[str] = re.compile(r"\b\d{6}\b")
    _earlier: int = field(default=0, init=False)

    def begin(self) -> None:
        """Forget the mails that are there."""
        self._earlier = len(self._read())

    def read(self) -> Sequence[Mail]:
        """List the mails since then, oldest first."""
        return [self._mail(one) for one in self._read()[self._earlier :]]

    def close(self) -> None:
        """The hook has no connection of its own."""

    def _read(self) -> Sequence[Any]:
        said = self.source.run()
        try:
            content = orjson.loads(said.content)
        except ValueError:
            told = f" ({said.form})" if said.form else ""
            raise TargetFailed(f"hooks.mails: the answer is not JSON{told}") from None
        try:
            found: Sequence[Any] = at(content, self.mails)[:]
        except (LookupError, TypeError) as error:
            raise _unreadable(error) from None
        return found

    def _mail(self, one: Any) -> Mail:
        try:
            to, subject, text = (at(one, pointer) for pointer in (self.to, self.subject, self.text))
        except LookupError as error:
            raise _unreadable(error) from None
        return make_mail(str(to[0] if isinstance(to, list) else to), str(subject), str(text), self.code)


def _unreadable(error: Exception) -> TargetFailed:
    return TargetFailed(f"hooks.mails: what it answers has nothing at {error}")
