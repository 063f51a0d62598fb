"""What a mail says on two Watchwords alike: its subject, and where its links lead."""

import re
from urllib.parse import urlsplit

from watchword.contract.driver import Mail
from watchword.domain.loopback import is_loopback

_OWN = re.compile(r"[0-9]{3}|[@%]")
"""What a segment has that is an id, a code or an address."""


def mail_words(mail: Mail) -> str:
    """Say what a mail is, without what only one person has in it."""
    return _told(mail, is_near=False)


def mail_words_anywhere(mail: Mail) -> str:
    """Say the same, without addresses of this machine: those of servers that listen there differ."""
    return _told(mail, is_near=True)


def _told(mail: Mail, *, is_near: bool) -> str:
    places = dict.fromkeys(_place(one, mail, is_near=is_near) for one in mail.links)
    leads = f" with a link to {', '.join(places)}" if places else ""
    return f"“{mail.subject}”{leads}"


def _place(link: str, mail: Mail, *, is_near: bool) -> str:
    parts = urlsplit(link)
    path = "/".join("…" if one in mail.codes or _OWN.search(one) else one for one in parts.path.split("/"))
    if is_near and is_loopback(parts.hostname or ""):
        return path
    return f"{parts.scheme}://{parts.netloc}{path}"
