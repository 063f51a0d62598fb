"""
The links of mails: templates of Go's ``text/template``, as far as links need them.

A field of three, alone, as the argument of ``urlquery``, or piped into it; comments, and blanks
trimmed by ``-``. Anything else of that language is refused as unreadable, which is narrower than Go.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote_plus

from watchword.domain.rule import OBSERVED, rule
from watchword.systems.zitadel import errors

_ACTION = re.compile(r"(?P<left>\s*)\{\{(?P<trim_left>-\s)?(?P<inside>.*?)(?P<trim_right>\s-)?\}\}(?P<right>\s*)", re.S)
_COMMENT = re.compile(r"\s*/\*.*\*/\s*", re.S)
_FIELD = re.compile(
    r"\s*(?:(?P<call>urlquery)\s+)?(?P<path>(?:\.[A-Za-z_][A-Za-z0-9_]*)+)\s*(?P<pipe>\|\s*urlquery\s*)?", re.S
)


@rule("zitadel.reset.template", OBSERVED, "internal/domain/url_template.go, v2.65.3")
def link(template: str, values: Mapping[str, str]) -> str:
    """
    A link's template is Go's, with the fields UserID, Code and OrgID, and is judged before anything else.

    Args:
        template: The text between the double braces is replaced.
        values: By the names of the fields.

    Raises:
        TemplateUnreadable: It cannot be read.
        TemplateUnfit: It asks for another field.
    """
    pieces: list[str] = []
    at = 0
    for action in _ACTION.finditer(template):
        pieces.append(template[at : action.start()])
        pieces.append("" if action["trim_left"] else action["left"])
        pieces.append(_value(action["inside"], values))
        pieces.append("" if action["trim_right"] else action["right"])
        at = action.end()
    pieces.append(template[at:])
    if "{{" in template[at:]:
        raise errors.TemplateUnreadable
    return "".join(pieces)


def _value(inside: str, values: Mapping[str, str]) -> str:
    if _COMMENT.fullmatch(inside):
        return ""
    field = _FIELD.fullmatch(inside)
    if field is None:
        raise errors.TemplateUnreadable
    name = field["path"][1:]
    if name not in values:
        raise errors.TemplateUnfit
    quoted = field["call"] or field["pipe"]
    return quote_plus(values[name]) if quoted else values[name]
