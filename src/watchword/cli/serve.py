"""``watchword serve``."""

import asyncio
import logging
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from socket import socket
from typing import Any

import click

from watchword.build import Built, Options, build
from watchword.cli.banner import banner, root_url, warning
from watchword.cli.flag import PREFIX, sources
from watchword.cli.logs import RequestLog, configure_logging
from watchword.cli.options import serve_options
from watchword.cli.output import write
from watchword.cli.port_file import PortFile
from watchword.cli.serving import (
    BrokenByOverlays,
    open_journal_file,
    read_tls_files,
    refusing_the_start,
    start_garbage_collection,
    tell_unread,
    use_color,
)
from watchword.cli.settings_layers import apply_layers, collect_layers
from watchword.cli.started_by import PARENT
from watchword.cli.state_file import CannotImport, ExportFile, import_file
from watchword.cli.watching import Watcher
from watchword.document.file_states import FileStates
from watchword.document.links import IN_A_CIRCLE, leads_to_itself
from watchword.domain.hashing import Profile
from watchword.domain.loopback import is_loopback
from watchword.domain.secret import Secret
from watchword.edge.extra_documents import hidden_paths
from watchword.edge.overlay_report import Finding
from watchword.edge.pages import PATHS
from watchword.edge.served_api import RequestLimits, ServedApi
from watchword.server.listening import listen
from watchword.server.run import run
from watchword.server.standard_input import can_be_closed_by_parent
from watchword.server.unread import Limits
from watchword.systems import SYSTEMS

NOT_EXPORTED = 1
_start = logging.getLogger("watchword.start")
"""What a server says when it starts, one line each, as everything in the log."""


@click.command()
@serve_options
@click.pass_context
def serve(context: click.Context, /, **flags: Any) -> None:
    """Serve all four systems on one port."""
    configure_logging(json=flags["log_format"] == "json", verbose=flags["verbose"])
    _warn_of_unknown_variables(context)
    source = sources(context)
    options = _options(context, flags)
    tls = read_tls_files(flags, source)
    if flags["exit_on_stdin_close"] and not can_be_closed_by_parent():
        raise click.UsageError(
            f"{source['exit_on_stdin_close']}: standard input is closed, or a file such as /dev/null, which a shell"
            " gives to background jobs. Start the server with a pipe as its standard input."
        )
    if flags["coverage"] and not flags["journal"]:
        raise click.UsageError(f"{source['coverage']}: there is no journal to count in (--journal 0)")
    port_file = PortFile(flags["port_file"])
    with refusing_the_start(flags, source):
        port_file.remove()
        built, watcher = _build(options, strict=flags["strict"])
        exported = flags["export_on_exit"]
        export_file = None if exported is None else ExportFile(exported, built.imitated)
        journal_file = open_journal_file(flags, built)
        listening = listen(flags["host"], flags["port"])
        _import(flags["import"], built, listening)
    color = use_color(flags["color"])
    port = listening[0].getsockname()[1]
    if not is_loopback(flags["host"]):
        _start.warning("%s", warning(flags["host"]))

    def on_ready() -> None:
        if export_file is not None:
            export_file.due = True
        port_file.write(port)
        if watcher is not None:
            watcher.start(asyncio.get_running_loop())
        url = root_url(flags["host"], port, tls=tls is not None)
        public_url = flags["public_url"]
        write(banner(built, url=url, public_url=public_url, config_file=context.obj["file"], color=color))

    start_garbage_collection()
    sandboxes = built.imitated.sandboxes
    try:
        with refusing_the_start(flags, source):
            run(
                built.app if watcher is None else watcher.app,
                listening,
                on_ready=on_ready,
                on_stop=sandboxes.stop_waiting,
                tls=tls,
                until_stdin_closes=flags["exit_on_stdin_close"],
                until_gone=PARENT if flags["exit_with_parent"] else None,
                limits=Limits(options.limits.body_seconds, tell_unread(built, options)),
            )
    finally:
        port_file.remove_own()
        if journal_file is not None:
            journal_file.close()
        lost = export_file is not None and not export_file.write()
        sandboxes.persistence.close()
    if lost:
        sys.exit(NOT_EXPORTED)


def _import(path: Path | None, built: Built, listening: Sequence[socket]) -> None:
    """
    Import a sandbox, if there is one, after everything else could be used: it takes the place of what ``--data`` has.

    Raises:
        CannotImport: It cannot be read, or does not fit.
    """
    if path is None:
        return
    try:
        import_file(path, built.imitated)
    except CannotImport:
        for one in listening:
            one.close()
        raise


