"""What a new user sees first: where everything is, and one line per system that works when pasted."""

import shlex

import click
import orjson

from watchword import __version__
from watchword.build import Built
from watchword.document import Operation
from watchword.edge.served_api import ServedApi
from watchword.system import System
from watchword.system.seed_data import Person


def base_url(host: str, port: int, *, tls: bool = False) -> str:
    """Write the address as a client on this machine would."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"{'https' if tls else 'http'}://{shown}:{port}"


def banner(built: Built, *, host: str, port: int, color: bool, tls: bool = False) -> str:
    """
    Introduce the server.

    Args:
        color: Whether the screen can show colours.
        tls: Whether it is secured.
    """

    def strong(text: str) -> str:
        return click.style(text, bold=True) if color else text

    url = base_url(host, port, tls=tls)
    people = {(one.system, one.name): one for one in built.imitated.sandboxes.people()}
    lines = [
        strong(f"Watchword {__version__}") + f" listens on {url}",
        "It is a stand-in for tests: its people and keys are public. Never give it a real password.",
        "",
    ]
    for system in built.imitated.sandboxes.systems:
        lines += [f"{strong(system.title)}  {url}{_base(built.imitated, system)}"]
        if system.quickstart is not None:
            person = people[system.name, system.quickstart.person]
            lines += [f"  {curl(built.imitated, system, person, url)}"]
        lines += [""]
    lines += [
        f"Reference   {url}/docs     Document  {url}/openapi.json",
        f"People      watchword people      {url}/__admin/people" if built.admin else "People      watchword people",
    ]
    if built.admin:
        lines += [f"Mails       {url}/__admin/inbox     Clock, settings, reset: {url}/docs (control API)"]
    return "\n".join(lines)


def _base(api: ServedApi, system: System) -> str:
    operations = (one for one in api.document.operations.values() if one.system == system.name)
    return next((base for one in operations for base in one.base_paths), "")


def curl(api: ServedApi, system: System, person: Person, url: str) -> str:
    """Write the system's showcase as a command that succeeds."""
    shown = system.quickstart
    if shown is None:
        raise ValueError(f"{system.name} has no showcase")
    operation = api.document.operations[shown.operation]
    path = operation.path
    for name, value in shown.path(person).items():
        path = path.replace(f"{{{name}}}", value)
    words = ["curl", "-s", "-X", operation.method, f"{url}{next(iter(operation.base_paths), '')}{path}"]
    wanted = _credentials(api, operation)
    headers = {name: value for name, value in person.headers.items() if name.lower() in wanted}
    body = shown.body(person)
    if body is not None:
        headers["Content-Type"] = "application/json"
    for name, value in headers.items():
        words += ["-H", f"{name}: {value}"]
    if body is not None:
        words += ["-d", orjson.dumps(body).decode()]
    return shlex.join(words)


def _credentials(api: ServedApi, operation: Operation) -> set[str]:
    """Name the headers, in lower case, that the first alternative of the operation's security wants."""
    schemes = api.document.content["components"]["securitySchemes"]
    wanted = (schemes[name] for alternative in operation.security[:1] for name in alternative)
    return {scheme.get("name", "authorization").lower() for scheme in wanted}


def warning(host: str, *, color: bool) -> str:
    """Warn that others can reach the server."""
    text = (
        f"WARNING: listening on {host}, so other machines can reach this server. Its people, keys and tokens are"
        " public, and it sends no mail but shows every code. Use it on a network you trust."
    )
    return click.style(text, fg="red", bold=True) if color else text
