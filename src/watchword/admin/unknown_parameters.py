"""Query parameters that an operation of the control API does not have: a mistyped filter would find everything."""

from collections.abc import Sequence
from urllib.parse import parse_qsl

from watchword.document import Operation
from watchword.domain.refusal import Violation


def find_unknown_parameters(operation: Operation, query: str) -> Sequence[Violation]:
    """
    List the parameters of *query* that the document does not know, each with those that there are.

    Where the document says ``x-undeclared-query: ignored``, as WireMock does, there are none.
    """
    if operation.raw.get("x-undeclared-query") == "ignored":
        return ()
    known = [one.name for one in operation.parameters if one.where == "query"]
    detail = f"is not known here; there are: {', '.join(known) or 'none'}"
    names = dict.fromkeys(name for name, _ in parse_qsl(query, keep_blank_values=True))
    return [Violation("query", (name,), "undeclared", None, detail, chosen=(0,)) for name in names if name not in known]
