"""What the document declares of a message of another protocol, which also carries what REST has in path and query."""

from collections.abc import Mapping
from typing import Any

_NESTED = "."
"""Between the names of a field in a field, as the name of a parameter has them."""


def message_schema(body: Any, *parameters: Mapping[str, Any]) -> dict[str, Any]:
    """
    Put the schema of a message together.

    Args:
        body: The schema of the body of a request; None if it has none.
        parameters: The schemas of the parameters of the path and the query, by name.
    """
    properties: dict[str, Any] = {}
    for declared in parameters:
        for name, schema in declared.items():
            place = properties
            *outer, last = name.split(_NESTED)
            for one in outer:
                place = place.setdefault(one, {"properties": {}})["properties"]
            place[last] = schema
    return {"allOf": [one for one in (body, {"properties": properties}) if one is not None]}
