"""Base paths: where else than at its own path an operation is served."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import islice, product
from typing import Any

from watchword.document.operations import Operation

BASE_PATHS = "x-base-paths"
"""Base paths of a path item or an operation that say nothing about hosts, as ``servers`` do."""
_HOST = re.compile(r"[a-z][a-z0-9+.-]*://[^/]*|//[^/]*", re.IGNORECASE)
_UP = re.compile(r"\A/*(\.{1,2}/+)*(\.{1,2}\Z)?")
"""What leads from a document to its server: a path is one of this server in any case."""
_VARIABLE = re.compile(r"\{([^{}]+)\}")
_MOST = 100
"""Paths of one server: the variables of a document may have any number of values."""


def base_paths(document: Mapping[str, Any], item: Mapping[str, Any], operation: Mapping[str, Any]) -> tuple[str, ...]:
    """
    List the base paths of an operation, from the ``servers`` that are in force for it.

    Args:
        item: The path item that it is in.
    """
    servers = servers_in_force(document, item, operation)
    own = operation.get(BASE_PATHS, item.get(BASE_PATHS, ()))
    found = (*(path for server in servers for path in _paths(server)), *own)
    return tuple(dict.fromkeys(base for path in found if (base := path.rstrip("/"))))


def servers_in_force(
    document: Mapping[str, Any], item: Mapping[str, Any], operation: Mapping[str, Any]
) -> Sequence[Mapping[str, Any]]:
    """Give the servers of an operation: its own, or those of the path item that it is in, or the document's."""
    return next((one["servers"] for one in (operation, item, document) if one.get("servers")), ())


def has_bases(item: Mapping[str, Any], operation: Mapping[str, Any]) -> bool:
    """Whether an operation says itself where it is served."""
    return any(key in one for one in (item, operation) for key in ("servers", BASE_PATHS))


def _paths(server: Mapping[str, Any]) -> Iterator[str]:
    """Yield the paths of one server, with every value that its variables may have."""
    template = server["url"]
    names = list(dict.fromkeys(_VARIABLE.findall(template)))
    variables = server.get("variables") or {}
    values = (_values(variables.get(name, {})) for name in names)
    for chosen in islice(product(*values), _MOST):
        path = template
        for name, value in zip(names, chosen, strict=True):
            path = path.replace(f"{{{name}}}", value)
        path = _HOST.sub("", path, count=1).partition("?")[0].partition("#")[0]
        yield f"/{_UP.sub('', path, count=1)}"


def _values(variable: Mapping[str, Any]) -> list[str]:
    """List the values of a variable, its default first."""
    return list(dict.fromkeys(str(one) for one in (variable.get("default", ""), *variable.get("enum", ()))))


def inherit_bases(operations: Iterable[Operation], independent: AbstractSet[str]) -> Iterator[Operation]:
    """
    Serve every operation that does not say where under the bases of its system too.

    Args:
        independent: The ids of the operations that say where. What they have in common are the bases of a system.
    """
    every = list(operations)
    common: dict[str, list[str]] = {}
    for one in every:
        if one.id in independent:
            before = common.setdefault(one.system, list(one.base_paths))
            common[one.system] = [base for base in before if base in one.base_paths]
    for one in every:
        bases = one.base_paths
        if one.id not in independent:
            bases = tuple(dict.fromkeys((*common.get(one.system, ()), *bases)))
        yield replace(one, base_paths=bases)
