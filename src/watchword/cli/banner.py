"""The banner: the addresses of the server, and for each system a command that a new user can copy and run."""

import shlex
from pathlib import Path

import click
import orjson

from watchword import __version__
from watchword.build import Built
from watchword.document import Operation
from watchword.edge.served_api import ServedApi
from watchword.system import System
from watchword.system.seed_data import Person


def root_url(host: str, port: int, *, tls: bool = False) -> str:
    """Write the address that a client on this machine uses."""
    # The percent sign before the zone of a link-local address is escaped in URLs (RFC 6874).
    address = f"[{host.replace('%', '%25')}]" if ":" in host else host
    shown = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(address, address)  # noqa: S104
    return f"{'https' if tls else 'http'}://{shown}:{port}"


def banner(
    built: Built, *, url: str, public_url: str | None = None, config_file: Path | None = None, color: bool
) -> str:
    """
    Write the banner.

    Args:
        url: The address that a client uses.
        public_url: The address of a proxy that clients use.
        config_file: Where settings come from; None if there is no such file.
        color: Whether to use colours and bold text.
    """

    def bold(text: str) -> str:
        return click.style(text, bold=True) if color else text

    people = {(one.system, one.name): one for one in built.imitated.sandboxes.people()}
    lines = [
        bold(f"Watchword {__version__}") + f" listens on {url}",
        "This is a stand-in for tests. Its people and keys are public: never send it a real password.",
        *([] if public_url is None else [f"Clients use {public_url}"]),
        *([] if config_file is None else [f"Settings come from {config_file}"]),
        "",
    ]
    for system in built.imitated.sandboxes.systems:
        if not any(one.system == system.name for one in built.imitated.document.operations.values()):
            continue
        lines += [f"{bold(system.title)}  {url}{_base_path(built.imitated, system)}"]
        if system.quickstart is not None and system.quickstart.operation in built.imitated.handlers:
            person = people[system.name, system.quickstart.person]
            lines += [f"  {curl_command(built.imitated, system, person, url)}"]
        lines += [""]
    for name, api in built.documents.items():
        lines += [f"{bold(api.systems[name].title)}  {url}/{name}  (answered from its document, without state)", ""]
    if built.imitated.overlays.files:
        lines += [f"Overlays    {', '.join(built.imitated.overlays.files)}"]
    if built.imitated.proposals:
        where = f"     (a sandbox chooses: {url}/__admin/ui/sandboxes)" if built.admin else ""
        lines += [f"Proposals   {', '.join(built.imitated.proposals)}{where}"]
    lines += [
        f"Reference   {url}/docs     Document  {url}/openapi.json",
        f"People      watchword people      {url}/__admin/people" if built.admin else "People      watchword people",
    ]
    if built.admin:
        lines += [f"Look inside {url}/__admin/ui/     (requests, mails, people, clock, faults, settings)"]
        lines += [f"Mails       {url}/__admin/inbox     Clock, settings, reset: {url}/docs (control API)"]
    return "\n".join(lines)


def _base_path(api: ServedApi, system: System) -> str:
    operations = (one for one in api.document.operations.values() if one.system == system.name)
    return next((path for one in operations for path in one.base_paths), "")


def curl_command(api: ServedApi, system: System, person: Person, url: str) -> str:
    """Write the system's quickstart as a command that succeeds."""
    quickstart = system.quickstart
    if quickstart is None:
        raise ValueError(f"{system.name} has no quickstart")
    operation = api.document.operations[quickstart.operation]
    path = operation.path
    for name, value in quickstart.path(person).items():
        path = path.replace(f"{{{name}}}", value)
    words = ["curl", "-s", "-X", operation.method, f"{url}{next(iter(operation.base_paths), '')}{path}"]
    required = _credential_headers(api, operation)
    headers = {name: value for name, value in person.headers.items() if name.lower() in required}
    body = quickstart.body(person)
    if body is not None:
        headers["Content-Type"] = "application/json"
    for name, value in headers.items():
        words += ["-H", f"{name}: {value}"]
    if body is not None:
        words += ["-d", orjson.dumps(body).decode()]
    return shlex.join(words)


def _credential_headers(api: ServedApi, operation: Operation) -> set[str]:
    """Name the headers, in lower case, that the first alternative of the operation's security requires."""
    schemes = api.document.content["components"]["securitySchemes"]
    required = (schemes[name] for alternative in operation.security[:1] for name in alternative)
    return {scheme.get("name", "authorization").lower() for scheme in required}


def warning(host: str) -> str:
    """Write the warning that other machines can reach the server."""
    return (
        f"Listening on {host}, so other machines can reach this server. Its people, keys and tokens are public, and it"
        " shows every mail and every code. Use it only on a network that you trust."
    )
