"""What the reference can show: the documents of this server, and what became of their operations."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from watchword.document.changed_operations import Became
from watchword.edge.rules_page import changes_of
from watchword.edge.served_api import ServedApi

CONTROL = "Control API"


class ListedApi(NamedTuple):
    """
    A system, or a document that somebody brings.

    Args:
        operations: How many it has.
        has_rules: Whether there is a page of its rules.
    """

    name: str
    title: str
    operations: int
    has_rules: bool

    @property
    def query(self) -> str:
        """The query of pages that are about it alone."""
        return urlencode({"system": self.name})


def list_apis(imitated: ServedApi, documents: Mapping[str, ServedApi]) -> Iterator[ListedApi]:
    """List the systems of *imitated* that have operations, and the documents beside them."""
    systems = [one.system for one in imitated.document.operations.values()]
    for name in imitated.document.system_names:
        yield ListedApi(name, imitated.systems[name].title, systems.count(name), has_rules=True)
    for name, api in documents.items():
        yield ListedApi(name, api.systems[name].title, len(api.document.operations), has_rules=False)


def list_choices(
    imitated: ServedApi, today: ServedApi, documents: Mapping[str, ServedApi], *, admin: bool
) -> list[dict[str, Any]]:
    """
    List the documents that the reference shows, by addresses relative to it.

    Each has its page of rules, and what became of its operations, if anything: ``{"POST /logout": "changed"}``.

    Args:
        imitated: What describes the systems to the reader: *today*'s document, or a proposal.
    """
    marked = _marked(imitated, today)
    choices = [{"name": "All systems", "url": "../openapi.json", "rules": "rules", **marked}]
    for one in list_apis(imitated, documents):
        own = {"rules": f"rules?{one.query}", **marked} if one.has_rules else {}
        choices.append({"name": one.title, "url": f"../openapi.json?{one.query}", **own})
    for name, api in today.proposals.items():
        query = urlencode({"proposal": name})
        address = {"url": f"../openapi.json?{query}", "rules": f"rules?{query}"}
        choices.append({"name": f"Proposal {name}", **address, **_marked(api, today)})
    if admin:
        choices.append({"name": CONTROL, "url": "../__admin/openapi.json"})
    return choices


def _marked(api: ServedApi, today: ServedApi) -> Mapping[str, Any]:
    changes = changes_of(api, None if api is today else today)
    became = {" ".join(one.place): one.became.value for one in changes if one.became is not Became.GONE}
    return {"changes": became} if became else {}
