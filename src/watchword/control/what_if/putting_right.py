"""
A body that does not fit its schema, put right with as few differences as possible.

Whatever of it the journal masks is in nothing that is made here: examples stand for such values, and a name that is no
word and not the document's is left out.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from watchword.control.what_if.schemas import declares, find_member, join
from watchword.document.examples import make_example
from watchword.document.merging import Flat
from watchword.journal.masking import declares_secret, is_shown_name, mask

_COMMAS = re.compile(rb",\s*([}\]])")
_DEEPEST = 8


def put_right(body: bytes, document: Mapping[str, Any], schema: Any) -> Any:
    """
    Read *body* as well as possible, and change what does not fit *schema*.

    Args:
        document: What references lead into.

    Returns:
        None if nothing can be read.
    """
    read = _read(body)
    return None if read is None else _Fitting(document).fit(read, schema, 0)


def _read(body: bytes) -> Any:
    """Read JSON, also with names that come twice, commas too many, or a byte order mark; None if that fails."""
    text = body.strip().removeprefix(b"\xef\xbb\xbf")
    # Numbers are read as orjson reads them, which has to write them again: they have 64 bits.
    decoder = json.JSONDecoder(parse_int=orjson.loads, parse_float=orjson.loads, parse_constant=orjson.loads)
    for attempt in (text, _COMMAS.sub(rb"\1", text), text + b"}", text + b'"}', text + b"}}"):
        try:
            read: Any = decoder.raw_decode(attempt.decode("utf-8", "ignore"))[0]
        except (ValueError, RecursionError):
            continue
        return read
    return None


@dataclass(frozen=True)
class _Fitting:
    document: Mapping[str, Any]

    def fit(self, value: Any, schema: Any, depth: int) -> Any:
        flat = join(self.document, schema)
        if value is None or depth > _DEEPEST or declares_secret(self.document, schema):
            return self._made(schema)
        kind, choices = flat.get("type"), flat.get("enum")
        if kind == "object" or "properties" in flat:
            return self._members(value, schema, flat, depth)
        if kind == "array":
            items = flat.get("items")
            sent = value if isinstance(value, list) and isinstance(items, Mapping) else ()
            return [self.fit(one, items, depth + 1) for one in sent]
        if choices and value not in choices:
            return choices[0]
        return value if mask(self.document, schema, value).value == value else self._made(schema)

    def _members(self, value: Any, schema: Any, flat: Flat, depth: int) -> Any:
        if not isinstance(value, Mapping):
            return self._made(schema)
        required, fitted = flat.get("required") or (), dict[str, Any]()
        for name, member in value.items():
            declared = find_member(flat, name) if declares(flat, name) or is_shown_name(name) else None
            if declared is not None and (member is not None or name in required):
                fitted[name] = self.fit(member, declared, depth + 1)
        for name in required:
            if name not in fitted and declares(flat, name):
                fitted[name] = self._made(find_member(flat, name))
        return fitted

    def _made(self, schema: Any) -> Any:
        return make_example(self.document, schema)


def patch_between(
    sent: Mapping[str, Any], right: Mapping[str, Any], document: Mapping[str, Any], schema: Any
) -> dict[str, Any] | None:
    """
    Make a JSON merge patch that puts *sent* right; secrets that fit already are not in it.

    Returns:
        None if it would have to name what the journal does not show.
    """
    flat = join(document, schema)
    gone = [name for name in sent if name not in right]
    if not all(declares(flat, name) or is_shown_name(name) for name in gone):
        return None
    patch: dict[str, Any] = dict.fromkeys(gone)
    for name, value in right.items():
        before, member = sent.get(name), find_member(flat, name)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            inner = patch_between(before, value, document, member)
            if inner is None:
                return None
            if inner:
                patch[name] = inner
        elif before != value and not (isinstance(before, str) and declares_secret(document, member)):
            patch[name] = value
    return patch
