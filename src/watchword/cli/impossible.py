"""A command that could not do what it was asked."""

import click


class Impossible(click.ClickException):
    """It could not run, or could not report what it found; the message says why."""

    exit_code = 2
