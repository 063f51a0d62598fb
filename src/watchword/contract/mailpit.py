"""Mailpit as the mailbox: https://mailpit.axllent.org."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from watchword.contract.driver import Mail, TargetFailed
from watchword.contract.hooks import named
from watchword.contract.mailboxes import make_mail, plain
from watchword.contract.wire import Wire

_MOST = 100
"""Mails that one look lists; a sequence sends a handful."""


@dataclass
class Mailpit:
    """
    The mails to some people in a Mailpit.

    Args:
        addresses: Of the people, in lower case; mails to others are nobody's business.
        code: What a code in a text looks like.
        headers: Are sent with every request.
    """

    wire: Wire
    addresses: frozenset[str]
    code: re.Pattern[str]
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    _earlier: set[str] = field(default_factory=set, init=False)
    _read: dict[str, Mail] = field(default_factory=dict, init=False, repr=False)

    def begin(self) -> None:
        """Forget the mails that are there."""
        self._earlier |= {identifier for identifier, _ in self._list()}
        self._read.clear()

    def read(self) -> Sequence[Mail]:
        """List the mails since then, oldest first."""
        new = [(identifier, to) for identifier, to in self._list() if identifier not in self._earlier]
        for identifier, to in reversed(new):
            if identifier not in self._read:
                self._read[identifier] = self._mail(identifier, to)
        return list(self._read.values())

    def close(self) -> None:
        """End the connection."""
        self.wire.close()

    def _list(self) -> Sequence[tuple[str, str]]:
        """List ids and addressees, the newest first."""
        found: dict[str, tuple[datetime, str]] = {}
        for domain in sorted({address.partition("@")[2] for address in self.addresses if "@" in address}):
            listed = self._ask(f"/api/v1/search?{urlencode({'query': f'to:{domain}', 'limit': _MOST})}")
            for one in self._part(listed, "messages"):
                ours = [to for to in self._addressees(one) if to in self.addresses]
                if ours:
                    found[str(self._part(one, "ID"))] = _moment(one.get("Created")), ours[0]
        newest_first = sorted(found.items(), key=lambda one: one[1][0], reverse=True)
        return [(identifier, to) for identifier, (_, to) in newest_first]

    def _addressees(self, one: Any) -> Sequence[str]:
        return [str(self._part(to, "Address")).lower() for to in self._part(one, "To") or ()]

    def _mail(self, identifier: str, to: str) -> Mail:
        told = self._ask(f"/api/v1/message/{identifier}")
        text = str(self._part(told, "Text") or "").strip() or plain(str(told.get("HTML") or ""))
        return make_mail(to, str(told.get("Subject", "")), text, self.code)

    def _ask(self, path: str) -> Any:
        with named("mails"):
            reply = self.wire.send("GET", path, {"Accept": "application/json", **self.headers}, b"")
        if reply.status != 200 or not isinstance(reply.body, Mapping):
            asked = f"GET {path.partition('?')[0]}"
            raise TargetFailed(f"hooks.mails: {self.wire.url} is not a Mailpit: {asked} was answered {reply.status}")
        return reply.body

    def _part(self, one: Any, name: str) -> Any:
        if not isinstance(one, Mapping) or name not in one:
            raise TargetFailed(f"hooks.mails: {self.wire.url} is not a Mailpit: its answer has no {name}")
        return one[name]


def _moment(text: object) -> datetime:
    """Read when a mail came; mails that do not say stay in the order in which they are listed."""
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
