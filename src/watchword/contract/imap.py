"""A mailbox that is read by IMAP; nothing in it changes."""

import email
import email.policy
import imaplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import partial
from re import Pattern
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from watchword.contract.address import UnusableAddress
from watchword.contract.driver import Mail, TargetFailed
from watchword.contract.mailboxes import make_mail, plain
from watchword.domain.loopback import is_loopback

_PATIENCE_SECONDS = 30.0
_PORTS = {"imaps": 993, "imap": 143}
_LOST = (imaplib.IMAP4.abort, OSError)
T = TypeVar("T")


@dataclass(frozen=True)
class ImapAddress:
    """
    Where a mailbox is.

    Args:
        is_encrypted: From the first byte on; otherwise once the server offers it.
    """

    host: str
    port: int
    is_encrypted: bool
    user: str = field(repr=False)
    password: str = field(repr=False)
    mailbox: str


def read_imap_address(text: str, read: Callable[[str], str]) -> ImapAddress:
    """
    Take an address such as ``imaps://user:$PASSWORD@host/INBOX`` apart.

    Args:
        read: Gives the value of a text that may be written as ``$NAME``.

    Raises:
        UnusableAddress: It cannot be used; the message does not repeat it.
    """
    try:
        parts = urlsplit(text)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        parts, port = urlsplit(""), 0
    mailbox = unquote(parts.path.strip("/")) or "INBOX"
    if parts.scheme not in _PORTS or not (parts.hostname and parts.username and parts.password):
        raise UnusableAddress('is not an address as in "imaps://user:$PASSWORD@host/INBOX"')
    if parts.query or parts.fragment or not (mailbox.isascii() and mailbox.isprintable()):
        raise UnusableAddress("has more than a mailbox in its path, or a mailbox that is not in ASCII")
    user, password = (read(one) if one.startswith("$") else unquote(one) for one in (parts.username, parts.password))
    if not (user + password).isascii():
        raise UnusableAddress("has a name or a password beyond ASCII, which IMAP does not take")
    return ImapAddress(parts.hostname, port, parts.scheme == "imaps", user, password, mailbox)


@dataclass
class ImapMailbox:
    """
    The mails to some people in a mailbox.

    Args:
        addresses: Of the people, in lower case; mails to others are nobody's business.
        code: What a code in a text looks like.
    """

    address: ImapAddress
    addresses: frozenset[str]
    code: Pattern[str]
    _connection: imaplib.IMAP4 | None = field(default=None, init=False, repr=False)
    _newest: int | None = field(default=None, init=False)
    """The UID of the newest mail that was looked at; None before the first look."""
    _read: list[Mail] = field(default_factory=list, init=False, repr=False)

    def begin(self) -> None:
        """Forget the mails that are there."""
        self._newest = max([self._newest or 0, *self._again(self._find)])
        self._read.clear()

    def read(self) -> Sequence[Mail]:
        """List the mails since then, oldest first."""
        if self._newest is None:
            self.begin()
        for uid in self._again(self._find):
            mail = self._mail(self._again(partial(_fetch, uid=uid)))
            self._read += [] if mail is None else [mail]
            self._newest = uid
        return list(self._read)

    def close(self) -> None:
        """End the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.logout()
            except (*_LOST, imaplib.IMAP4.error):
                connection.shutdown()

    def _again(self, ask: Callable[[imaplib.IMAP4], T]) -> T:
        """Ask the server, and once more on a new connection if it has ended the old one."""
        was_connected = self._connection is not None
        try:
            return ask(self._connected())
        except _LOST as error:
            self.close()
            if was_connected:
                return self._again(ask)
            # What a server says may repeat what it was sent.
            why = f"does not answer ({error})" if isinstance(error, OSError) else "ends the connection"
            raise self._failed(why, hung=isinstance(error, TimeoutError)) from None
        except imaplib.IMAP4.error:
            self.close()
            raise self._failed("does not show its mails") from None

    def _connected(self) -> imaplib.IMAP4:
        if self._connection is None:
            self._connection = self._open()
        return self._connection

    def _open(self) -> imaplib.IMAP4:
        """Connect and log in; what the server says of that is not repeated."""
        where, context = self.address, ssl.create_default_context()
        connection: imaplib.IMAP4
        if where.is_encrypted:
            connection = imaplib.IMAP4_SSL(where.host, where.port, ssl_context=context, timeout=_PATIENCE_SECONDS)
        else:
            connection = imaplib.IMAP4(where.host, where.port, timeout=_PATIENCE_SECONDS)
            if "STARTTLS" in connection.capabilities:
                connection.starttls(context)
            elif not is_loopback(where.host):
                connection.shutdown()
                raise self._failed("offers no encryption: no password is sent there")
        try:
            connection.login(_quoted(where.user), where.password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            connection.shutdown()
            raise self._failed("refuses the name or the password") from None
        if connection.select(_quoted(where.mailbox), readonly=True)[0] != "OK":
            connection.shutdown()
            raise self._failed(f"has no mailbox {where.mailbox}")
        return connection

    def _find(self, connection: imaplib.IMAP4) -> Sequence[int]:
        """List the UIDs of what is new, oldest first."""
        connection.noop()
        after = self._newest or 0
        # The last one is always among them.
        found = b" ".join(one or b"" for one in _answered(connection.uid("SEARCH", "UID", f"{after + 1}:*")))
        return sorted(uid for uid in map(int, found.split()) if uid > after)

    def _mail(self, content: bytes) -> Mail | None:
        """Read a message; None if it is for somebody else."""
        message = email.message_from_bytes(content, policy=email.policy.default)
        try:
            to = next((one for one in _addressees(message) if one in self.addresses), None)
            return None if to is None else make_mail(to, str(message["subject"] or ""), _text(message), self.code)
        except (LookupError, ValueError, TypeError, AttributeError):
            raise self._failed("has a mail that cannot be read") from None

    def _failed(self, why: str, *, hung: bool = False) -> TargetFailed:
        return TargetFailed(f"hooks.mails: {self.address.host}:{self.address.port} {why}", hung=hung)


def _fetch(connection: imaplib.IMAP4, uid: int) -> bytes:
    parts = _answered(connection.uid("FETCH", str(uid), "(BODY.PEEK[])"))
    return next((one[1] for one in parts if isinstance(one, tuple)), b"")


def _addressees(message: EmailMessage) -> Sequence[str]:
    return [one.addr_spec.lower() for header in message.get_all("to", []) for one in header.addresses]


def _text(message: EmailMessage) -> str:
    body: Any = message.get_body(("plain", "html"))
    if body is None:
        return ""
    text = str(body.get_content())
    return plain(text) if body.get_content_type() == "text/html" else text


def _answered(reply: tuple[str, Sequence[Any]]) -> Sequence[Any]:
    """
    Take an answer out of its status.

    Raises:
        imaplib.IMAP4.error: The server has refused.
    """
    status, parts = reply
    if status != "OK":
        raise imaplib.IMAP4.error(status)
    return parts


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
