"""Where a refusal is explained."""

from collections.abc import Callable

from watchword.edge.exchange import Exchange
from watchword.edge.public_url import path_of
from watchword.journal.journal import Journal
from watchword.sandbox import DEFAULT


def explain_link(journal: Journal) -> Callable[[Exchange], str]:
    """Make the function that gives the path at which the exchange that is noted next is explained."""

    def link(exchange: Exchange) -> str:
        root = path_of(exchange.root_url)
        name = exchange.sandbox.name
        # A sandbox that a header chose is not in the address yet.
        inside = "" if name == DEFAULT or root.endswith(f"/~{name}") else f"/~{name}"
        return next_link(journal, f"{root}{inside}")

    return link


def explain_refused_link(journal: Journal) -> Callable[[str, str], str]:
    """Make the function that gives this path for a request without an exchange; empty if it is not noted."""

    def link(root: str, path: str) -> str:
        return next_link(journal, root) if journal.notes(path) else ""

    return link


def next_link(journal: Journal, root: str) -> str:
    """
    Give the path at which what is noted next is explained.

    Args:
        root: What stands before every path of this server, and of a sandbox.
    """
    return f"{root}/__admin/journal/{journal.next_id}/explain"
