"""The hooks of a bindings file, made for one server."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from watchword.contract.address import UnusableAddress, read_address
from watchword.contract.hooks import CommandHook, Hook, HttpHook
from watchword.contract.imap import ImapMailbox
from watchword.contract.mailboxes import ListedMails, Mailbox
from watchword.contract.mailpit import Mailpit
from watchword.contract.wire import Wire

WAYS = ("request", "command", "imap", "mailpit")
"""In which a hook is reached; the last two are for mails."""
_PLACES = {"list": "mails", "to": "to", "subject": "subject", "text": "text"}


class UnusableHook(Exception):
    """A hook cannot be used; the message says which value, and what would be right."""


class HookMaker:
    """
    Makes the hooks of one server; those of one address share a connection.

    Args:
        url: Of the server.
        addresses: At which mails reach somebody, in lower case.

    Attributes:
        wires: The connections, by their addresses.
    """

    def __init__(self, url: str, addresses: frozenset[str]) -> None:
        self._url, self._addresses = url, addresses
        self.wires: dict[str, Wire] = {}

    def hook(self, name: str, table: Mapping[str, Any]) -> Hook:
        """
        Make a hook of a table.

        Raises:
            UnusableHook: It cannot be used.
        """
        if "command" in table:
            command = table["command"]
            if not isinstance(command, list) or not command or not all(isinstance(word, str) for word in command):
                raise UnusableHook(f'hooks.{name}.command has to be a list of words, as in ["./reset.sh", "--quiet"]')
            return CommandHook(name, tuple(command))
        method, _, place = str(table["request"]).partition(" ")
        if not place.startswith(("/", "http://", "https://")):
            raise UnusableHook(f'hooks.{name}.request has to be a method and a path or an address: "POST /test/reset"')
        parts = _address(f"hooks.{name}.request", f"{_root(self._url)}{place}" if place.startswith("/") else place)
        path = f"{parts.path}{'?' if parts.query else ''}{parts.query}"
        wire = self._wire(_root(parts.geturl()))
        return HttpHook(name, wire, method, path, table.get("headers", {}), table.get("body", ""))

    def mailbox(self, table: Mapping[str, Any]) -> Mailbox:
        """
        Make the place where mails are looked for.

        Raises:
            UnusableHook: It cannot be used.
        """
        code = _code(table)
        given = {argument: str(table[name]) for name, argument in _PLACES.items() if name in table}
        if "imap" in table or "mailpit" in table:
            if given:
                raise UnusableHook("hooks.mails: list, to, subject and text are for a request or a command")
            if "imap" in table:
                return ImapMailbox(table["imap"], self._addresses, code)
            parts = _address("hooks.mails.mailpit", str(table["mailpit"]))
            return Mailpit(self._wire(parts.geturl()), self._addresses, code, table.get("headers", {}))
        return ListedMails(self.hook("mails", table), **given, code=code)

    def _wire(self, root: str) -> Wire:
        return self.wires.setdefault(root, Wire(root))


def _address(place: str, text: str) -> SplitResult:
    try:
        return read_address(text)
    except UnusableAddress as error:
        raise UnusableHook(f"{place} {error}") from None


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _code(table: Mapping[str, Any]) -> re.Pattern[str]:
    try:
        code = re.compile(str(table["code"]))
    except re.error as error:
        raise UnusableHook(f"hooks.mails.code is not a regular expression: {error}") from None
    if code.groups > 1:
        raise UnusableHook("hooks.mails.code has to have one group at most: what a person would copy")
    return code
