"""Where the mails of a server are looked for."""

import html
import re
from collections.abc import Mapping, Sequence
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
        return _list_in(content, self.mails)

    def _mail(self, one: Any) -> Mail:
        to, subject = _part(one, "to", self.to), _part(one, "subject", self.subject)
        text = _part(one, "text", self.text)
        return make_mail(str(to[0] if isinstance(to, list) else to), str(subject), str(text), self.code)


def _list_in(content: Any, pointer: str) -> Sequence[Any]:
    try:
        found = at(content, pointer)
    except LookupError:
        found = None
    if isinstance(found, list):
        return found
    lists = [f"/{name}" for name, member in _members(content).items() if isinstance(member, list)]
    near = f"; there is one at {' and at '.join(lists)}" if lists else ""
    raise TargetFailed(f'hooks.mails.list: the answer has no list at "{pointer}"{near}')


def _part(mail: Any, name: str, pointer: str) -> Any:
    try:
        return at(mail, pointer)
    except LookupError:
        there = ", ".join(f"/{one}" for one in _members(mail)) or "no members"
        raise TargetFailed(f'hooks.mails.{name}: a mail has nothing at "{pointer}"; it has {there}') from None


def _members(content: Any) -> Mapping[str, Any]:
    return content if isinstance(content, Mapping) else {}
