"""The first page: it leads to the requests."""

from watchword.console.site import Site
from watchword.console.visit import Redirect, Visit


def show(_site: Site, _visit: Visit) -> Redirect:
    """Lead to the requests, which most people come for."""
    return Redirect("requests")
