"""The pages of settings: a form for each system, made from its schema."""

from watchword.console.settings_form import groups_of, read_change
from watchword.console.site import Site
from watchword.console.visit import Page, Redirect, Visit
from watchword.control.errors import NoSuchSystem
from watchword.control.settings import change_settings, describe_settings, read_settings


def show(site: Site, _visit: Visit) -> Redirect:
    """Lead to the first system."""
    return Redirect(f"settings/{next(iter(site.titles))}")


def open_one(site: Site, visit: Visit) -> Page | Redirect:
    """Show the settings of one system; a form changes them."""
    system = visit.rest[1]
    schemas, settings = describe_settings(site.sandboxes), read_settings(visit.sandbox)
    if system not in schemas or system not in settings:
        raise NoSuchSystem(system, list(schemas))
    groups = groups_of(schemas[system], settings[system].model_dump(mode="json"))
    if visit.changes:
        change = None if visit.form.get("do") == "defaults" else read_change(groups, visit.form)
        change_settings(visit.sandbox, site.check("admin.change_settings", {system: change}))
        return Redirect(f"settings/{system}?said=saved")
    values = {"groups": groups, "system": system, "titles": site.titles}
    return Page("settings.html", {**values, "said": visit.said})
