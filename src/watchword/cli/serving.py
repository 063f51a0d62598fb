"""What every command that runs a server has in common: how it starts, and what it writes."""

import gc
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from watchword.build import Built, Options
from watchword.cli.data_report import say_what_to_do
from watchword.cli.journal_file import CannotWriteJournal, JournalFile
from watchword.cli.output import is_terminal
from watchword.cli.port_file import CannotWritePortFile
from watchword.cli.state_file import CannotExport, CannotImport
from watchword.control.errors import MutantsClash, NoSuchMutant
from watchword.control.journal import JournalReader
from watchword.control.people_file import UnusablePeople
from watchword.described import UnusableProposal
from watchword.document import DocumentError
from watchword.edge.access_log import log_unread
from watchword.edge.public_url import path_of
from watchword.journal.links import next_link
from watchword.server.listening import CannotListen
from watchword.server.run import CannotUseTls, TlsFiles
from watchword.server.unread import Unread
from watchword.store import DamagedData, UnusableData

_BLAMED: Mapping[type[Exception], str] = {
    CannotWritePortFile: "port_file",
    CannotWriteJournal: "journal_file",
    CannotUseTls: "tls_cert",
    CannotImport: "import",
    CannotExport: "export_on_exit",
}
"""The option that names what cannot be used."""


class BrokenByOverlays(DocumentError):
    """Overlays break something, and the start is strict; the message lists what."""


@contextmanager
def refusing_the_start(flags: Mapping[str, Any], source: Mapping[str, str]) -> Iterator[None]:
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
    except UnusableProposal as error:
        raise click.UsageError(f"{source['proposal']}: {error}") from error
    except BrokenByOverlays as error:
        raise click.UsageError(str(error)) from error
    except DocumentError as error:
        given = [source[name] for name in ("overlay", "document") if flags.get(name)]
        raise click.UsageError(f"{' or '.join(given)}: {error}" if given else str(error)) from error
    except CannotListen as error:
        raise click.UsageError(f"{source['host']} {source['port']}: {error}") from error


def _what_to_do(error: UnusableData, folder: Path) -> str:
    return say_what_to_do(folder) if isinstance(error, DamagedData) else ""


def open_journal_file(flags: Mapping[str, Any], built: Built) -> JournalFile | None:
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


def tell_unread(built: Built, options: Options) -> Unread:
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


def start_garbage_collection() -> None:
    """Switch Python's garbage collector on, which ``__main__`` switched off for the start."""
    # Objects of the start are hardly ever garbage. A collection that visits them stops every request for about 100 ms;
    # documents that are replaced (--watch) have no circles of references, so they need none to be freed.
    gc.freeze()
    # Requests leave records behind, and the journal holds them for a while, which is not garbage either. What it
    # lets go of balances what it takes, so a first collection comes seldom, but then visits the whole journal: with
    # Python's own thresholds, or a tenth of these, a request that writes takes 4 to 6 % more processor time.
    gc.set_threshold(50_000, 5, 20)
    gc.enable()


def read_tls_files(flags: Mapping[str, Any], source: Mapping[str, str]) -> TlsFiles | None:
    """
    Find the files for TLS, if they are given.

    Raises:
        click.UsageError: Only one of them is.
    """
    certificate, key = flags["tls_cert"], flags["tls_key"]
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        given, missing = ("tls_cert", "--tls-key") if key is None else ("tls_key", "--tls-cert")
        raise click.UsageError(f"{source[given]}: {missing} is required too")
    return TlsFiles(certificate, key)


def use_color(wanted: bool | None) -> bool:  # noqa: FBT001  # a flag with three values
    """Whether to write in colours: as *wanted*, or else on a terminal."""
    if wanted is not None:
        return wanted
    return is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")  # noqa: TID251  # the environment
