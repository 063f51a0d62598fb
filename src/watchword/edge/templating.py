"""Pages that a template writes."""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

_CODE = re.compile(r"``?([^`]+)``?")


def templates(folder: Path) -> Environment:
    """
    Give the templates of a *folder*: everything is escaped, and what is not given is an error.

    They belong to the code that fills them, so each is read once.
    """
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["prose"] = prose
    return made


def prose(sentence: str) -> Markup:
    """Set what stands in backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(sentence))))  # noqa: S704  # escaped just now
