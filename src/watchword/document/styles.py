"""
How parameters are written: the styles of OpenAPI 3.0.3, section 4.7.12.2, beyond one plain text.

A delimiter that is percent-encoded counts as a delimiter too, because most clients encode it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson

from watchword.document.media_types import is_json
from watchword.document.text_values import TextShape, convert

_DELIMITERS = {"form": ",", "simple": ",", "spaceDelimited": " ", "pipeDelimited": "|", "label": ",", "matrix": ","}
_USUAL = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
_STEP = re.compile(r"\[([^\[\]]*)\]")
_PREFIXES = {"label": ".", "matrix": ";"}

Texts = list[tuple[str, str]]
"""Names and texts, in the order of the request."""


class RepeatedError(ValueError):
    """A parameter that is no array is sent several times."""


def add_value(found: dict[str, Any], name: str, value: Any) -> None:
    """Add a property to those *found*; one that is sent several times becomes a list, right only for an array."""
    earlier = found.get(name)
    if name not in found:
        found[name] = value
    elif isinstance(earlier, list):
        earlier.append(value)
    else:
        found[name] = [earlier, value]


@dataclass(frozen=True)
class Sent:
    """
    Where the parameters of a request are.

    Args:
        path: Texts by name.
        query: As sent.
        headers: By lower-case name.
    """

    path: Mapping[str, Any]
    query: str
    headers: Mapping[str, str]

    @cached_property
    def pairs(self) -> Texts:
        """The query, decoded."""
        return parse_qsl(self.query, keep_blank_values=True)

    @cached_property
    def cookies(self) -> Texts:
        """The cookies, decoded."""
        return read_cookies(self.headers)


def read_cookies(headers: Mapping[str, str]) -> Texts:
    """Read the header ``Cookie``; its values are percent-encoded, as in a query, because their style is ``form``."""
    items = (item.partition("=") for item in headers.get("cookie", "").split(";"))
    return [(name.strip(), unquote(text.strip().strip('"'))) for name, equals, text in items if equals]


@dataclass(frozen=True)
class Style:
    """
    How a parameter is written.

    Args:
        name: Of the style; ``JSON`` for a parameter with ``content`` of that type, ``text`` for other content.
        where: ``path``, ``query``, ``header`` or ``cookie``.
        names: The names of its own that an exploded object is written with; empty for other parameters.
        others: The names of the other parameters, if an exploded object has all names but them; else None.
    """

    name: str
    where: str
    explode: bool
    names: frozenset[str] = frozenset()
    others: frozenset[str] | None = None

    def find(self, key: str, sent: Sent) -> Texts:
        """Find the texts of the parameter *key* in a request; none if it was not sent."""
        if self.where in ("path", "header"):
            text = (sent.path if self.where == "path" else sent.headers).get(key)
            return [] if text is None else [(key, str(text))]
        pairs = sent.pairs if self.where == "query" else sent.cookies
        if self.name == "deepObject":
            return [pair for pair in pairs if pair[0].startswith(f"{key}[")]
        if self.others is not None:
            # ``at[x]`` belongs to ``at``.
            return [pair for pair in pairs if not {pair[0], pair[0].partition("[")[0]} & self.others]
        names = self.names or (key,)
        return [pair for pair in pairs if pair[0] in names]

    def value(self, key: str, texts: Texts, shape: TextShape) -> Any:
        """
        Read the value that *texts* are.

        Raises:
            ValueError: They are not written in this style.
        """
        if self.name == "JSON":
            return orjson.loads(self._only(texts))
        if self.name == "deepObject":
            return _nested(key, texts, shape)
        if self.names or self.others is not None:
            return _collected(texts, shape)
        if "array" in shape.types:
            return [convert(item, shape.item(place).types) for place, item in enumerate(self._items(key, texts))]
        if "object" in shape.types:
            return self._object(key, self._only(texts), shape)
        return convert(self._plain(key, self._only(texts)), shape.types)

    def _only(self, texts: Texts) -> str:
        if len(texts) > 1 and self.where == "query":
            raise RepeatedError
        return texts[-1][1]  # browsers may have several cookies of a name, in no order that counts

    def _plain(self, key: str, text: str) -> str:
        """Take the mark of the style off."""
        prefix = _PREFIXES.get(self.name, "")
        if not text.startswith(prefix):
            raise ValueError(self.name)
        text = text.removeprefix(prefix)
        return text.removeprefix(f"{key}=") if self.name == "matrix" else text

    def _items(self, key: str, texts: Texts) -> Sequence[str]:
        # Browsers keep one cookie of a name, so an array of cookies has delimiters even if it is exploded.
        if len(texts) > 1 or (self.explode and self.where == "query"):
            return [text for _, text in texts]
        text = self._plain(key, texts[-1][1])
        if self.explode and self.name == "matrix":
            return [item.removeprefix(f"{key}=") for item in text.split(";")]
        delimiter = _DELIMITERS[self.name]
        if self.name == "label" and (self.explode or "," not in text):
            delimiter = "."
        return self._split(text, delimiter) if text else []

    def _split(self, text: str, delimiter: str) -> list[str]:
        words = text.split(delimiter)
        return [word.strip() for word in words] if self.where == "header" else words

    def _object(self, key: str, text: str, shape: TextShape) -> dict[str, Any]:
        text = self._plain(key, text) if self.name != "matrix" or not self.explode else text.removeprefix(";")
        if self.explode:
            delimiter = {"label": ".", "matrix": ";"}.get(self.name, ",")
            pairs = [item.partition("=")[::2] for item in self._split(text, delimiter)]
        else:
            words = self._split(text, "." if self.name == "label" and "," not in text else _DELIMITERS[self.name])
            if len(words) % 2:
                raise ValueError(self.name)
            pairs = list(zip(words[::2], words[1::2], strict=True))
        return {name: convert(value, shape.member(name).types) for name, value in pairs}


def _collected(texts: Texts, shape: TextShape) -> dict[str, Any]:
    """Read an object whose properties are parameters of their own."""
    found: dict[str, Any] = {}
    for name, text in texts:
        member = shape.member(name)
        if "array" in member.types:
            items = found.setdefault(name, [])
            items.append(convert(text, member.item(len(items)).types))
        else:
            add_value(found, name, convert(text, member.types))
    return found


def _nested(key: str, texts: Texts, shape: TextShape) -> dict[str, Any]:
    """Read ``key[a]=1&key[b][c]=2&key[d][]=3``."""
    found: dict[str, Any] = {}
    for name, text in texts:
        rest = name[len(key) :]
        steps = _STEP.findall(rest)
        if not steps or "".join(f"[{step}]" for step in steps) != rest or not steps[0]:
            raise ValueError(name)
        node, member = found, shape
        listed = steps[-1] == "" and len(steps) > 1
        *outer, last = steps[:-1] if listed else steps
        for step in outer:
            member = member.member(step)
            inner = node.setdefault(step, {})
            if not isinstance(inner, dict):
                raise ValueError(name)
            node = inner
        member = member.member(last)
        if listed or "array" in member.types:
            items = node.setdefault(last, [])
            if not isinstance(items, list):
                raise ValueError(name)
            items.append(convert(text, member.item(len(items)).types))
        else:
            add_value(node, last, convert(text, member.types))
    return found


def style_of(parameter: Mapping[str, Any], shape: TextShape, others: frozenset[str] = frozenset()) -> Style | None:
    """
    Tell how *parameter*, as the document describes it, is written; None if it is one plain text.

    Args:
        others: The names of the other parameters in the same place.
    """
    where = parameter["in"]
    if "content" in parameter:
        kind = next(iter(parameter["content"]), "")
        return Style("JSON", where, explode=False) if is_json(kind) else None
    name = parameter.get("style", _USUAL[where])
    explode = bool(parameter.get("explode", name == "form"))
    if not {"array", "object"} & set(shape.types) and name not in _PREFIXES:
        return None
    if name != "form" or not explode or "object" not in shape.types or "array" in shape.types:
        return Style(name, where, explode)
    closed = shape.additional is None and not shape.patterns
    return Style(name, where, explode, frozenset(shape.properties), None if closed else others)
