"""One request sent once more, changed or not, in forks that nobody else sees."""

from collections.abc import Mapping
from typing import Any

import orjson

from watchword.console.site import NotAsDescribed, Site
from watchword.console.visit import Page, Visit
from watchword.control.errors import SettingViolation
from watchword.control.replay import Replayed
from watchword.control.what_if import WhatIf
from watchword.control.written_change import read_change


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


async def what_if(site: Site, visit: Visit) -> Page:
    """Say what would have helped a refused request."""
    return Page("what_if.html", {"looked": await WhatIf(site.replayer).look(visit.sandbox.name, visit.rest[1])})


def _wish(form: Mapping[str, str]) -> dict[str, Any]:
    change: dict[str, Any] = {}
    if form.get("person"):
        change["person"] = form["person"].strip()
    if form.get("by"):
        change["clock"] = {"by": form["by"].strip()}
    if form.get("body", "").strip():
        try:
            change["body"] = orjson.loads(form["body"])
        except orjson.JSONDecodeError:
            raise NotAsDescribed((SettingViolation(("body",), "is not JSON"),)) from None
    # Never a sandbox with a name: what is only looked at changes nothing.
    return {"in": "now" if form.get("in") == "now" else "before", "change": change}
