"""What has changed on purpose since the answers were recorded: our own sentences, old and new."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    "At most so many requests of one caller in a window.": "A limit on the requests of one caller in a window.",
    "How many requests are let through in one window.": "How many requests are allowed in one window.",
    "Windows in which requests of one caller are counted; beyond them 429.": (
        "Limits on the requests of one caller; more requests are answered 429."
    ),
    "Base of the links in mails, so that a front end's own page opens.": (
        "What the links in mails start with: the address of your front end."
    ),
}
"""Our own words in hints and messages; a vendor's words never change here."""


def as_of_today(text: str) -> str:
    """Put today's sentences in the place of those that were recorded."""
    for old, new in SENTENCES.items():
        text = text.replace(old, new)
    return text
