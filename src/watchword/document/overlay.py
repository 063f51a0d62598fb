"""OpenAPI Overlay 1.0 and 1.1: change a document without editing its files."""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
from jsonpath_rfc9535 import JSONPathError
from jsonpath_rfc9535 import find as find_nodes

from watchword.document.bundle import Bundler
from watchword.document.errors import DocumentError
from watchword.document.files import Located
from watchword.document.links import real_path
from watchword.document.marks import ActionPlace
from watchword.document.origins import Change, Origins, Steps, Unmatched
from watchword.document.overlay_targets import Location, find_hidden, tell_unmatched
from watchword.document.reader import check_depth, count_values, read_file
from watchword.document.structure import fields_without_effect, kind_at, kind_of, reference_in
from watchword.domain.alike import tell_alike

_VERSION = re.compile(r"1\.[01](\.[0-9]+)?\Z")

FIELDS = ("target", "description", "update", "copy", "remove")
"""Of an action; others begin with ``x-``."""
_REPEATED_AT_MOST = 250_000
"""Values that one overlay copies, or adds to more than one place."""

_log = logging.getLogger("watchword.document")


def is_overlay(path: Path) -> bool:
    """
    Whether the file *path* is an overlay, and no whole document.

    Raises:
        DocumentError: It cannot be read, or is neither.
    """
    content = read_file(path)
    if not isinstance(content, dict) or not content.keys() & {"overlay", "openapi", "swagger"}:
        kinds = "neither an overlay, which has 'overlay: 1.0.0', nor a document, which has 'openapi: 3.1.0'"
        raise DocumentError(f"{path}: {'it is empty, so it' if content is None else 'it'} is {kinds}")
    return "overlay" in content and "openapi" not in content


def given_once(overlays: Iterable[Path]) -> tuple[Path, ...]:
    """
    Give the files of *overlays*, none of them twice.

    Raises:
        DocumentError: One is given twice, also by another path.
    """
    by_file: dict[Path, Path] = {}
    for path in overlays:
        file = real_path(path)
        if file in by_file:
            also = "" if by_file[file] == path else f", as {by_file[file]} too"
            raise DocumentError(f"{path}: this overlay is given twice{also}; give it once")
        by_file[file] = path
    return tuple(by_file.values())


def apply_overlay(
    document: dict[str, Any], path: Path, origins: Origins | None = None, *, warns: bool = True
) -> dict[str, Any]:
    """
    Apply the overlay in the file *path*.

    Args:
        document: Bundled; it is not changed.
        origins: Notes what was changed where.
        warns: Whether a target that matches nothing, and a field that is not known, are told in a warning.

    Returns:
        A changed copy.

    Raises:
        DocumentError: The file is not an overlay, or an action cannot be applied; the message names the action.

    Source:
        Overlay Specification 1.0.0 and 1.1.0, section 4.4.
    """
    if origins is not None:
        origins.ask(path)
    overlay = read_file(path)
    if not isinstance(overlay, dict) or "overlay" not in overlay:
        empty = "it is empty, but " if overlay is None else ""
        raise DocumentError(f"{path}: {empty}an overlay starts with 'overlay: 1.0.0' or 'overlay: 1.1.0'")
    if not _VERSION.match(str(overlay["overlay"])):
        raise DocumentError(f"{path}: overlay is {overlay['overlay']!r}, but only versions 1.0 and 1.1 are known")
    actions = overlay.get("actions")
    if not isinstance(actions, list) or not actions:
        raise DocumentError(f"{path}: an overlay has a list of 'actions', with at least one")
    changed, room = deepcopy(document), _Room()
    for number, action in enumerate(actions, 1):
        bundler = Bundler(path, changed, is_overlay=True, origins=origins)
        is_newer = not str(overlay["overlay"]).startswith("1.0")
        noted: list[Change] | None = None if origins is None else []
        _Action(changed, bundler, room, ActionPlace(path, number), is_newer=is_newer, noted=noted, warns=warns).apply(
            action
        )
        if origins is not None:
            place = Located(real_path(path), ("actions", str(number - 1)), action)
            origins.changes += (
                replace(one, overlay=place.path, written=(*place.steps, *one.written)) for one in noted or ()
            )
            if not noted:
                origins.unmatched.append(Unmatched(place.part("target"), find_hidden(action["target"], changed)))
            origins.unknown += map(place.part, _unknown_fields(action))
        bundler.add_components_to(changed)
    try:
        check_depth(changed)
    except ValueError as error:
        raise DocumentError(f"{path}: {error}") from error
    return changed


