"""Files that a command reads."""

from pathlib import Path
from typing import Any

import click

from watchword.document.links import IN_A_CIRCLE, leads_to_itself


class _InputFile(click.Path):
    """A file that exists; of a symbolic link to itself click would say that it does not."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuse what cannot be read."""
        if leads_to_itself(Path(value)):
            self.fail(f"{str(value)!r} {IN_A_CIRCLE}.", param, ctx)
        return super().convert(value, param, ctx)


INPUT_FILE = _InputFile(exists=True, dir_okay=False, path_type=Path)
