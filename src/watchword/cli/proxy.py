"""``watchword proxy``."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from copy import copy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from watchword import __version__
from watchword.build import Built, Options, build
from watchword.cli.banner import root_url
from watchword.cli.flag import Duration, sources
from watchword.cli.input_file import INPUT_FILE
from watchword.cli.logs import RequestLog, configure_logging
from watchword.cli.options import list_options
from watchword.cli.output import write
from watchword.cli.port_file import PortFile
from watchword.cli.proxy_shadow import check_shadow, make_shadow, open_shadow
from watchword.cli.proxy_verdict import tell_verdict
from watchword.cli.serving import (
    open_journal_file,
    read_tls_files,
    refusing_the_start,
    start_garbage_collection,
    tell_unread,
)
from watchword.cli.started_by import PARENT
from watchword.cli.system_names import SYSTEM_NAMES
from watchword.cli.words import Words, check_words
from watchword.contract.address import UnusableAddress
from watchword.contract.subjects import SUBJECTS
from watchword.domain.hashing import Profile
from watchword.domain.secret import Secret
from watchword.edge.served_api import RequestLimits
from watchword.journal import Journal
from watchword.journal.findings import Kind
from watchword.proxy.asgi import ProxyApp, Surroundings
from watchword.proxy.judging import HEADER
from watchword.proxy.record import VIOLATIONS, Record
from watchword.proxy.upstream import Upstream, read_upstream
from watchword.server.listening import leads_to, listen
from watchword.server.run import run
from watchword.server.unread import Limits

_TAKEN = (
    *("port", "host", "public_url", "port_file", "exit_with_parent", "overlay"),
    *("tls_cert", "tls_key", "journal", "journal_memory", "journal_file", "disable_admin_api", "admin_token"),
    *("extra_headers", "max_body", "body_timeout", "log_format", "verbose"),
)
"""The options of ``serve`` that a proxy has too."""
_HELP: Mapping[str, str] = {
    "overlay": "OpenAPI Overlay file: judge by what it proposes.",
    "journal": "How many requests the journal holds, over all sandboxes.",
    "disable_admin_api": "Forward /__admin too, instead of serving the control API there.",
    "extra_headers": f"Tell violations in the header {HEADER}.",
    "max_body": "The longest body of a request or an answer, in bytes.",
    "public_url": "Address of this proxy for its clients, if another proxy stands before it.",
}
"""What some of them mean here."""
_VIOLATIONS = "violations"


def _read_kinds(_context: click.Context, _option: click.Parameter, words: Sequence[str]) -> frozenset[str]:
    """Read the kinds of ``--fail-on``; ``violations`` stands for all that are about the document."""
    kinds = check_words(words, [*Kind, _VIOLATIONS], kind="kind")
    return kinds - {_VIOLATIONS} | (VIOLATIONS if _VIOLATIONS in kinds else frozenset())


def _serve_options(function: Callable[..., Any]) -> Callable[..., Any]:
    options = {one.name: copy(one) for one in list_options()}
    for name, text in _HELP.items():
        options[name].help = text
    command_options = [options[name] for name in _TAKEN]
    function.__dict__.setdefault("__click_params__", []).extend(reversed(command_options))
    return function


@click.command()
@click.argument("upstream", metavar="UPSTREAM")
@click.option(
    "--system", type=click.Choice(SYSTEM_NAMES), required=True, help="The system whose document UPSTREAM has to fit."
)
@click.option(
    "--fail-on",
    cls=Words,
    callback=_read_kinds,
    metavar="KINDS",
    help=f"Exit with 1 if something of these kinds was found: {', '.join(Kind)}; {_VIOLATIONS} stands for those about"
    " the document. By default, everything is only told.",
)
@click.option(
    "--timeout",
    type=Duration(least=0.01),
    default=30.0,
    show_default=True,
    help="How long UPSTREAM may take for a whole answer: seconds, or with a unit (PT1M).",
)
@click.option(
    "--shadow",
    "has_shadow",
    is_flag=True,
    help="Ask a private stand-in the same, and tell where UPSTREAM behaves otherwise, by rule. Requires --bindings.",
)
@click.option(
    "--bindings",
    "file",
    type=INPUT_FILE,
    help="File (TOML) that says who plays which role on UPSTREAM, for --shadow; watchword test --init writes one.",
)
@_serve_options
@click.pass_context
def proxy(  # noqa: PLR0917  # click gives them by name
    context: click.Context,
    /,
    upstream: str,
    system: str,
    fail_on: frozenset[str],
    timeout: float,
    file: Path | None,
    *,
    has_shadow: bool,
    **flags: Any,
) -> None:
    """
    Stand before the real service at UPSTREAM, and tell where it or its client leaves the document.

    Requests go to UPSTREAM, an address such as https://theirs.example/api, and its answers come back, both as they
    are. Every difference from the document of --system is told in the header sl-violations of the answer, in the
    journal (/__admin/journal), and all of them at the end (Ctrl-C). With --shadow, so is every difference in
    behaviour, with the rule that UPSTREAM does not keep.

    Exits with 0, or with 1 if something was found that --fail-on forbids, or with 2 if it could not run.
    """
    configure_logging(json=flags["log_format"] == "json", verbose=flags["verbose"])
    source = sources(context)
    if not flags["journal"]:
        raise click.UsageError(f"{source['journal']}: a proxy needs a journal, for its verdict")
    address = _read_address(upstream)
    _refuse_itself(address, flags["host"], flags["port"])
    check_shadow(fail_on, file, has_shadow=has_shadow)
    shadow = None if file is None else make_shadow(SUBJECTS[system], file, address)
    tls, port_file, record = read_tls_files(flags, source), PortFile(flags["port_file"]), Record()
    behind = Upstream(address, patience_seconds=timeout, most_bytes=flags["max_body"])
    with ExitStack() as stack:
        stack.callback(behind.close)
        with refusing_the_start(flags, source):
            port_file.remove()
            options = _options(flags)
            built = build(options)
            compared = None if shadow is None else open_shadow(shadow, stack)
            journal_file = open_journal_file(flags, built)
            listening = listen(flags["host"], flags["port"])
        port = listening[0].getsockname()[1]
        _refuse_itself(address, flags["host"], port)
        record.follow(_journal_of(built))
        stack.callback(port_file.remove_own)
        if journal_file is not None:
            stack.callback(journal_file.close)
        url = root_url(flags["host"], port, tls=tls is not None)

        def on_ready() -> None:
            port_file.write(port)
            write(_banner(built, system, url=flags["public_url"] or url, upstream=address))
            if shadow is not None:
                write(f"A private stand-in is asked the same; {shadow.bound}.")

        start_garbage_collection()
        app = ProxyApp(_surroundings(built, flags), system, behind, extra_headers=flags["extra_headers"], shadow=shadow)
        try:
            with refusing_the_start(flags, source):
                run(
                    app,
                    listening,
                    on_ready=on_ready,
                    on_stop=built.imitated.sandboxes.stop_waiting,
                    after_requests=app.settle,
                    tls=tls,
                    until_gone=PARENT if flags["exit_with_parent"] else None,
                    limits=Limits(flags["body_timeout"], tell_unread(built, options)),
                )
        except KeyboardInterrupt:
            pass  # the way to stop it, and to get the verdict
    sys.exit(tell_verdict(record, address, fail_on, compared))


def _read_address(text: str) -> str:
    try:
        return read_upstream(text).geturl()
    except UnusableAddress as error:
        raise click.UsageError(f"UPSTREAM {error}.") from None


def _refuse_itself(upstream: str, host: str, port: int) -> None:
    """
    Refuse to forward for ever.

    Raises:
        click.UsageError: The proxy is behind itself.
    """
    parts = urlsplit(upstream)
    behind = parts.port or (443 if parts.scheme == "https" else 80)
    if behind == port and leads_to(parts.hostname or "", host):
        raise click.UsageError(f"UPSTREAM is this proxy itself: both are at port {port} of {host}.")


def _options(flags: Mapping[str, Any]) -> Options:
    return Options(
        hashing=Profile.FAST,
        overlays=flags["overlay"],
        limits=RequestLimits(body_bytes=flags["max_body"], body_seconds=flags["body_timeout"]),
        extra_headers=flags["extra_headers"],
        public_url=flags["public_url"],
        admin=not flags["disable_admin_api"],
        admin_token=None if flags["admin_token"] is None else Secret(flags["admin_token"]),
        log=RequestLog(json=flags["log_format"] == "json"),
        journal=flags["journal"],
        journal_bytes=flags["journal_memory"],
        coverage=True,
    )


def _surroundings(built: Built, flags: Mapping[str, Any]) -> Surroundings:
    return Surroundings(
        built.app,
        built.admin is not None,
        built.imitated,
        built.observers,
        _journal_of(built).note_preflight,
        flags["public_url"],
    )


def _journal_of(built: Built) -> Journal:
    assert built.journal is not None  # noqa: S101  # the flags say so
    return built.journal


def _banner(built: Built, system: str, *, url: str, upstream: str) -> str:
    lines = [
        f"Watchword {__version__} forwards {url} to {upstream}",
        f"What differs from the document of {built.imitated.systems[system].title} is told in the header {HEADER}.",
    ]
    if built.admin is not None:
        lines += [f"Look inside {url}/__admin/ui/     Journal {url}/__admin/journal"]
    return "\n".join(lines)
