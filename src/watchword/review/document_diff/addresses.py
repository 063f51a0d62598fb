"""Where operations are served: servers, and base paths."""

from collections.abc import Iterator

from watchword.document.servers import BASE_PATHS
from watchword.review.document_diff.change import Change, change
from watchword.review.document_diff.context import Context
from watchword.review.document_diff.parts import Pair, Part


def compare_servers(context: Context, pair: Pair) -> Iterator[Change]:
    """Compare the ``servers`` that an object has itself."""
    servers = pair.get("servers")
    base, head = _by_address(servers.base), _by_address(servers.head)
    for address in {**base, **head}:
        one = Pair(base.get(address), head.get(address))
        where = ("servers", address)
        if one.base is None and one.head is not None:
            yield change("server-added", f"{address} is new", None, Part(address, one.head.steps), where=where)
        elif one.head is None and one.base is not None:
            yield change("server-removed", f"{address} is gone", Part(address, one.base.steps), None, where=where)
        else:
            variables = one.get("variables")
            if variables.differs:
                told = f"the variables of {address} are others"
                yield change("server-variables-changed", told, variables.base, variables.head, where=where)
            for found in context.annotations(one, {"url", "variables"}):
                yield found.below(*where)


def _by_address(servers: Part | None) -> dict[str, Part]:
    return {} if servers is None else {one.value["url"].rstrip("/") or "/": one for one in servers.entries()}


def compare_base_paths(pair: Pair) -> Iterator[Change]:
    """Compare the base paths that an object has itself."""
    paths = pair.get(BASE_PATHS)
    base, head = (
        {} if part is None else {str(one.value): one for one in part.entries()} for part in (paths.base, paths.head)
    )
    for path in {**base, **head}:
        if path not in head:
            yield change("base-path-removed", f"{path} is gone", base[path], None, where=(BASE_PATHS, path))
        elif path not in base:
            yield change("base-path-added", f"{path} is new", None, head[path], where=(BASE_PATHS, path))
