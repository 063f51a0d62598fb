"""HEAD as a server that is no Watchword: the options ``--bindings``, ``--system`` and ``--i-own-this`` of diff."""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import click

from watchword.contract.bindings import read_bindings
from watchword.contract.run import Assignment
from watchword.contract.subjects import SUBJECTS
from watchword.review.difference import Part
from watchword.review.served_documents import server_of
from watchword.review.sides import Side, SideWithoutDocument, UnusableSide, is_address, opened, unread


def read_bound(
    head: str,
    overlays: Sequence[Path],
    *,
    file: Path | None,
    system: str | None,
    is_owned: bool,
) -> Assignment | None:
    """
    Read what HEAD is, if it is a server with bindings.

    Args:
        file: Of ``--bindings``; None without it.

    Raises:
        click.UsageError: ``--bindings`` is without what it needs, or something that it is for is without it.
        UnusableBindings: The file cannot be used.
    """
    if file is None:
        for flag, is_given in (("--system", system is not None), ("--i-own-this", is_owned)):
            if is_given:
                raise click.UsageError(f"{flag} is about a HEAD with --bindings FILE: add it, or leave {flag} out.")
        return None
    if system is None:
        raise click.UsageError(f"--bindings needs --system, which HEAD should be: {', '.join(SUBJECTS)}.")
    if not is_address(head):
        raise click.UsageError(f"--bindings is about HEAD, and {head} is no server: name its http:// address.")
    if overlays:
        raise click.UsageError(
            f"--bindings is about HEAD, a running server, which does not serve --overlay {overlays[0]}."
        )
    return Assignment(
        server_of(head),
        SUBJECTS[system],
        read_bindings(file, SUBJECTS[system], os.environ),  # noqa: TID251  # the environment
        is_owned=is_owned,
        today=date.today(),  # noqa: DTZ011  # of the person who accepted something until a day
    )


def open_head(
    stack: ExitStack, head: str, overlays: Sequence[Path], wanted: frozenset[Part], *, base: Side, is_bound: bool
) -> Side:
    """
    Read HEAD; nobody asks for its document if it has bindings and only its behaviour is compared.

    Args:
        stack: Keeps it open.
        wanted: The parts that are compared.

    Raises:
        UnusableSide: It cannot be compared.
    """
    if is_bound and wanted == {Part.BEHAVIOUR}:
        return unread(head, base)
    try:
        return stack.enter_context(opened(head, overlays))
    except SideWithoutDocument as error:
        needless = "; with --bindings FILE and --only behaviour, HEAD needs none" if Part.BEHAVIOUR in wanted else ""
        raise UnusableSide(f"{error}{needless}") from None
