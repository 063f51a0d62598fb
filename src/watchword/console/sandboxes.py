"""The page of sandboxes: chosen, made, forked, put back to a snapshot, exported, imported, reset, dropped."""

from typing import Any

import orjson

from watchword.console.site import NotAsDescribed, Site
from watchword.console.visit import Download, Page, Redirect, Visit
from watchword.control.errors import NoSuchSandbox, SettingViolation
from watchword.control.proposals import known_proposal
from watchword.control.sandboxes import (
    choose_proposal,
    create_sandbox,
    drop_sandbox,
    fork_sandbox,
    list_sandboxes,
    reset_sandbox,
)
from watchword.control.snapshots import drop_snapshot, list_snapshots, restore_snapshot, save_snapshot
from watchword.control.state import export_state, import_state
from watchword.domain.chance import Chance
from watchword.sandbox import DEFAULT

_MOST = 500


def show(site: Site, visit: Visit) -> Page | Redirect:
    """List sandboxes and the snapshots of this one; forms make, change and drop them."""
    if visit.changes:
        return _act(site, visit)
    found = list_sandboxes(site.sandboxes)
    values = {"sandboxes": found[:_MOST], "more": max(0, len(found) - _MOST), "default": DEFAULT}
    values |= {"said": visit.said, "proposals": tuple(site.imitated.proposals)}
    return Page("sandboxes.html", {**values, "snapshots": list_snapshots(site.sandboxes, visit.sandbox)})


def export(site: Site, visit: Visit) -> Download:
    """Give all of this sandbox as one file."""
    if visit.rest[1] != "export":
        raise NoSuchSandbox(visit.rest[1])
    return Download(f"{visit.sandbox.name}.json", export_state(site.imitated, visit.sandbox))


def makes_one(visit: Visit) -> bool:
    """Whether the form for another sandbox was sent, which needs none to be there."""
    return visit.changes and visit.rest == ("sandboxes",) and visit.form.get("do") == "make"


def _act(site: Site, visit: Visit) -> Redirect:
    boxes, sandbox, name = site.sandboxes, visit.sandbox, visit.form.get("name", "").strip()
    # Not from a sandbox's sequence, and not from that of the control API.
    chance = Chance(boxes.random_seed, "console")
    match visit.form.get("do"):
        case "choose":
            choose_proposal(boxes, sandbox.name, visit.form.get("proposal") or None)
        case "reset":
            reset_sandbox(boxes, sandbox.name)
        case "snapshot":
            save_snapshot(boxes, sandbox, name or None)
        case "restore":
            restore_snapshot(boxes, sandbox, name)
        case "forget":
            drop_snapshot(boxes, sandbox, name)
        case "import":
            import_state(site.imitated, sandbox.name, _read_file(visit))
            return Redirect("sandboxes?said=imported")
        case "drop":
            drop_sandbox(boxes, name)
            if name == sandbox.name:
                return Redirect(f"go?sandbox={DEFAULT}")
        case "fork":
            return Redirect(f"go?sandbox={fork_sandbox(boxes, sandbox.name, name or None, chance=chance).name}")
        case _:
            proposal = known_proposal(boxes, visit.form.get("proposal") or None)
            made = create_sandbox(boxes, name or None, chance=chance, proposal=proposal)
            return Redirect(f"go?sandbox={made.name}")
    return Redirect("sandboxes")


def _read_file(visit: Visit) -> Any:
    """
    Read the file of the form.

    Raises:
        NotAsDescribed: It is no JSON object, or there is none.
    """
    text = visit.form.get("file", "")
    try:
        read = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        wrong = f"is not JSON (line {error.lineno})" if text else "is empty, or none was chosen"
    else:
        if isinstance(read, dict):
            return read
        wrong = "is no JSON object"
    raise NotAsDescribed((SettingViolation(("The file",), f"{wrong}; it must be one that was exported"),))
