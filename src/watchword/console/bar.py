"""The bar above every page: it changes with the sandbox, while the page stays."""

from watchword.console.site import Site
from watchword.console.visit import Page, Visit


def show(_site: Site, visit: Visit) -> Page:
    """Show the bar of the page that ``here`` names."""
    return Page("bar.html", {"here": visit.query.get("here", "")})
