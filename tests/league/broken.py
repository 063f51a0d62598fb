"""Servers with one mutant each, forked from a process that has built everything: what ``serve --mutant ID`` serves."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from socket import socket
from typing import Any

from watchword.build import Options, build
from watchword.control.mutants import ListedMutant, MutantCatalogue
from watchword.document import Document
from watchword.domain.hashing import Profile
from watchword.server.listening import listen
from watchword.server.run import run

_PATIENCE_SECONDS = 60
_JOURNAL = 1_000


class BrokenServers:
    """
    Where servers come from.

    Attributes:
        mutants: All that there are.
    """

    def __init__(self) -> None:
        self._built = build(Options(hashing=Profile.FAST, journal=_JOURNAL, log=lambda _entry: None))
        self._catalogue = MutantCatalogue(self._built.imitated)
        self.mutants: Sequence[ListedMutant] = tuple(self._catalogue.all.values())

    @property
    def document(self) -> Document:
        """What they serve."""
        return self._built.imitated.document

    def strict_document(self, system: str) -> dict[str, Any]:
        """Make the strict form of the document, of one system."""
        return self.document.export(self._built.imitated.handlers, system, closed=True)

    @contextmanager
    def serving(self, mutant: str | None) -> Iterator[str]:
        """
        Serve on a free port until the end of the ``with`` block.

        Args:
            mutant: None for a right server.

        Yields:
            The address.

        Raises:
            RuntimeError: It did not start.
        """
        sockets, (ours, theirs) = listen("127.0.0.1", 0), get_context("fork").Pipe()
        process = get_context("fork").Process(
            target=self._serve, args=(mutant, sockets, theirs, os.getpid()), daemon=True
        )
        process.start()
        port = sockets[0].getsockname()[1]
        for one in sockets:
            one.close()
        try:
            if not ours.poll(_PATIENCE_SECONDS):
                raise RuntimeError(f"the server with {mutant} did not start")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.join()
            ours.close()
            theirs.close()

    def _serve(self, mutant: str | None, sockets: Sequence[socket], ready: Connection, parent: int) -> None:
        if mutant is not None:
            self._built.imitated.sandboxes.alter_rules(self._catalogue.alter([mutant]).altered)
        run(self._built.app, sockets, on_ready=lambda: ready.send(None), until_gone=parent)