def _options(context: click.Context, flags: Mapping[str, Any]) -> Options:
    return Options(
        hashing=Profile(flags["hashing"]),
        settings=apply_layers(SYSTEMS, collect_layers(context, flags)),
        overlays=flags["overlay"],
        people=flags["people"],
        mutants=flags["mutant"],
        proposals=_named_files(flags["proposal"], "proposals", sources(context)["proposal"], "next=overlay.yaml"),
        documents=_named_files(flags["document"], "documents", sources(context)["document"], "shop=openapi.yaml"),
        random_seed=flags["seed"],
        limits=RequestLimits(body_bytes=flags["max_body"], body_seconds=flags["body_timeout"]),
        max_sandboxes=flags["max_sandboxes"],
        data=flags["data"],
        idle_timeout=None if flags["sandbox_ttl"] is None else timedelta(seconds=flags["sandbox_ttl"]),
        cors=flags["cors"],
        extra_headers=flags["extra_headers"],
        public_url=flags["public_url"],
        proxies=flags["trust_proxy"],
        admin=not flags["disable_admin_api"],
        admin_token=None if flags["admin_token"] is None else Secret(flags["admin_token"]),
        log=RequestLog(json=flags["log_format"] == "json"),
        journal=flags["journal"],
        history=flags["journal"],
        journal_bytes=flags["journal_memory"],
        journal_control_calls=flags["journal_control_calls"],
        coverage=flags["coverage"],
        watch=flags["watch"],
    )


def _build(options: Options, *, strict: bool) -> tuple[Built, Watcher | None]:
    """
    Build the server, and what watches its files, if something shall.

    Raises:
        BrokenByOverlays: Overlays break something, and the start is strict.
        DocumentError, UnusableData, UnusablePeople, NoSuchMutant, MutantsClash: As in `build`.
    """

    def check(judged: Built) -> None:
        if strict:
            _refuse_broken(judged)

    def tell(taken: Built) -> None:
        _log_findings(one for one in _findings(taken.imitated) if one.wrong)

    files = FileStates() if options.watch else None
    built = build(options, files)
    check(built)
    _tell_findings(built)
    return built, None if files is None else Watcher(options, built, files, check=check, tell=tell)


def _refuse_broken(built: Built) -> None:
    """
    Refuse overlays and proposals that break something.

    Raises:
        BrokenByOverlays: They do.
    """
    wrong = [one.text for one in _findings(built.imitated) if one.wrong]
    if wrong:
        raise BrokenByOverlays("\n  ".join(["--strict: overlays or proposals break something:", *wrong]))


def _log_findings(findings: Iterable[Finding]) -> None:
    for one in findings:
        _start.log(logging.WARNING if one.wrong else logging.INFO, "%s", one.text)


def _tell_findings(built: Built) -> None:
    """Say what overlays and proposals do, and which paths of other documents are hidden."""
    _log_findings(_findings(built.imitated))
    served = list(built.documents.values())
    for number, (name, api) in enumerate(built.documents.items()):
        names = built.documents.keys() - {name}
        hidden = list(hidden_paths(api.document, built.imitated, PATHS, earlier=served[:number], names=names))
        if hidden:
            _start.info("Only below /%s, because the path is taken: %s.", name, ", ".join(hidden))


def _findings(imitated: ServedApi) -> Iterator[Finding]:
    """List what overlays do, and then what each proposal does besides."""
    today = imitated.overlays.findings
    yield from today
    for name, api in imitated.proposals.items():
        own = (one for one in api.overlays.findings if one not in today)
        yield from (one._replace(text=f"Proposal {name}: {one.text}") for one in own)


def _named_files(values: Sequence[str], kind: str, source: str, example: str) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for text in values:
        name, equals, file = text.partition("=")
        if not equals or not name or not file:
            raise click.UsageError(f"{source}: {text!r}: write NAME=FILE, for example {example}")
        if name in files:
            raise click.UsageError(f"{source}: two {kind} are called {name!r}")
        if leads_to_itself(Path(file)):
            raise click.UsageError(f"{source}: {file!r} {IN_A_CIRCLE}")
        if not Path(file).is_file():
            raise click.UsageError(f"{source}: {file!r} is not a file")
        files[name] = Path(file)
    return files


def _warn_of_unknown_variables(context: click.Context) -> None:
    known = {option.envvar for option in context.command.params} | {f"{PREFIX}CONFIG", f"{PREFIX}URL"}
    for name in sorted(os.environ):  # noqa: TID251  # the environment
        if name.startswith(PREFIX) and name not in known:
            _start.warning("The environment variable %s is not a setting and is ignored.", name)
