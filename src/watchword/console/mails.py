"""The page of mails: as a person reads them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from watchword.console.site import Site
from watchword.console.visit import Page, Redirect, Unchanged, Visit
from watchword.control.errors import NoSuchMessage
from watchword.control.inbox import empty_inbox, find_messages, read_message
from watchword.domain.outbox import Message

_MOST = 500


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; with an address if it is a link."""

    text: str
    href: str = ""


def show(_site: Site, visit: Visit) -> Page | Redirect | Unchanged:
    """List mails, newest first; a form deletes them all."""
    if visit.changes:
        empty_inbox(visit.sandbox)
        return Redirect("mails")
    found = find_messages(visit.sandbox)
    seen = _seen(found)
    if visit.query.get("seen") == seen:
        return Unchanged()
    return Page("mail_rows.html" if "seen" in visit.query else "mails.html", {"mails": found[:_MOST], "seen": seen})


def _seen(found: Sequence[Message]) -> str:
    """Name a list of mails; after the inbox was emptied or the sandbox reset, the same ids are of other mails."""
    return f"{len(found)}-{found[0].id}-{found[0].sent_at.isoformat()}" if found else "0"


def open_one(site: Site, visit: Visit) -> Page:
    """Open one mail."""
    text = visit.rest[1]
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise NoSuchMessage(0)
    mail = read_message(visit.sandbox, int(text))
    return Page("mail.html", {"mail": mail, "pieces": _pieces(mail), "titles": site.titles})


def _pieces(mail: Message) -> list[Piece]:
    """Divide the text at its links."""
    links = [one for one in mail.links if urlsplit(one).scheme in ("http", "https")]
    if not links:
        return [Piece(mail.text)]
    parts = re.split("(" + "|".join(re.escape(one) for one in sorted(links, key=len, reverse=True)) + ")", mail.text)
    return [Piece(one, one if one in links else "") for one in parts if one]
