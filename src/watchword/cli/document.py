"""The document and the seed data, for commands that do not start a server."""

from pathlib import Path

import click

from watchword.build import Options, imitated_api
from watchword.document import DocumentError
from watchword.domain.hashing import Profile
from watchword.edge.served_api import ServedApi


def load_api(overlays: tuple[Path, ...] = ()) -> ServedApi:
    """
    Load what ``watchword serve`` would serve.

    Raises:
        click.UsageError: The document or an overlay cannot be used.
    """
    try:
        return imitated_api(Options(overlays=overlays, hashing=Profile.FAST))
    except DocumentError as error:
        raise click.UsageError(str(error)) from error
