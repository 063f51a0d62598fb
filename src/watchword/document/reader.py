"""
Read a file as OpenAPI says: JSON, or YAML 1.2 as far as JSON can express it.

PyYAML parses, in C. What a plain scalar means is decided here, by the core schema of YAML 1.2: ``no``, ``on``,
``1:30`` and dates are strings, and ``010`` is ten.
"""

import json
import math
import re
import sys
from collections.abc import Callable, Iterator
from errno import ELOOP
from pathlib import Path
from typing import Any

import yaml
from yaml.error import MarkedYAMLError
from yaml.reader import ReaderError

from watchword.document.errors import DocumentError
from watchword.document.json_places import Misplaced, misplaced_constant, misplaced_string
from watchword.document.links import IN_A_CIRCLE

DEEPEST = 200
"""Levels of nesting that are read. Validators and writers stop at 255, and documents of people have less than 40."""
_REPEATED_AT_MOST = 500_000
"""Values that aliases may repeat; an "alias bomb" repeats millions."""
_LONGEST_INTEGER = 400
"""Characters of an integer that is read; the greatest number that JSON's readers have in common has 309 digits."""
_SHOWN = 20
"""Characters of a number that cannot be read, in a message."""
_MERGE = "tag:yaml.org,2002:merge"
_HALF_OF_A_PAIR = re.compile("[\ud800-\udfff]")


def read_file(path: Path) -> Any:
    """
    Read a YAML or JSON file.

    Returns:
        JSON types. Keys (``404:`` too) are strings, as written.

    Raises:
        DocumentError: It is missing, or neither YAML nor JSON; the message names file, line and column.
    """
    text = _text(path)
    try:
        return _read_json(text) if _is_json(text, path) else _YamlReader(text).read()
    except MarkedYAMLError as error:
        raise DocumentError(f"{path}{_place(error)}: {_sentence(error)}") from error
    except ReaderError as error:
        # Its position counts bytes or characters; it is always the first character of that kind.
        before = text.partition(chr(error.character))[0]
        raise DocumentError(f"{path}{_end(before)}: {error.reason} (#x{error.character:04x})") from error
    except json.JSONDecodeError as error:
        raise DocumentError(f"{path}:{error.lineno}:{error.colno}: not JSON: {_json_sentence(error)}") from error
    except Misplaced as error:
        raise DocumentError(f"{path}{_end(text[: error.offset])}: {error}") from error
    except (ValueError, yaml.YAMLError) as error:
        raise DocumentError(f"{path}: {error}") from error
    except RecursionError:
        raise DocumentError(f"{path}: {_too_deep()}") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        before, byte = error.object[: error.start].decode(), error.object[error.start]
        raise DocumentError(
            f"{path}{_end(before)}: the byte 0x{byte:02x} is not UTF-8; save the file as UTF-8"
        ) from error
    except OSError as error:
        problem = f"it {IN_A_CIRCLE}" if error.errno == ELOOP else error.strerror
        raise DocumentError(f"{path}: {problem}") from error


def _end(text: str) -> str:
    """Tell line and column of what comes after *text*."""
    lines = text.split("\n")
    return f":{len(lines)}:{len(lines[-1]) + 1}"


def _sentence(error: MarkedYAMLError) -> str:
    return " ".join(filter(None, (error.context, error.problem))) or "not YAML"


def _json_sentence(error: json.JSONDecodeError) -> str:
    """Say what is wrong; some messages of Python end with "at", before a place that is told elsewhere."""
    problem = error.msg.removesuffix(" starting at").removesuffix(" at")
    return problem[0].lower() + problem[1:]


def _place(error: MarkedYAMLError) -> str:
    mark = error.problem_mark
    return "" if mark is None else f":{mark.line + 1}:{mark.column + 1}"


def _is_json(text: str, path: Path) -> bool:
    if path.suffix.lower() == ".json":
        return True
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _read_json(text: str) -> Any:
    def refuse_constant(name: str) -> Any:
        raise misplaced_constant(name, text)

    try:
        value = json.loads(
            text, object_pairs_hook=_unique, parse_int=_integer, parse_float=_float, parse_constant=refuse_constant
        )
    except (json.JSONDecodeError, Misplaced):
        raise
    except ValueError as error:
        raise _with_place(error, text) from None
    check_depth(value)
    if "\\ud" in text.lower() and _HALF_OF_A_PAIR.search(json.dumps(value, ensure_ascii=False)):
        problem = "a string has half of a surrogate pair, which is no character"
        raise misplaced_string(problem, text, lambda one: bool(_HALF_OF_A_PAIR.search(one)))
    return value


def _with_place(error: ValueError, text: str) -> Exception:
    """Find where in the JSON *text* an *error* is that Python tells without its place: as YAML it is the same there."""
    try:
        _YamlReader(text).read()
    except MarkedYAMLError as found:
        if found.problem == str(error):
            return found
    except (ValueError, yaml.YAMLError):
        pass
    return error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"duplicate key {next(name for name in names if names.count(name) > 1)!r}")
    return made


def check_depth(value: Any, place: str = "") -> None:
    """
    Refuse what is nested too deeply to be served.

    Raises:
        ValueError: It is.
    """
    level, depth = [value], 0
    while level := [item for node in level for item in _items(node)]:
        depth += 1
        if depth > DEEPEST:
            raise ValueError(f"{place}{_too_deep()}")


def count_values(value: Any) -> int:
    """Count *value* and everything in it."""
    waiting, count = [value], 1
    while waiting:
        node = waiting.pop()
        count += len(node) if isinstance(node, dict | list) else 0
        waiting.extend(_items(node))
    return count


