"""
The control API's document, completed with what only the systems know.

The systems alone say which systems, operations and settings there are.
The document marks the schemas that are filled in from there (``x-watchword-fill``).
"""

from collections.abc import Callable
from typing import Any

from watchword.admin.settings_schema import settings_schema
from watchword.control.settings import describe_settings
from watchword.document import Document
from watchword.edge.served_api import ServedApi

FILL = "x-watchword-fill"


def complete_document(document: Document, imitated: ServedApi) -> Document:
    """
    Complete *document*.

    Args:
        document: Of the control API.
        imitated: What it controls.

    Returns:
        A new document without ``x-watchword-fill``.
    """
    schemas = document.content["components"]["schemas"]
    models = describe_settings(imitated.sandboxes)
    fills: dict[str, Callable[[], dict[str, Any]]] = {
        "systems": lambda: {"enum": list(models)},
        "operations": lambda: {"enum": _operations(imitated)},
        "settings": lambda: settings_schema(models, schemas["AdminDuration"], patch=False),
        "settings-patch": lambda: settings_schema(models, schemas["AdminDuration"], patch=True),
    }
    filled = {
        name: {**{key: value for key, value in schema.items() if key != FILL}, **fills[schema[FILL]]()}
        if FILL in schema
        else schema
        for name, schema in schemas.items()
    }
    components = {**document.content["components"], "schemas": filled}
    return Document({**document.content, "components": components}, document.systems)


def _operations(imitated: ServedApi) -> list[str]:
    return list(dict.fromkeys(name for api in imitated.alternatives for name in api.document.operations))
