"""The options of ``watchword serve``."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from watchword.cli.flag import Duration, Flag, Size, WholeNumber, ignore_deployment
from watchword.cli.input_file import INPUT_FILE
from watchword.domain.hashing import Profile
from watchword.edge.public_url import Proxies, read_proxy, read_public_url


def _in_a_directory(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and not path.parent.is_dir():
        raise click.BadParameter(f"{str(path.parent)!r} is not a directory.")
    return path


def _public_url(_context: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    try:
        return None if text is None else read_public_url(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} {error}.") from None


def _proxies(_context: click.Context, _option: click.Parameter, texts: Sequence[str]) -> Proxies:
    found = []
    for text in texts:
        try:
            found.append(read_proxy(text))
        except ValueError as error:
            raise click.BadParameter(f"{text!r} {error}.") from None
    return tuple(found)


_OPTIONS = (
    click.option(
        "-p",
        "--port",
        cls=Flag,
        type=WholeNumber(0, 65535),
        default=7070,
        show_default=True,
        help="Port to listen on; 0 for any free port.",
    ),
    click.option("--host", cls=Flag, default="127.0.0.1", show_default=True, help="Address to listen on."),
    click.option(
        "--public-url",
        cls=Flag,
        deployment=True,
        callback=_public_url,
        metavar="URL",
        help="Address of a proxy that clients use, with the prefix that it takes off, if any.",
    ),
    click.option(
        "--trust-proxy",
        cls=Flag,
        deployment=True,
        multiple=True,
        callback=_proxies,
        metavar="ADDRESS",
        help="Address or network of a proxy that may tell it in X-Forwarded-Proto, -Host and -Prefix; repeatable.",
    ),
    click.option(
        "--port-file",
        cls=Flag,
        deployment=True,
        type=click.Path(dir_okay=False, writable=True, path_type=Path),
        callback=_in_a_directory,
        help="Write the port to this file while the server accepts requests: before and afterwards there is no file.",
    ),
    click.option(
        "--exit-on-stdin-close",
        cls=Flag,
        is_flag=True,
        help="Stop when standard input is closed, as it is when the program that started the server is killed.",
    ),
    click.option(
        "--exit-with-parent",
        cls=Flag,
        is_flag=True,
        help="Stop when the process that started the server is gone, however it ended.",
    ),
    click.option(
        "--hashing",
        cls=Flag,
        type=click.Choice([profile.value for profile in Profile]),
        default=Profile.OWASP.value,
        show_default=True,
        help="Cost of password hashes: OWASP's minimum for Argon2id, RFC 9106's second recommendation, or almost none.",
    ),
    click.option(
        "--seed",
        cls=Flag,
        type=WholeNumber(-(2**63), 2**63 - 1),
        help="Random seed: a sandbox gives the same ids, codes and tokens in every run.",
    ),
    click.option(
        "--overlay", cls=Flag, type=INPUT_FILE, multiple=True, help="OpenAPI Overlay file that changes the document."
    ),
    click.option(
        "--proposal",
        cls=Flag,
        multiple=True,
        metavar="NAME=FILE",
        help="Overlay, or whole document, that a sandbox can choose instead of the document, by its name; repeatable.",
    ),
    click.option(
        "--people",
        cls=Flag,
        type=INPUT_FILE,
        multiple=True,
        help="File (YAML or JSON) with people of your own, whom every sandbox starts with; repeatable.",
    ),
    click.option(
        "--import",
        cls=Flag,
        deployment=True,
        type=INPUT_FILE,
        help="Start with the sandbox in this file, an export, as the default one; whatever --data has there is gone.",
    ),
    click.option(
        "--export-on-exit",
        cls=Flag,
        deployment=True,
        type=click.Path(dir_okay=False, path_type=Path),
        callback=_in_a_directory,
        metavar="FILE",
        help="Export the default sandbox to this file when the server ends.",
    ),
    click.option(
        "--mutant",
        cls=Flag,
        deployment=True,
        multiple=True,
        metavar="ID",
        help="Break a rule in every sandbox, as 'watchword mutants' lists them; repeatable.",
    ),
    click.option(
        "--document",
        cls=Flag,
        multiple=True,
        metavar="NAME=FILE",
        help="OpenAPI document to serve too, under /NAME and at its own paths; every answer comes from it.",
    ),
    click.option(
        "--watch",
        cls=Flag,
        deployment=True,
        is_flag=True,
        help="Take changed documents and overlays while the server runs; what cannot be used is told, and changes"
        " nothing.",
    ),
    click.option(
        "--strict",
        cls=Flag,
        is_flag=True,
        help="Refuse to start if an overlay breaks something: a handler, an example, a rule's id, a path.",
    ),
    click.option(
        "--zitadel-profile",
        cls=Flag,
        help="Imitate ZITADEL's documentation (documented) or one of its releases: v2.65, v4.2, v4.6.",
    ),
    click.option(
        "--portal-url",
        cls=Flag,
        multiple=True,
        metavar="[SYSTEM=]URL",
        help="What the links in mails start with, for one system or for all.",
    ),
    click.option(
        "--random-codes",
        cls=Flag,
        is_flag=True,
        help="Send random codes where a vendor's sandbox always sends the same one.",
    ),
    click.option(
        "--set",
        cls=Flag,
        multiple=True,
        metavar="SYSTEM.NAME=VALUE",
        help="Change a setting of a system; the value is JSON or a word.",
    ),
    click.option(
        "--tls-cert",
        cls=Flag,
        deployment=True,
        type=INPUT_FILE,
        help="Certificate (PEM file): serve HTTPS. Requires --tls-key.",
    ),
    click.option(
        "--tls-key",
        cls=Flag,
        deployment=True,
        type=INPUT_FILE,
        help="Key of the certificate (PEM file without a password).",
    ),
    click.option(
        "--cors/--no-cors",
        cls=Flag,
        default=True,
        show_default=True,
        help="Allow web pages of other origins to call the server.",
    ),
    click.option(
        "--journal",
        cls=Flag,
        deployment=True,
        type=WholeNumber(0, 1_000_000),
        default=1_000,
        show_default=True,
        help="How many requests the journal holds, over all sandboxes; 0 for no journal.",
    ),
    click.option(
        "--journal-memory",
        cls=Flag,
        deployment=True,
        type=Size(least=1024 * 1024),
        default=64 * 1024 * 1024,
        show_default="64MiB",
        help="How much memory they may take: bytes, or with a unit (64MiB).",
    ),
    click.option(
        "--journal-file",
        cls=Flag,
        deployment=True,
        type=click.Path(dir_okay=False, path_type=Path),
        callback=_in_a_directory,
        metavar="FILE",
        help="Append every request to this file too, masked: one JSON object a line, at most a second later.",
    ),
    click.option(
        "--journal-control-calls",
        cls=Flag,
        is_flag=True,
        help="Note calls of the control API, and visits to pages, in the journal too.",
    ),
    click.option(
        "--coverage",
        cls=Flag,
        is_flag=True,
        help="Count every request for /__admin/coverage, also those that the journal forgets before anybody asks.",
    ),
    click.option(
        "--disable-admin-api", cls=Flag, deployment=True, is_flag=True, help="Do not serve the control API (/__admin)."
    ),
    click.option(
        "--admin-token",
        cls=Flag,
        deployment=True,
        help="Token that every client of the control API needs, also on this machine.",
    ),
    click.option(
        "--extra-headers/--no-extra-headers",
        cls=Flag,
        default=True,
        show_default=True,
        help="Add Watchword-* headers to answers.",
    ),
    click.option(
        "--max-body",
        cls=Flag,
        type=WholeNumber(1),
        default=4 * 1024 * 1024,
        show_default=True,
        help="The longest request body, in bytes.",
    ),
    click.option(
        "--body-timeout",
        cls=Flag,
        type=Duration(least=0.01),
        default=20.0,
        show_default=True,
        help="How long the head of a request, and then its body, may take to arrive: seconds, or with a unit (PT1M).",
    ),
    click.option(
        "--data",
        cls=Flag,
        deployment=True,
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        help="Directory that sandboxes, with their clocks, settings and mails, are persisted in.",
    ),
    click.option(
        "--sandbox-ttl",
        cls=Flag,
        deployment=True,
        type=Duration(least=1),
        help="Delete a sandbox that has been idle for this long: seconds, or with a unit (90s, 12h, P1D).",
    ),
    click.option(
        "--max-sandboxes",
        cls=Flag,
        deployment=True,
        type=WholeNumber(1),
        default=10_000,
        show_default=True,
        help="How many sandboxes there can be.",
    ),
    click.option(
        "--log-format",
        cls=Flag,
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="Lines for people, or one JSON object per line for programs.",
    ),
    click.option("-v", "--verbose", cls=Flag, is_flag=True, help="Also log what libraries say."),
    click.option(
        "--color/--no-color",
        cls=Flag,
        default=None,
        help="Colours in the banner; by default on a terminal, unless NO_COLOR is set.",
    ),
)


def serve_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to the function of the command."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return ignore_deployment(function)


def list_options() -> list[click.Option]:
    """List the options, for other commands that hand some of them on."""
    command = click.command()(serve_options(lambda **_flags: None))
    return [one for one in command.params if isinstance(one, click.Option)]
