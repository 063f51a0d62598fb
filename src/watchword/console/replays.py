"""One request sent once more, changed or not, in forks that nobody else sees."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from watchword.console.site import NotAsDescribed, Site
from watchword.console.visit import Page, Visit
from watchword.control.errors import SettingViolation
from watchword.control.replay import Replayed
from watchword.control.what_if import WhatIf
from watchword.control.written_change import read_change, write_change


@dataclass(frozen=True, slots=True)
class Offered:
    """
    A change with which a request would have succeeded, to be replayed.

    Args:
        change: In JSON, as the form of the replay sends it.
    """

    sentence: str
    change: str


async def replay(site: Site, visit: Visit, identifier: str) -> Replayed:
    """
    Replay the request that a form is about, changed as it says.

    Raises:
        NotAsDescribed: The control API would not read that either.
        ControlError: As `Replayer.replay`.
    """
    wish = site.check("admin.replay_entry", _wish(visit.form))
    change = read_change(wish.get("change", {}))
    return await site.replayer.replay(visit.sandbox.name, identifier, into=wish["in"], change=change)


async def by_other_documents(site: Site, visit: Visit) -> Page:
    """Show the same request by the other documents, beside what was answered."""
    why = site.reader.explain(visit.sandbox.name, visit.rest[1])
    # By its id: the path may say "last", and another request may arrive meanwhile.
    replayed = await site.replayer.by_other_documents(visit.sandbox.name, why.entry.id)
    return Page("documents.html", {"why": why, "others": replayed})


async def what_if(site: Site, visit: Visit) -> Page:
    """Say what would have helped a refused request."""
    looked = await WhatIf(site.replayer).look(visit.sandbox.name, visit.rest[1])
    shown = [Offered(one.sentence, orjson.dumps(write_change(one.change)).decode()) for one in looked.cures]
    return Page("what_if.html", {"looked": looked, "cures": shown})


def _wish(form: Mapping[str, str]) -> dict[str, Any]:
    if "change" in form:
        return {"in": "before", "change": _read_json(form["change"], "change")}
    change: dict[str, Any] = {}
    if form.get("person"):
        change["person"] = form["person"].strip()
    if form.get("by"):
        change["clock"] = {"by": form["by"].strip()}
    if form.get("body", "").strip():
        change["body"] = _read_json(form["body"], "body")
    # Never a sandbox with a name: what is only looked at changes nothing.
    return {"in": "now" if form.get("in") == "now" else "before", "change": change}


def _read_json(text: str, field: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise NotAsDescribed((SettingViolation((field,), f"is not JSON (line {error.lineno})"),)) from None
