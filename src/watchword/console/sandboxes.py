"""The page of sandboxes: chosen, made, reset, dropped."""

from watchword.console.site import Site
from watchword.console.visit import Page, Redirect, Visit
from watchword.control.sandboxes import create_sandbox, drop_sandbox, list_sandboxes, reset_sandbox
from watchword.domain.chance import Chance
from watchword.sandbox import DEFAULT

_MOST = 500


def show(site: Site, visit: Visit) -> Page | Redirect:
    """List sandboxes; forms make, reset and drop them."""
    if visit.changes:
        return _act(site, visit)
    found = list_sandboxes(site.sandboxes)
    values = {"sandboxes": found[:_MOST], "more": max(0, len(found) - _MOST), "default": DEFAULT}
    return Page("sandboxes.html", values)


def _act(site: Site, visit: Visit) -> Redirect:
    name = visit.form.get("name", "").strip()
    match visit.form.get("do"):
        case "reset":
            reset_sandbox(site.sandboxes, visit.sandbox.name)
        case "drop":
            drop_sandbox(site.sandboxes, name)
            if name == visit.sandbox.name:
                return Redirect(f"go?sandbox={DEFAULT}")
        case _:
            # Not from a sandbox's sequence, and not from that of the control API.
            made = create_sandbox(site.sandboxes, name or None, chance=Chance(site.sandboxes.random_seed, "console"))
            return Redirect(f"go?sandbox={made.name}")
    return Redirect("sandboxes")
