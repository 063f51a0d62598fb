"""The page of rules, with what this sandbox has asked so far."""

from collections import Counter

from watchword.console.site import Site
from watchword.console.visit import Page, Visit
from watchword.control.rules import find_rules
from watchword.journal.entry import Said


def show(site: Site, visit: Visit) -> Page:
    """List rules: those that were asked first."""
    system = visit.query.get("system", "")
    held, refused = _asked(site, visit.sandbox.name)
    found = find_rules(site.imitated.of(visit.sandbox), system=system or None)
    ordered = sorted(found, key=lambda one: not (held[one.rule.id] + refused[one.rule.id]))
    values = {"rules": ordered, "held": held, "refused": refused, "system": system, "titles": site.titles}
    return Page("rules.html", values)


def _asked(site: Site, sandbox: str) -> tuple[Counter[str], Counter[str]]:
    """Count by rule how often it held and refused, in the requests that the journal still has."""
    held, refused = Counter[str](), Counter[str]()
    if site.reader.journal is None:
        return held, refused
    for entry in site.reader.newest(sandbox, (), after=None, limit=site.reader.journal.capacity):
        for one in entry.rules:
            (refused if one.said is Said.REFUSED else held)[one.rule.id] += 1
    return held, refused