def _items(node: Any) -> Iterator[Any]:
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return (item for item in inner if isinstance(item, dict | list))


def _too_deep() -> str:
    return f"it is nested more than {DEEPEST} levels deep"


class _Parser(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]  # one of two bases
    """Parses YAML and resolves plain scalars as YAML 1.2 does, to nodes with tags."""


def _integer(text: str) -> int | float:
    if len(text) > _LONGEST_INTEGER:
        raise ValueError(_too_great(text))
    number = int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    # Writers and validators of JSON have no longer integers.
    return number if -(2**63) <= number < 2**64 else _float(str(number))


def _float(text: str) -> float:
    if text.lstrip("-+.")[:1] in "iInN":
        raise ValueError(f"{text} is not a value of JSON")
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(_too_great(text))
    return number


def _too_great(text: str) -> str:
    """Say that a number cannot be read; its digits could fill a page."""
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"
    return f"the number {shown} is too great; the greatest that is read is {sys.float_info.max:.1e}"


_TAG = "tag:yaml.org,2002:"
_SPECIAL_FLOATS = r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
_CORE: dict[str, tuple[str, str, Callable[[str], Any]]] = {
    "null": ("~nN", "~|null|Null|NULL", lambda _text: None),
    "bool": ("tTfF", "true|True|TRUE|false|False|FALSE", lambda text: text.lower() == "true"),
    "int": ("-+0123456789", "[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", _integer),
    "float": (
        "-+.0123456789",
        rf"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|{_SPECIAL_FLOATS}",
        _float,
    ),
}
"""Plain scalars that are no strings: first characters, pattern and meaning. (YAML 1.2.2, section 10.3.2)"""
# "<<" is a merge key only as a key.
_MEANINGS: dict[str, Callable[[str], Any]] = {
    _TAG + "str": str,
    _MERGE: str,
    **{_TAG + name: meaning for name, (_, _, meaning) in _CORE.items()},
}
# Merge keys are of YAML 1.1, and people use them.
PLAIN_SCALARS = {"<": [(_MERGE, re.compile("<<$"))], "": [(_TAG + "null", re.compile("$"))]}
"""Tags and patterns of plain scalars by their first character, as PyYAML looks them up."""
for _name, (_first, _pattern, _) in _CORE.items():
    for _character in _first:
        PLAIN_SCALARS.setdefault(_character, []).append((_TAG + _name, re.compile(f"(?:{_pattern})$")))
_Parser.yaml_implicit_resolvers = PLAIN_SCALARS


def parse_nodes(path: Path) -> yaml.Node | None:
    """Parse a file that could be read once more, to nodes with marks; None if it is JSON that is no YAML."""
    try:
        parser = _Parser(path.read_text(encoding="utf-8-sig"))
        try:
            node: yaml.Node | None = parser.get_single_node()
        finally:
            parser.dispose()
    except (OSError, ValueError, yaml.YAMLError):
        return None
    return node


class _YamlReader:
    """Turns the nodes of one text into JSON types."""

    def __init__(self, text: str) -> None:
        self._text = text
        # Without aliases a text cannot have more nodes than characters.
        self._left = len(text) + _REPEATED_AT_MOST
        self._open: set[int] = set()

    def read(self) -> Any:
        parser = _Parser(self._text)
        try:
            node = parser.get_single_node()
        finally:
            parser.dispose()
        return None if node is None else self._value(node)

    def _value(self, node: yaml.Node) -> Any:
        self._left -= 1
        if self._left < 0:
            raise ValueError(f"its aliases repeat more than {_REPEATED_AT_MOST:,} values")
        if type(node) is yaml.ScalarNode:
            return self._scalar(node)
        identity = id(node)
        if identity in self._open:
            raise _error("a node contains itself", node.start_mark)
        if len(self._open) >= DEEPEST:
            raise _error(_too_deep(), node.start_mark)
        self._open.add(identity)
        value: Any
        if type(node) is yaml.MappingNode and node.tag == _TAG + "map":
            value = self._mapping(node)
        elif type(node) is yaml.SequenceNode and node.tag == _TAG + "seq":
            value = [self._value(item) for item in node.value]
        else:
            raise _unknown_tag(node)
        self._open.remove(identity)
        return value

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        meaning = _MEANINGS.get(node.tag)
        if meaning is None:
            raise _unknown_tag(node)
        try:
            return meaning(node.value)
        except ValueError as error:
            raise _error(str(error), node.start_mark) from error

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Any]:
        made: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key, value in node.value:
            if type(key) is not yaml.ScalarNode:
                raise _error("a key must be a scalar", key.start_mark)
            if key.tag == _MERGE:
                for one in value.value if type(value) is yaml.SequenceNode else [value]:
                    merged = {**self._merged(one), **merged}
            elif key.value in made:
                raise _error(f"duplicate key {key.value!r}", key.start_mark)
            else:
                made[key.value] = self._value(value)
        return {**merged, **made} if merged else made

    def _merged(self, node: yaml.Node) -> dict[str, Any]:
        value = self._value(node)
        if not isinstance(value, dict):
            raise _error("'<<' merges mappings only", node.start_mark)
        return value


def _error(problem: str, mark: Any) -> MarkedYAMLError:
    return MarkedYAMLError(None, None, problem, mark)


def _unknown_tag(node: yaml.Node) -> MarkedYAMLError:
    tag = node.tag.replace(_TAG, "!!")
    return _error(f"the tag {tag} has no meaning in OpenAPI", node.start_mark)
