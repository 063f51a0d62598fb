"""The stand-in beside ``watchword proxy``: what its flags need, and what it is made of."""

import os
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import click

from watchword.contract.bindings import UnusableBindings, read_bindings
from watchword.contract.subject import Subject
from watchword.domain.clock import start_timer
from watchword.journal.findings import Kind
from watchword.proxy.shadow.player import Compared
from watchword.proxy.shadow.shadow import CannotShadow, Shadow
from watchword.review.decided import decided


def check_shadow(fail_on: frozenset[str], file: Path | None, *, has_shadow: bool) -> None:
    """
    Refuse what cannot be found, and what is not used.

    Raises:
        click.UsageError: A flag lacks another one.
    """
    if has_shadow and file is None:
        raise click.UsageError(
            "--shadow requires --bindings FILE, which says who plays which role on UPSTREAM;"
            " watchword test --init writes one to begin with."
        )
    if file is not None and not has_shadow:
        raise click.UsageError("--bindings says who plays which role for --shadow, which is not given.")
    if Kind.BEHAVIOUR in fail_on and not has_shadow:
        raise click.UsageError(f"--fail-on {Kind.BEHAVIOUR} finds nothing without --shadow.")


def make_shadow(subject: Subject, file: Path, upstream: str) -> Shadow:
    """
    Make the shadow of a server.

    Raises:
        click.UsageError: Its bindings cannot be used.
    """
    try:
        bindings = read_bindings(file, subject, os.environ)  # noqa: TID251  # the environment
        return Shadow(
            subject,
            bindings,
            upstream,
            decided_by=decided(),
            today=date.today(),  # noqa: DTZ011  # of the person who accepted something until a day
            elapsed=start_timer(),
        )
    except UnusableBindings as error:
        raise click.UsageError(str(error)) from None


def open_shadow(shadow: Shadow, stack: ExitStack) -> Compared:
    """
    Open a shadow until the end; gives what becomes of the requests.

    Raises:
        click.UsageError: It cannot be opened.
    """
    stack.callback(shadow.close)
    try:
        return shadow.open()
    except CannotShadow as error:
        raise click.UsageError(f"--shadow: {error}") from None
