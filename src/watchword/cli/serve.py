"""``watchword serve``."""

import gc
import logging
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from socket import socket
from typing import Any

import click

from watchword.build import Built, Options, build
from watchword.cli.banner import banner, root_url, warning
from watchword.cli.data_report import say_what_to_do
from watchword.cli.exit_codes import INTERRUPTED
from watchword.cli.flag import PREFIX, sources
from watchword.cli.journal_file import CannotWriteJournal, JournalFile
from watchword.cli.logs import RequestLog, configure_logging
from watchword.cli.options import serve_options
from watchword.cli.output import is_terminal, write
from watchword.cli.port_file import CannotWritePortFile, PortFile
from watchword.cli.settings_layers import apply_layers, collect_layers
from watchword.cli.started_by import PARENT
from watchword.cli.state_file import CannotExport, CannotImport, ExportFile, import_file
from watchword.control.errors import MutantsClash, NoSuchMutant
from watchword.control.journal import JournalReader
from watchword.control.people_file import UnusablePeople
from watchword.document import DocumentError
from watchword.domain.hashing import Profile
from watchword.domain.loopback import is_loopback
from watchword.domain.secret import Secret
from watchword.edge.access_log import log_unread
from watchword.edge.extra_documents import hidden_paths
from watchword.edge.pages import PATHS
from watchword.edge.public_url import path_of
from watchword.edge.served_api import RequestLimits
from watchword.journal.links import next_link
from watchword.server.listening import CannotListen, listen
from watchword.server.run import CannotUseTls, TlsFiles, run
from watchword.server.standard_input import can_be_closed_by_parent
from watchword.server.unread import Limits, Unread
from watchword.store import DamagedData, UnusableData
from watchword.systems import SYSTEMS

NOT_EXPORTED = 1
_BLAMED: Mapping[type[Exception], str] = {
    CannotWritePortFile: "port_file",
    CannotWriteJournal: "journal_file",
    CannotUseTls: "tls_cert",
    CannotImport: "import",
    CannotExport: "export_on_exit",
}
"""The option that names what cannot be used."""
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
    tls = _tls_files(flags, source)
    if flags["exit_on_stdin_close"] and not can_be_closed_by_parent():
        raise click.UsageError(
            f"{source['exit_on_stdin_close']}: standard input is closed, or a file such as /dev/null, which a shell"
            " gives to background jobs. Start the server with a pipe as its standard input."
        )
    if flags["coverage"] and not flags["journal"]:
        raise click.UsageError(f"{source['coverage']}: there is no journal to count in (--journal 0)")
    port_file = PortFile(flags["port_file"])
    with _refusing_the_start(flags, source):
        port_file.remove()
        built = build(options)
        _tell_findings(built, strict=flags["strict"])
        exported = flags["export_on_exit"]
        export_file = None if exported is None else ExportFile(exported, built.imitated)
        journal_file = _journal_file(flags, built)
        listening = listen(flags["host"], flags["port"])
        _import(flags["import"], built, listening)
    color = _use_color(flags["color"])
    port = listening[0].getsockname()[1]
    if not is_loopback(flags["host"]):
        _start.warning("%s", warning(flags["host"]))

    def on_ready() -> None:
        if export_file is not None:
            export_file.due = True
        port_file.write(port)
        url = root_url(flags["host"], port, tls=tls is not None)
        public_url = flags["public_url"]
        write(banner(built, url=url, public_url=public_url, config_file=context.obj["file"], color=color))

    _start_garbage_collection()
    sandboxes = built.imitated.sandboxes
    try:
        with _refusing_the_start(flags, source):
            run(
                built.app,
                listening,
                on_ready=on_ready,
                on_stop=sandboxes.stop_waiting,
                tls=tls,
                until_stdin_closes=flags["exit_on_stdin_close"],
                until_gone=PARENT if flags["exit_with_parent"] else None,
                limits=Limits(options.limits.body_seconds, _unread(built, options)),
            )
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    finally:
        port_file.remove_own()
        if journal_file is not None:
            journal_file.close()
        lost = export_file is not None and not export_file.write()
        sandboxes.persistence.close()
    if lost:
        sys.exit(NOT_EXPORTED)


@contextmanager
def _refusing_the_start(flags: Mapping[str, Any], source: Mapping[str, str]) -> Iterator[None]:
    """
    Name the flag, the variable or the file that is to blame, whatever cannot be used.

    Raises:
        click.UsageError: Something cannot be used.
    """
    try:
        yield
    except (CannotWritePortFile, CannotWriteJournal, CannotUseTls, CannotImport, CannotExport) as error:
        raise click.UsageError(f"{source[_BLAMED[type(error)]]}: {error}") from error
    except UnusableData as error:
        raise click.UsageError(f"{source['data']}: {error}.{_what_to_do(error, flags['data'])}") from error
    except UnusablePeople as error:
        raise click.UsageError(f"{source['people']}: {error}.") from error
    except (NoSuchMutant, MutantsClash) as error:
        raise click.UsageError(f"{source['mutant']}: {error}") from error
    except DocumentError as error:
        given = [source[name] for name in ("overlay", "document") if flags[name]]
        raise click.UsageError(f"{' or '.join(given)}: {error}" if given else str(error)) from error
    except CannotListen as error:
        raise click.UsageError(f"{source['host']} {source['port']}: {error}") from error


