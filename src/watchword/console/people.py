"""The pages of people: as they are now."""

from collections.abc import Mapping
from typing import Any

from watchword.console.edits import read_edits
from watchword.console.site import Site
from watchword.console.visit import Page, Redirect, Visit
from watchword.control.people import change_person, find_people, find_person, make_person, read_wish, remove_person
from watchword.domain.secret import Secret
from watchword.system.people import Change
from watchword.system.seed_data import Person

_LOCKED = "locked"


async def show(site: Site, visit: Visit) -> Page | Redirect:
    """List people; a form makes one."""
    if visit.changes:
        wish = site.check("admin.make_person", _wish(visit.form))
        made = await make_person(site.sandboxes, visit.sandbox, wish["system"], read_wish(wish))
        return Redirect(f"people/{made.system}/{made.name}")
    wanted = visit.query.get("q", "").lower().split()
    everybody = find_people(site.sandboxes, visit.sandbox.name)
    found = [one for one in everybody if all(word in _text(one) for word in wanted)]
    values = {"people": found, "q": visit.query.get("q", ""), "titles": site.titles, "everybody": everybody}
    rosters = {name: site.imitated.systems[name].roster for name in site.titles}
    values["words"] = {name: one.situations for name, one in rosters.items() if one is not None}
    return Page("people_rows.html" if "part" in visit.query else "people.html", values)


async def open_one(site: Site, visit: Visit) -> Page | Redirect:
    """Open one person; a form changes or removes one."""
    _, system, name = visit.rest
    person = find_person(site.sandboxes, visit.sandbox, system, name)
    if not visit.changes:
        roster = site.imitated.systems[system].roster
        words = () if roster is None else roster.situations
        headers = "\n".join(f"{header}: {value}" for header, value in person.headers.items())
        values = {"person": person, "titles": site.titles, "headers": headers, "words": words}
        values["situations"] = _listed(person)
        return Page("person.html", {**values, "lockable": _LOCKED in words})
    if visit.form.get("do") == "remove":
        await remove_person(site.sandboxes, visit.sandbox, system, name)
        return Redirect("people")
    await change_person(site.sandboxes, visit.sandbox, system, name, _read_change(site, person, visit.form))
    return Redirect(f"people/{system}/{name}")


def _read_change(site: Site, person: Person, form: Mapping[str, str]) -> Change:
    body: dict[str, Any] = {}
    now = {"situations": _listed(person), "login": person.login}
    edited = {**now, **read_edits(form, now)}
    match form.get("do"):
        case "lock":
            body["situations"] = list(dict.fromkeys((*person.situations, _LOCKED)))
        case "unlock":
            body["situations"] = [one for one in person.situations if one != _LOCKED]
        case "situations":
            body["situations"] = _words(edited)
        case "login":
            body["login"] = edited["login"]
        case _:
            body["password"] = form.get("password", "")
    site.check("admin.change_person", body, system=person.system)
    situations = tuple(body["situations"]) if "situations" in body else None
    password = Secret(body["password"]) if "password" in body else None
    return Change(body.get("login"), password, situations)


def _wish(form: Mapping[str, str]) -> dict[str, Any]:
    body: dict[str, Any] = {"system": form.get("system", ""), "name": form.get("name", "")}
    body |= {name: form[name] for name in ("like", "login", "password") if form.get(name)}
    return {**body, "situations": _words(form)} if _words(form) else body


def _words(form: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(form.get("situations", "").replace(",", " ").split()))


def _listed(person: Person) -> str:
    """Write the situations as the form shows them."""
    return ", ".join(person.situations)


def _text(person: Person) -> str:
    return " ".join((person.system, person.name, person.login, person.why, *person.situations)).lower()
