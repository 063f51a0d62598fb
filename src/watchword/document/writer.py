"""Write a document as YAML that means the same to readers of YAML 1.1 and of 1.2."""

from functools import cache
from typing import Any

import yaml

from watchword.document.reader import PLAIN_SCALARS


def write_yaml(document: dict[str, Any]) -> str:
    """Write *document* without anchors, because many readers of OpenAPI documents do not follow them."""
    return str(yaml.dump(document, Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=110))


@cache
def _dumper() -> Any:
    base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    # A text that either version would read as something else is quoted.
    resolvers = {first: list(known) for first, known in base.yaml_implicit_resolvers.items()}
    for first, known in PLAIN_SCALARS.items():
        resolvers.setdefault(first, []).extend(known)
    ignore_aliases = {"ignore_aliases": lambda _self, _data: True}
    return type("_Dumper", (base,), {"yaml_implicit_resolvers": resolvers, **ignore_aliases})
