"""OpenAPI Overlay 1.0: change a document without editing its files."""

import logging
from copy import deepcopy
from pathlib import Path
from typing import Any

from jsonpath_rfc9535 import JSONPathError
from jsonpath_rfc9535 import find as find_nodes

from watchword.document.bundle import DocumentError, read_yaml

_log = logging.getLogger("watchword.document")


def apply_overlay(document: dict[str, Any], path: Path) -> dict[str, Any]:
    """
    Apply the overlay in the file *path*.

    Args:
        document: Bundled; it is not changed.

    Returns:
        A changed copy. An action whose target matches nothing changes nothing; a warning names the action.

    Raises:
        DocumentError: The file is not an overlay, or an action cannot be applied; the message names the action.

    Source:
        Overlay Specification 1.0.0, section 4.4.
    """
    overlay = read_yaml(path)
    if not isinstance(overlay, dict) or not str(overlay.get("overlay", "")).startswith("1."):
        raise DocumentError(f"{path}: an overlay starts with 'overlay: 1.0.0'")
    actions = overlay.get("actions")
    if not isinstance(actions, list) or not actions:
        raise DocumentError(f"{path}: an overlay has a list of 'actions'")
    changed = deepcopy(document)
    for number, action in enumerate(actions, 1):
        _apply_action(changed, action, f"{path}: action {number}")
    return changed


def _apply_action(document: dict[str, Any], action: Any, place: str) -> None:
    if not isinstance(action, dict) or not isinstance(action.get("target"), str):
        raise DocumentError(f"{place}: needs a 'target', a JSONPath such as $.paths['/x'].post")
    try:
        nodes = list(find_nodes(action["target"], document))
    except JSONPathError as error:
        raise DocumentError(f"{place}: target {action['target']!r}: {error}") from error
    if not nodes:
        # The specification allows it, but most often it is a typing error.
        _log.warning("%s: target %r matches nothing in the document", place, action["target"])
    if action.get("remove") is True:
        _remove(document, {node.location for node in nodes}, place)
    elif "update" in action:
        for node in nodes:
            _update(document, node.location, action["update"], place)
    else:
        raise DocumentError(f"{place}: needs 'update' or 'remove: true'")


def _remove(document: dict[str, Any], locations: set[tuple[int | str, ...]], place: str) -> None:
    if () in locations:
        raise DocumentError(f"{place}: the whole document cannot be removed")

    def depth_and_index(location: tuple[int | str, ...]) -> tuple[int, int]:
        last = location[-1]
        return len(location), last if isinstance(last, int) else 0

    # Deepest and last ones first, so that the other locations stay valid.
    for location in sorted(locations, key=depth_and_index, reverse=True):
        del _node_at(document, location[:-1])[location[-1]]


def _node_at(document: Any, location: tuple[int | str, ...]) -> Any:
    for step in location:
        document = document[step]
    return document


def _update(document: dict[str, Any], location: tuple[int | str, ...], update: Any, place: str) -> None:
    target = _node_at(document, location)
    if isinstance(target, list):
        target.append(deepcopy(update))
    elif isinstance(target, dict) and isinstance(update, dict):
        _merge(target, update)
    else:
        raise DocumentError(
            f"{place}: 'target' must match objects or arrays, and 'update' must be an object for an object"
        )


def _merge(target: dict[str, Any], update: dict[str, Any]) -> None:
    for name, value in update.items():
        here = target.get(name)
        if isinstance(here, dict) and isinstance(value, dict):
            _merge(here, value)
        elif isinstance(here, list) and isinstance(value, list):
            here.extend(deepcopy(value))
        else:
            target[name] = deepcopy(value)