class _Room:
    """How much an overlay may still repeat: a few actions could double a document again and again."""

    def __init__(self) -> None:
        self._left = _REPEATED_AT_MOST

    def take(self, value: Any, times: int, place: ActionPlace) -> None:
        self._left -= count_values(value) * max(times, 0)
        if self._left < 0:
            raise DocumentError(f"{place}: the overlay repeats more than {_REPEATED_AT_MOST:,} values")


class _Action:
    """
    Applies one action to a document in place.

    Args:
        bundler: Follows the references of the overlay.
        room: What may still be repeated.
        place: Of the action, for messages.
        is_newer: Version 1.1, which copies, concatenates arrays and replaces single values.
        noted: Gets what was done where; the steps of what was written begin in the action.
        warns: Whether a target that matches nothing, and a field that is not known, are told.
    """

    def __init__(
        self,
        document: dict[str, Any],
        bundler: Bundler,
        room: _Room,
        place: ActionPlace,
        *,
        is_newer: bool,
        noted: list[Change] | None = None,
        warns: bool,
    ) -> None:
        self._document, self._bundler, self._room = document, bundler, room
        self._place, self._is_newer = place, is_newer
        self._noted, self._warns = noted, warns

    def apply(self, action: Any) -> None:
        if not isinstance(action, dict) or not isinstance(action.get("target"), str):
            raise self._lacking(action, "a 'target', a JSONPath such as $.paths['/x'].post")
        self._check_fields(action)
        for name in _unknown_fields(action) if self._warns else ():
            nearest = tell_alike(name, FIELDS)
            _log.warning("%s: %r is not known and has no effect; %s", self._place.at(name), name, nearest)
        locations = self._find("target", action["target"])
        if not locations and self._warns:
            # The specification allows it, but most often it is a typing error.
            told = tell_unmatched(repr(action["target"]), find_hidden(action["target"], self._document))
            _log.warning("%s: %s", self._place.at("target"), told)
        if action.get("remove") is True:
            if self._noted is not None:
                self._noted += (self._change(one, ("remove",), removes=True) for one in locations)
            _remove(self._document, set(locations), self._place)
            return
        copied = self._copied(action["copy"]) if "copy" in action else None
        if "copy" in action:
            self._room.take(copied, len(locations), self._place)
        else:
            self._room.take(action["update"], len(locations) - 1, self._place)
        for location in locations:
            update = copied if "copy" in action else self._bundled(location, action["update"])
            if self._noted is not None:
                written = ("copy",) if "copy" in action else ("update",)
                self._noted.append(self._change(location, written, update))
            self._put(location, update)

    def _change(
        self, location: Location, written: tuple[str, ...], update: Any = None, *, removes: bool = False
    ) -> Change:
        """Note what is about to happen at *location*."""
        target = _node_at(self._document, location)
        return Change(
            Path(),
            written,
            tuple(map(str, location)),
            {(): len(target)} if isinstance(target, list) else dict(_lengthened(target, update)),
            is_whole=removes or written == ("copy",) or not isinstance(target, dict | list),
            removes=removes,
        )

    def _check_fields(self, action: dict[str, Any]) -> None:
        if action.get("remove") is True:
            return
        if "copy" in action and not self._is_newer:
            raise DocumentError(f"{self._place.at('copy')}: 'copy' is of version 1.1; write 'overlay: 1.1.0'")
        if "copy" in action and "update" in action:
            raise DocumentError(f"{self._place}: has 'update' and 'copy', of which neither has an effect then")
        if "copy" not in action and "update" not in action:
            wanted = "'update', 'copy'" if self._is_newer else "'update'"
            raise self._lacking(action, f"{wanted} or 'remove: true'")

    def _lacking(self, action: Any, wanted: str) -> DocumentError:
        """Make the error of an action without what it needs, which often has it with a typing error."""
        unknown = next(_unknown_fields(action), None) if isinstance(action, dict) else None
        if unknown is None:
            return DocumentError(f"{self._place}: needs {wanted}")
        return DocumentError(f"{self._place.at(unknown)}: {unknown!r} is not known; it needs {wanted}")

    def _find(self, name: str, path: Any) -> list[Location]:
        try:
            return [node.location for node in find_nodes(path, self._document)]
        except JSONPathError as error:
            raise DocumentError(f"{self._place.at(name)}: {name} {path!r}: {_explained(error, path)}") from error
        except (TypeError, RecursionError) as error:
            raise DocumentError(f"{self._place.at(name)}: {name} {path!r}: {error}") from error

    def _copied(self, path: Any) -> Any:
        found = self._find("copy", path)
        if len(found) != 1:
            raise DocumentError(
                f"{self._place.at('copy')}: copy {path!r} must match one node, but matches {len(found)}"
            )
        return deepcopy(_node_at(self._document, found[0]))

    def _bundled(self, location: Location, update: Any) -> Any:
        """
        Follow the references of an update that stands for *location*, or for an entry of the array there.

        Raises:
            DocumentError: One leads nowhere.
        """
        kind = kind_at(location)
        is_array = isinstance(_node_at(self._document, location), list)
        is_entry = is_array and not (self._is_newer and isinstance(update, list))
        return self._bundler.bundled(update, kind_of(kind, 0) if is_entry else kind)

    def _put(self, location: Location, update: Any) -> None:
        """Merge objects, extend arrays, and replace other values."""
        target = _node_at(self._document, location)
        if isinstance(target, list):
            entries = update if self._is_newer and isinstance(update, list) else [update]
            target.extend(deepcopy(entries))
        elif isinstance(target, dict) and isinstance(update, dict):
            for reference, name in self._unread(target, update, kind_at(location)) if self._warns else ():
                _log.warning(
                    "%s: %s stands beside a $ref and has no effect; change what the reference leads to: %s",
                    *(self._place.at("update"), name, reference),
                )
            _merge(target, update)
        elif not self._is_newer:
            raise DocumentError(
                f"{self._place.at('target')}: 'target' must match objects or arrays, and 'update' must be an object for"
                " an object; 'overlay: 1.1.0' replaces single values, too"
            )
        elif isinstance(target, dict) or isinstance(update, dict | list):
            wanted = "an object" if isinstance(target, dict) else "a single value"
            raise DocumentError(
                f"{self._place.at('update')}: {wanted} cannot be merged with {orjson.dumps(update)[:60].decode()}"
            )
        else:
            _node_at(self._document, location[:-1])[location[-1]] = update

    def _unread(self, target: Any, update: Any, kind: str) -> Iterator[tuple[str, str]]:
        """Yield each reference that stays in *target*, with the name of a field that *update* puts beside it."""
        if not isinstance(target, dict) or not isinstance(update, dict):
            return
        reference = reference_in(kind, {**target, **update})
        ignored = list(fields_without_effect(kind, {**target, **update}, str(self._document.get("openapi"))))
        if reference is not None and "$ref" not in update:
            yield from ((reference, name) for name in ignored if name in update)
        for name, value in update.items():
            if name not in ignored:
                yield from self._unread(target.get(name), value, kind_of(kind, name))


