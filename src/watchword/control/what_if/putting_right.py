"""A body that does not fit its schema, put right with as few differences as possible."""

import json
import re
from collections.abc import Mapping
from typing import Any

from watchword.document.examples import make_example
from watchword.journal.masking import is_secret

_COMMAS = re.compile(rb",\s*([}\]])")
_DEEPEST = 8
_GONE = object()


def put_right(body: bytes, schema: Any) -> Any:
    """
    Read *body* as well as possible, and change what does not fit *schema*.

    Args:
        schema: With its references replaced.

    Returns:
        A value without anything that *schema* marks as secret: examples stand for it. None if nothing can be read.
    """
    read = _read(body)
    if read is _GONE:
        return None
    found = _fit(read, schema, 0)
    return None if found is _GONE else found


def _read(body: bytes) -> Any:
    """Read JSON, also with names that come twice, commas too many, or a byte order mark."""
    text = body.strip().removeprefix(b"\xef\xbb\xbf")
    for attempt in (text, _COMMAS.sub(rb"\1", text), text + b"}", text + b'"}', text + b"}}"):
        try:
            read: Any = json.JSONDecoder().raw_decode(attempt.decode("utf-8", "ignore"))[0]
        except (ValueError, RecursionError):
            continue
        return read
    return _GONE


def _fit(value: Any, schema: Any, depth: int) -> Any:
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        return value
    flat = _flat(schema)
    if is_secret(flat):
        return _made(flat)
    kind = flat.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    if kind == "object" or "properties" in flat:
        return _object(value, flat, depth)
    if kind == "array":
        items = flat.get("items")
        found = [_fit(one, items, depth + 1) for one in (value if isinstance(value, list) else [])]
        return [one for one in found if one is not _GONE]
    choices = flat.get("enum")
    if choices and value not in choices:
        return choices[0]
    if "string" in kinds and not isinstance(value, str):
        return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else _made(flat)
    if kind == "boolean" and not isinstance(value, bool):
        return {"true": True, "false": False}.get(str(value).lower(), _made(flat))
    if kind in ("integer", "number") and (isinstance(value, bool) or not isinstance(value, int | float)):
        return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else _made(flat)
    return value


def _object(value: Any, flat: Mapping[str, Any], depth: int) -> Any:
    if not isinstance(value, Mapping):
        return _made(flat)
    declared, extra = flat.get("properties") or {}, flat.get("additionalProperties")
    fitted: dict[str, Any] = {}
    for name, member in value.items():
        schema = declared.get(name, extra if isinstance(extra, Mapping) else None)
        if schema is not None and (member is not None or name in (flat.get("required") or ())):
            found = _fit(member, schema, depth + 1)
            if found is not _GONE:
                fitted[name] = found
    for name in flat.get("required") or ():
        if name not in fitted and name in declared:
            fitted[name] = _made(declared[name])
    return fitted


def _flat(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Join a schema with its parts; of several choices all properties are known."""
    flat = dict(schema)
    for key in ("allOf", "oneOf", "anyOf"):
        for one in schema.get(key) or ():
            inner = _flat(one) if isinstance(one, Mapping) else {}
            flat["properties"] = {**(inner.get("properties") or {}), **(flat.get("properties") or {})}
            for name, found in inner.items():
                flat.setdefault(name, found)
    if not flat.get("properties"):
        flat.pop("properties", None)
    return flat


def _made(schema: Mapping[str, Any]) -> Any:
    return make_example({}, schema)


def patch_between(sent: Mapping[str, Any], right: Mapping[str, Any], schema: Any) -> dict[str, Any]:
    """Make a JSON merge patch that puts *sent* right; secrets that fit already are not in it."""
    flat = _flat(schema) if isinstance(schema, Mapping) else {}
    declared = flat.get("properties") or {}
    patch: dict[str, Any] = {name: None for name in sent if name not in right}
    for name, value in right.items():
        before, member = sent.get(name), declared.get(name)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            if inner := patch_between(before, value, member):
                patch[name] = inner
        elif before != value and not (
            isinstance(before, str) and isinstance(member, Mapping) and is_secret(_flat(member))
        ):
            patch[name] = value
    return patch


def _is_secret(schema: Any) -> bool:
    return isinstance(schema, Mapping) and is_secret(_flat(schema))
