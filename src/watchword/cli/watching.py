"""``watchword serve --watch``: changed documents and overlays are taken while the server runs."""

import asyncio
import logging
import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from watchword.build import Built, Options, rebuild
from watchword.cli.taken import tell_changes
from watchword.document import DocumentError
from watchword.document.file_states import FileStates
from watchword.document.shown_files import show_here
from watchword.edge.replaceable import Replaceable
from watchword.edge.watch import Watch

_SECONDS = 0.5
_FORMER = 8
"""Replaced documents that the journal may still be about; an entry keeps its own in memory, some 15 MB."""
_PLACED = re.compile(r".+:\d+: |…\Z")
"""A line that begins with file and line, or says that there are more."""
_log = logging.getLogger("watchword.watch")

Look = Callable[[Built], None]


@dataclass(frozen=True)
class _Change:
    """
    Files that have changed, and what became of it.

    Args:
        built: The server that they make; None if they make none.
        said: What is different in it, or why there is none.
    """

    files: Sequence[Path]
    built: Built | None
    said: str


class Watcher:
    """
    Takes the documents of a server anew when their files have changed; what cannot be used changes nothing.

    Args:
        options: What the server was built with.
        built: The server as it was built.
        files: Those that it was built from, and those that should have been there, as they were before that.
        check: Looks at each further server before it is taken; raises a `DocumentError` if it shall not be.
        tell: Looks at it afterwards.

    Attributes:
        app: What serves the documents that were taken last.
        built: The server of those documents.
    """

    def __init__(
        self,
        options: Options,
        built: Built,
        files: FileStates,
        *,
        check: Look = lambda _built: None,
        tell: Look = lambda _built: None,
    ) -> None:
        self._options, self._files, self._check, self._tell = options, files, check, tell
        self._stopped = Event()
        self._last_entries: deque[int] = deque(maxlen=_FORMER)
        self.built, self.app = built, Replaceable(built.app)

    def look(self) -> None:
        """Look at the files once, and take what has changed."""
        change = self._read()
        if change is not None:
            self._settle(change)

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Look again and again, in a thread of its own; what was read is taken between two requests of *loop*."""
        Thread(target=self._follow, args=(loop,), name="watchword-watch", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def _follow(self, loop: asyncio.AbstractEventLoop) -> None:
        while not self._stopped.wait(_SECONDS):
            change = self._read()
            if change is not None:
                with suppress(RuntimeError):  # the loop is closed, because the server has stopped
                    loop.call_soon_threadsafe(self._settle, change)

    def _read(self) -> _Change | None:
        """Build a server if files have changed; None if none has."""
        changed = self._files.look()
        if not changed:
            return None
        files = FileStates()
        try:
            built = rebuild(self.built, self._options, files)
            self._check(built)
            said = tell_changes(self.built, built)
        except DocumentError as error:
            # What was read before counts too: the document that is served may be whole again by that.
            self._files.add_all(files)
            return _Change(changed, None, _sentence(error) + _waiting(self._files.missing()))
        except Exception as error:  # noqa: BLE001  # it must not end the watching
            return _Change(changed, None, _report_bug(error))
        self._files = files
        return _Change(changed, built, said)

    def _settle(self, change: _Change) -> None:
        """Serve what was built, or say why nothing was."""
        if change.built is None:
            self._refuse(change.files, change.said)
            return
        try:
            problems = change.built.begin()
        except Exception as error:  # noqa: BLE001  # what is served stays served
            self._refuse(change.files, _report_bug(error))
            return
        # Nothing is told before all of this is done: what fails to tell leaves one whole server.
        self.app.app, self.built = change.built.app, change.built
        self._forget_entries()
        self._watch.took(self._options.wall_clock())
        for problem in problems:
            _log.warning("%s", problem)
        _log.info("%s taken: %s.", _named(change.files), change.said)
        self._tell(change.built)

    def _refuse(self, files: Sequence[Path], problem: str) -> None:
        is_of_others = not self._watch.state.ok and not any(one.name in problem for one in files)
        until = " Nothing is taken until this is mended:" if is_of_others else ""
        _log.error("%s: not taken.%s %s", _named(files), until, problem)
        self._watch.refused(problem, self._options.wall_clock())

    @property
    def _watch(self) -> Watch:
        watch = self.built.kept.watch
        assert watch is not None  # noqa: S101  # the options say so
        return watch

    def _forget_entries(self) -> None:
        """Let the journal forget what it holds of documents that were replaced long ago."""
        journal = self.built.journal
        if journal is not None:
            if len(self._last_entries) == _FORMER:
                journal.forget_until(self._last_entries[0])
            self._last_entries.append(journal.last_number)


def _named(files: Iterable[Path]) -> str:
    return ", ".join(show_here(one) for one in files)


def _waiting(missing: Sequence[Path]) -> str:
    """Say what becomes of files that do not exist; the rest of a message says who refers to them."""
    if not missing:
        return ""
    are = "are taken as soon as they are" if len(missing) > 1 else "is taken as soon as it is"
    return f". What was served before still is; {_named(missing)} {are} there"


def _report_bug(error: Exception) -> str:
    """Log an error that is nobody's but ours, and say so in one sentence."""
    _log.error("The changed files cannot be taken because of a bug of Watchword.", exc_info=error)
    return f"A bug of Watchword: {type(error).__name__}; the log has more."


def _sentence(error: DocumentError) -> str:
    """Say on one line what is wrong: a heading is left out if the places below it name their files."""
    first, *others = (one.strip() for one in str(error).splitlines() or [type(error).__name__])
    listed = "; ".join(one.removesuffix(".") for one in others)
    return listed if others and all(map(_PLACED.match, others)) else " ".join(filter(None, (first, listed)))