def _unknown_fields(action: Mapping[str, Any]) -> Iterator[str]:
    return (name for name in action if name not in FIELDS and not name.startswith("x-"))


def _explained(error: JSONPathError, path: str) -> str:
    """Say what is wrong in *path*, and where in it: the error itself counts lines, as if it were a file."""
    if error.token is None:
        return str(error)
    number = error.token.index + 1
    return f"{error.args[0]}, at its {'end' if number > len(path) else f'character {number}'}"


def _remove(document: dict[str, Any], locations: set[tuple[int | str, ...]], place: ActionPlace) -> None:
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


def _lengthened(target: Any, update: Any, steps: Steps = ()) -> Iterator[tuple[Steps, int]]:
    """Yield steps and length of each array in *target* that merging *update* adds entries to."""
    if isinstance(target, dict) and isinstance(update, dict):
        for name in target.keys() & update.keys():
            yield from _lengthened(target[name], update[name], (*steps, name))
    elif isinstance(target, list) and isinstance(update, list):
        yield steps, len(target)


def _merge(target: dict[str, Any], update: dict[str, Any]) -> None:
    for name, value in update.items():
        here = target.get(name)
        if isinstance(here, dict) and isinstance(value, dict):
            _merge(here, value)
        elif isinstance(here, list) and isinstance(value, list):
            here.extend(deepcopy(value))
        else:
            target[name] = deepcopy(value)
