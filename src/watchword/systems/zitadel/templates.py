"""The links of mails: templates of Go's ``text/template`` with three fields, which are texts."""

from collections.abc import Mapping
from dataclasses import dataclass

from watchword.domain.rule import OBSERVED, rule
from watchword.systems.zitadel import errors, go_template
from watchword.systems.zitadel.go_template.lexing import Unreadable

FIELDS = ("UserID", "Code", "OrgID")
"""In the service's order."""
_SAMPLE: Mapping[str, str] = {"UserID": "269629023906488501", "Code": "code", "OrgID": "orgID"}
"""What the service tries a template with; the id is that of the user, which here is any."""


@dataclass(frozen=True, slots=True)
class LinkTemplate:
    """A template that was read."""

    template: go_template.Template

    def fill(self, values: Mapping[str, str]) -> str:
        """
        Make the link.

        Args:
            values: By field; every one of FIELDS.

        Raises:
            CannotRun: Only these values lead to something that is not there.
        """
        return go_template.run(self.template, go_template.Record({name: values[name] for name in FIELDS}))


@rule(
    "zitadel.reset.template",
    OBSERVED,
    "recorded answers of v2.65.3 and v4.6.5; internal/domain/url_template.go, v2.65.3",
    without=lambda template: LinkTemplate(go_template.Template({"": (template,)})),
    compares=lambda template: {"characters": len(template), "fields": list(FIELDS)},
)
def read_template(template: str) -> LinkTemplate:
    """
    The template of a link is Go's, with the fields UserID, Code and OrgID; it is read and tried before anything else.

    Raises:
        TemplateUnreadable: It cannot be read.
        TemplateFieldUnknown: It cannot be executed: it names another field, say, or ranges over a text.
    """
    read = parse(template)
    try:
        read.fill(_SAMPLE)
    except go_template.CannotRun:
        raise errors.TemplateFieldUnknown from None
    return read


def parse(template: str) -> LinkTemplate:
    """
    Read *template*.

    Raises:
        TemplateUnreadable: It cannot be read.
    """
    try:
        return LinkTemplate(go_template.parse(template))
    except Unreadable:
        raise errors.TemplateUnreadable from None
