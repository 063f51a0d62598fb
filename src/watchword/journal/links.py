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
        return f"{root}{inside}/__admin/journal/{journal.next_id}/explain"

    return link
