"""The page of mails: as a person reads them."""

import re
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
    newest = str(found[0].id if found else 0)
    if "seen" in visit.query:
        if visit.query["seen"] == newest:
            return Unchanged()
        return Page("mail_rows.html", {"mails": found[:_MOST], "newest": newest})
    return Page("mails.html", {"mails": found[:_MOST], "newest": newest})


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
