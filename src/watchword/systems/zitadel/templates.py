"""
The links of mails: templates of Go's ``text/template``, as far as links need them.

Known are the three fields: alone, as the argument of ``urlquery``, or piped into it; also comments, and
trimming with ``-``. Anything else of that language is refused as unreadable, so this is narrower than Go.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote_plus

from watchword.domain.rule import OBSERVED, rule
from watchword.systems.zitadel import errors

FIELDS = frozenset({"UserID", "Code", "OrgID"})
_ACTION = re.compile(r"(?P<left>\s*)\{\{(?P<trim_left>-\s)?(?P<inside>.*?)(?P<trim_right>\s-)?\}\}(?P<right>\s*)", re.S)
_COMMENT = re.compile(r"\s*/\*.*\*/\s*", re.S)
_FIELD = re.compile(
    r"\s*(?:(?P<call>urlquery)\s+)?(?P<path>(?:\.[A-Za-z_][A-Za-z0-9_]*)+)\s*(?P<pipe>\|\s*urlquery\s*)?", re.S
)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """
    A field in a template.

    Args:
        quoted: Whether its value is percent-encoded for a query.
    """

    field: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class LinkTemplate:
    """A template that was read: texts and placeholders, in their order."""

    pieces: tuple[str | Placeholder, ...]

    def fill(self, values: Mapping[str, str]) -> str:
        """
        Make the link.

        Args:
            values: By field; every one of FIELDS.
        """
        return "".join([piece if isinstance(piece, str) else _quote(piece, values) for piece in self.pieces])


def _quote(placeholder: Placeholder, values: Mapping[str, str]) -> str:
    value = values[placeholder.field]
    return quote_plus(value) if placeholder.quoted else value


@rule(
    "zitadel.reset.template",
    OBSERVED,
    "internal/domain/url_template.go, v2.65.3",
    without=lambda template: LinkTemplate((template,)),
    compares=lambda template: {"characters": len(template), "fields": sorted(FIELDS)},
)
def read_template(template: str) -> LinkTemplate:
    """
    The template of a link is Go's, with the fields UserID, Code and OrgID, and is checked before anything else.

    Raises:
        TemplateUnreadable: It cannot be read.
        TemplateFieldUnknown: It names another field.
    """
    return parse(template)


@lru_cache(64)
def parse(template: str) -> LinkTemplate:
    """
    Split *template* into texts and placeholders.

    Raises:
        TemplateUnreadable, TemplateFieldUnknown: The first one that is met from left to right.
    """
    pieces: list[str | Placeholder] = []
    at = 0
    for action in _ACTION.finditer(template):
        pieces.append(template[at : action.start()])
        pieces.append("" if action["trim_left"] else action["left"])
        pieces.append(_read_action(action["inside"]))
        pieces.append("" if action["trim_right"] else action["right"])
        at = action.end()
    pieces.append(template[at:])
    if "{{" in template[at:]:
        raise errors.TemplateUnreadable
    return LinkTemplate(tuple([piece for piece in pieces if piece != ""]))


def _read_action(inside: str) -> str | Placeholder:
    """Read what stands between double braces; a comment is an empty text."""
    if _COMMENT.fullmatch(inside):
        return ""
    found = _FIELD.fullmatch(inside)
    if found is None:
        raise errors.TemplateUnreadable
    field = found["path"][1:]
    if field not in FIELDS:
        raise errors.TemplateFieldUnknown
    return Placeholder(field, quoted=bool(found["call"] or found["pipe"]))