def _what_to_do(error: UnusableData, folder: Path) -> str:
    return say_what_to_do(folder) if isinstance(error, DamagedData) else ""


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


def _journal_file(flags: Mapping[str, Any], built: Built) -> JournalFile | None:
    """
    Open the file that the journal is written to, if there is one.

    Raises:
        CannotWriteJournal: It cannot be opened, or there is no journal.
    """
    if flags["journal_file"] is None:
        return None
    if built.journal is None:
        raise CannotWriteJournal("there is no journal to write (--journal 0)")
    reader = JournalReader(built.journal, built.imitated)
    return JournalFile(flags["journal_file"], built.journal, reader.reader.read)


def _unread(built: Built, options: Options) -> Unread:
    """Log what is refused before it is a request, note it in the journal, and tell where it is explained."""
    log, journal = log_unread(options.log), built.journal
    root = path_of(options.public_url or "") if options.admin and options.extra_headers else None

    def unread(protocol: str, status: int, reason: str, detail: str = "") -> str:
        log(protocol, status, reason)
        if journal is None:
            return ""
        where = "" if root is None else next_link(journal, root)
        journal.note_unread(protocol, status, reason, detail)
        return where

    return unread


def _start_garbage_collection() -> None:
    """Switch Python's garbage collector on, which ``__main__`` switched off for the start."""
    # Objects of the start are never garbage. A collection that visits them stops every request for about 100 ms.
    gc.freeze()
    # Requests leave records behind, and the journal holds them for a while, which is not garbage either. What it
    # lets go of balances what it takes, so a first collection comes seldom, but then visits the whole journal: with
    # Python's own thresholds, or a tenth of these, a request that writes takes 4 to 6 % more processor time.
    gc.set_threshold(50_000, 5, 20)
    gc.enable()


def _options(context: click.Context, flags: Mapping[str, Any]) -> Options:
    return Options(
        hashing=Profile(flags["hashing"]),
        settings=apply_layers(SYSTEMS, collect_layers(context, flags)),
        overlays=flags["overlay"],
        people=flags["people"],
        mutants=flags["mutant"],
        documents=_documents(flags["document"], sources(context)["document"]),
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
    )


def _tell_findings(built: Built, *, strict: bool) -> None:
    """
    Say what overlays do.

    Raises:
        click.UsageError: They break something, and the start is strict.
    """
    findings = built.imitated.overlays.findings
    wrong = [one.text for one in findings if one.wrong]
    if strict and wrong:
        raise click.UsageError("\n  ".join(["--strict: overlays break something:", *wrong]))
    for one in findings:
        _start.log(logging.WARNING if one.wrong else logging.INFO, "%s", one.text)
    served = list(built.documents.values())
    for number, (name, api) in enumerate(built.documents.items()):
        names = built.documents.keys() - {name}
        hidden = list(hidden_paths(api.document, built.imitated, PATHS, earlier=served[:number], names=names))
        if hidden:
            _start.info("Only below /%s, because the path is taken: %s.", name, ", ".join(hidden))


def _documents(values: Sequence[str], source: str) -> dict[str, Path]:
    documents: dict[str, Path] = {}
    for text in values:
        name, equals, file = text.partition("=")
        if not equals or not name or not file:
            raise click.UsageError(f"{source}: {text!r}: write NAME=FILE, for example shop=openapi.yaml")
        if name in documents:
            raise click.UsageError(f"{source}: two documents are called {name!r}")
        if not Path(file).is_file():
            raise click.UsageError(f"{source}: {file!r} is not a file")
        documents[name] = Path(file)
    return documents


def _tls_files(flags: Mapping[str, Any], source: Mapping[str, str]) -> TlsFiles | None:
    certificate, key = flags["tls_cert"], flags["tls_key"]
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        given, missing = ("tls_cert", "--tls-key") if key is None else ("tls_key", "--tls-cert")
        raise click.UsageError(f"{source[given]}: {missing} is required too")
    return TlsFiles(certificate, key)


def _warn_of_unknown_variables(context: click.Context) -> None:
    known = {option.envvar for option in context.command.params} | {f"{PREFIX}CONFIG", f"{PREFIX}URL"}
    for name in sorted(os.environ):  # noqa: TID251  # the environment
        if name.startswith(PREFIX) and name not in known:
            _start.warning("The environment variable %s is not a setting and is ignored.", name)


def _use_color(wanted: bool | None) -> bool:  # noqa: FBT001  # a flag with three values
    if wanted is not None:
        return wanted
    return is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")  # noqa: TID251  # the environment
