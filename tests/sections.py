"""Parts of a page that a program writes, between marks."""

import re


def put_section(page: str, mark: str, text: str) -> str:
    """Put *text* between ``<!-- mark -->`` and ``<!-- /mark -->`` of *page*; without them it stays as it is."""
    section = re.compile(rf"(?<=<!-- {mark} -->\n).*?(?=<!-- /{mark} -->)", re.DOTALL)
    return section.sub(lambda _found: f"{text}\n", page)


def read_section(page: str, mark: str) -> str:
    """Read what stands between the marks; empty if nothing does."""
    found = re.search(rf"<!-- {mark} -->\n(.*?)\n?<!-- /{mark} -->", page, re.DOTALL)
    return found[1] if found else ""
