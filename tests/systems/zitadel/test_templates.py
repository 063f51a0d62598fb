"""Templates of links: Go's language, its limits here, and the links that come of it."""

import json
from pathlib import Path

import pytest

from tests.conftest import Inbox
from tests.outcomes import proves
from tests.systems.zitadel.conftest import Zitadel, refusal
from watchword.systems.zitadel import go_template
from watchword.systems.zitadel.go_template.lexing import Unreadable

MAIL = "mini@mouse.example"
FIELDS = go_template.Record({"UserID": "269629023906488501", "Code": "code", "OrgID": "orgID"})
ANSWERED_BY_GO = json.loads((Path(__file__).parent / "go_templates.json").read_text(encoding="utf-8"))
"""Templates with what ``text/template`` of Go 1.26 makes of them, over the same fields."""


def outcome_of(template: str) -> tuple[str, str]:
    """Execute a template, and say how that ended."""
    try:
        return "runs", go_template.run(go_template.parse(template), FIELDS)
    except Unreadable:
        return "unreadable", ""
    except go_template.CannotRun:
        return "cannot run", ""


@pytest.mark.parametrize(("template", "ends", "text"), ANSWERED_BY_GO, ids=[row[0] for row in ANSWERED_BY_GO])
def test_a_template_is_read_and_executed_as_by_go(template: str, ends: str, text: str) -> None:
    assert outcome_of(template) == (ends, text)


@pytest.mark.parametrize(
    "template",
    [
        pytest.param('{{define "a"}}{{template "a"}}{{end}}{{template "a"}}', id="a part that inserts itself"),
        pytest.param(
            '{{define "a"}}{{template "b"}}{{template "b"}}{{end}}{{define "b"}}{{template "a"}}{{template "a"}}{{end}}'
            '{{template "a"}}',
            id="parts that insert each other twice",
        ),
        pytest.param('{{printf "%999999999d" 1}}', id="a wide field"),
        pytest.param("".join(['{{printf "%9999d" 1}}'] * 11), id="a long text"),
        pytest.param("{{range 1000000000}}x{{end}}", id="a long range"),
    ],
)
def test_a_template_that_would_not_end_or_be_too_long_cannot_run(template: str) -> None:
    assert outcome_of(template) == ("cannot run", "")


@pytest.mark.parametrize("nested", ["(" * 5000, "{{if 1}}" * 5000, "{{with 1}}" * 5000, '{{block "a" 1}}' * 5000])
def test_a_template_that_is_too_deep_is_unreadable(nested: str) -> None:
    assert outcome_of(nested if nested.startswith("{{") else "{{" + nested)[0] == "unreadable"


@proves("zitadel.reset.template")
@pytest.mark.parametrize(
    ("template", "link"),
    [
        ("https://me.example/{{if .OrgID}}{{.OrgID}}{{else}}none{{end}}", "https://me.example/69629023906488334"),
        ('https://me.example/{{printf "%.4s" .UserID}}', "https://me.example/2696"),
        ("https://me.example/{{with $id := .UserID}}{{len $id}}{{end}}", "https://me.example/18"),
        ('https://me.example/{{"a b" | urlquery}}', "https://me.example/a+b"),
        ('{{define "host"}}https://me.example{{end}}{{template "host"}}/x', "https://me.example/x"),
        ("https://me.example/{{index .UserID 0}}", "https://me.example/50"),
        ('{{"é"}}{{slice "é" 1}}', "é\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_a_link_is_what_its_template_makes_of_the_fields(
    zitadel: Zitadel, inbox: Inbox, template: str, link: str
) -> None:
    assert zitadel.reset("mini", {"sendLink": {"urlTemplate": template}}).status == 200
    assert inbox.latest(to=MAIL).links == (link,)


@proves("zitadel.reset.template")
@pytest.mark.parametrize(
    ("template", "identifier"),
    [
        ("{{range .Code}}x{{end}}", "DOMAIN-ieYa7"),
        ('{{template "missing"}}', "DOMAIN-ieYa7"),
        ("{{len 1}}", "DOMAIN-ieYa7"),
        # The service tries a template with the code "code".
        ("{{slice .Code 0 5}}", "DOMAIN-ieYa7"),
        ("{{if .Code}}", "DOMAIN-oGh5e"),
        ("{{$unknown}}", "DOMAIN-oGh5e"),
        ("{{.Code Foo}}", "DOMAIN-oGh5e"),
    ],
)
def test_what_cannot_be_read_and_what_cannot_be_executed_are_two_refusals(
    zitadel: Zitadel, template: str, identifier: str
) -> None:
    answer = zitadel.reset("mini", {"sendLink": {"urlTemplate": template}})
    assert refusal(answer) == (400, 3, f"URL Template is invalid ({identifier})")


def test_a_template_that_fails_with_the_real_code_only_makes_a_code_and_sends_nothing(
    zitadel: Zitadel, inbox: Inbox
) -> None:
    template = '{{if ne .Code "code"}}{{index .Code 9}}{{end}}'
    answer = zitadel.reset("mini", {"sendLink": {"urlTemplate": template}})
    assert (answer.status, answer.body["details"]["sequence"]) == (200, "2")
    assert inbox.all() == []
    # No event tells of a message.
    assert zitadel.reset("mini", {"returnCode": {}}).body["details"]["sequence"] == "3"
