"""Standard output and standard error, which may be closed, full, or a pipe that nobody reads."""

import os
import sys
from contextlib import suppress
from typing import TextIO

import click


def write(text: str, *, error: bool = False) -> None:
    """
    Write a line to standard output, or to standard error if *error*.

    A server goes on without it if that cannot be written.
    """
    stream = sys.stderr if error else sys.stdout
    try:
        click.echo(text, err=error, color=True)
    except OSError:
        discard(stream)


def discard(stream: TextIO | None) -> None:
    """Drop what is left of *stream*, which cannot be written: Python would try again at exit, and fail again."""
    with suppress(OSError, ValueError):
        if stream is not None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether people read *stream*."""
    return stream is not None and stream.isatty()
