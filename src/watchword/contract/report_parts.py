"""What all reports are made of."""

import html
import re
from typing import Any
from xml.etree import ElementTree as Xml

import orjson

_STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1,h2,h3{line-height:1.3}h1{font-size:clamp(1.125rem,.9rem + 1.2vw,1.75rem)}
h2{font-size:clamp(1.0625rem,.95rem + .6vw,1.25rem)}h3{font-size:1rem}
body{overflow-wrap:anywhere}pre{background:#8881;padding:.7rem;overflow:auto}
article{border-left:4px solid #888;padding:0 1rem;margin:1.5rem 0}
table{border-collapse:collapse;width:100%;table-layout:fixed}th,td{text-align:left;vertical-align:top;padding:.2rem}
th:first-child,td:first-child{width:8rem}
article.broken{border-color:#c33}article.differs{border-color:#c90}:root{color-scheme:light dark}"""


def escape(text: str) -> str:
    """Write *text* for HTML."""
    return html.escape(text)


def write_page(title: str, body: str, style: str = "") -> str:
    """
    Write a whole page, which fits screens of any width and loads nothing.

    Args:
        title: Text; *body* is HTML.
        style: What this page needs besides what all have.
    """
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}\n{style}</style>'
        f"{body}</html>\n"
    )


def printable(text: str) -> str:
    """XML has no control characters."""
    return "".join(one if one in "\n\t" or one.isprintable() else "?" for one in text)


def markdown(text: str) -> str:
    """Escape a text for a cell of a table: what a server answers must not end the cell, or be markup."""
    line = " ".join(printable(text).split())
    return re.sub(r"([\\`*_|\[\]])", r"\\\1", html.escape(line, quote=False))


def markdown_code(text: str) -> str:
    """Write a text as code in a cell of a table: there a backslash escapes nothing but what would end the cell."""
    line = " ".join(printable(text).split()).replace("|", "\\|")
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    return f"{fence} {line} {fence}" if len(fence) > 1 else f"`{line}`"


def write_xml(element: Xml.Element) -> str:
    """Write a whole document."""
    Xml.indent(element)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(element, encoding="unicode") + "\n"


def write_json(content: Any) -> str:
    """Write a whole document."""
    return orjson.dumps(content, option=orjson.OPT_INDENT_2).decode() + "\n"
