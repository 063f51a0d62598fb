"""``watchword log`` and ``watchword why``: reading the journal of a running server."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import click

from watchword.cli.flag import WholeNumber
from watchword.cli.har import archive
from watchword.cli.remote import CannotReach, Remote, remote_options

_AT_ONCE = "1000"
Json = Mapping[str, Any]


@click.command()
@remote_options
@click.option("-f", "--follow", is_flag=True, help="Go on with what comes.")
@click.option("-n", "--lines", type=WholeNumber(0, 1000), default=20, show_default=True, help="How many to begin with.")
@click.option("--all", "everything", is_flag=True, help="Requests of all sandboxes, and those that belong to none.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "har"]),
    default="text",
    show_default=True,
    help="A line for people, a JSON object a line, or an HTTP Archive, which browsers open.",
)
@click.option("--why", "reasons", is_flag=True, help="Add what decided.")
def log(
    url: str,
    sandbox: str,
    token: str | None,
    *,
    follow: bool,
    lines: int,
    everything: bool,
    form: str,
    reasons: bool,
) -> None:
    """Show the requests that a running server got, a line each."""
    if reasons and form != "text":
        raise click.UsageError("--why is for --format text; in JSON decidedBy says what decided.")
    remote = Remote(url, sandbox, token)
    query = {"scope": "all" if everything else "sandbox"}
    if form == "har":
        if follow:
            raise click.UsageError("--format har is one file, so it cannot follow.")
        found = list(_entries(remote, query, lines, follow=False))
        click.echo(json.dumps(archive(found, remote.url.rstrip("/")), indent=2, ensure_ascii=False))
        return
    for entry in _entries(remote, query, lines, follow=follow):
        click.echo(json.dumps(entry) if form == "json" else _line(entry, everything=everything))
        if reasons and form == "text":
            click.echo(f"         {_explained(remote, entry)['sentence']}")
        sys.stdout.flush()


@click.command()
@remote_options
@click.argument("identifier", metavar="[ID|last]", default="last")
@click.option("--what-if", "cures", is_flag=True, help="Add what would have helped.")
def why(url: str, sandbox: str, token: str | None, identifier: str, *, cures: bool) -> None:
    """Say why a running server answered a request so: the last one, or the one with this id."""
    remote = Remote(url, sandbox, token)
    try:
        entry = remote.get(f"/journal/{quote(identifier, safe='')}")
    except CannotReach as error:
        if error.status == HTTPStatus.NOT_FOUND:
            remote.require_sandbox()
            if identifier == "last" and "no such entry" in error.message:
                raise CannotReach("No request has come yet.", error.status) from None
        raise
    explained = remote.get(f"/journal/{entry['id']}/explain")
    click.echo("\n".join(_reasons(entry, explained)))
    if cures:
        click.echo("\n".join(_cures(remote.get(f"/journal/{entry['id']}/what-if"))))


def _entries(remote: Remote, query: Json, lines: int, *, follow: bool) -> Iterator[Json]:
    """Yield entries, oldest first, and then those that come."""
    first = remote.get("/journal", {**query, "limit": str(max(1, lines))})["entries"]
    if not first and query["scope"] == "sandbox":
        _say_if_there_is_none(remote, follow=follow)
    yield from reversed(first[:lines])
    newest = first[0]["id"] if first else None
    while follow:
        since = {} if newest is None else {"since": newest}
        found = remote.get("/journal", {**query, **since, "limit": _AT_ONCE, "wait": "20s"})["entries"]
        yield from reversed(found)
        newest = found[0]["id"] if found else newest


def _say_if_there_is_none(remote: Remote, *, follow: bool) -> None:
    """Tell a sandbox that does not exist from one without requests; one that is followed may be made yet."""
    try:
        remote.require_sandbox()
    except CannotReach as error:
        if not follow or error.status != HTTPStatus.NOT_FOUND:
            raise
        click.echo(f"There is no sandbox {remote.sandbox!r} yet.", err=True)


def _line(entry: Json, *, everything: bool) -> str:
    request, response = entry["request"], entry["response"]
    words = [
        entry["receivedAt"][11:19],
        request["method"] or entry["protocol"],
        request["url"],
        "aborted" if entry["aborted"] else str(response["status"] or entry["reason"] or "-"),
        entry["code"] or "",
        "" if entry["protocol"] == "rest" else f"({entry['protocol']})",
        " ".join(entry["people"]),
        f"sandbox={entry['sandbox'] or '-'}" if everything else "",
        f"fault={','.join(entry['faults'])}" if entry["faults"] else "",
        f"violations={len(entry['violations'])}" if entry["violations"] else "",
    ]
    return " ".join(filter(None, words))


def _explained(remote: Remote, entry: Json) -> Json:
    inside = Remote(remote.url, entry["sandbox"] or remote.sandbox, remote.token)
    found: Json = inside.get(f"/journal/{entry['id']}/explain")
    return found


def _reasons(entry: Json, explained: Json) -> Iterator[str]:
    request = entry["request"]
    yield f"{request['method']} {request['url']}"
    yield explained["sentence"]
    rule = explained["rule"]
    if rule is not None:
        yield f"  rule      {rule['id']} ({rule['grade']})"
        yield f"  says      {rule['sentence']}"
        yield f"  source    {rule['source']}"
    elif explained["decidedBy"] is not None:
        yield f"  decided   {explained['decidedBy']['kind']} {explained['decidedBy']['id']}"
    yield from _listed("compared", [f"{name} = {_shown(value)}" for name, value in explained["values"].items()])
    for said in ("held", "changed"):
        yield from _listed(said, list(dict.fromkeys(one["id"] for one in explained["held"] if one["said"] == said)))
    yield from _listed("next", explained["next"])
    told = [f"{one['where']} {one['pointer']} {one['message']}" for one in explained["violations"]]
    yield from _listed("violates", told)
    yield from _listed("hint", [entry["hint"]] if entry["hint"] else [])
    yield from _listed("people", entry["people"])
    yield f"  id        {entry['id']}"


def _cures(found: Json) -> Iterator[str]:
    for one in found["cures"]:
        yield f"  what if   {one['sentence']} {json.dumps(one['change'], ensure_ascii=False)}"
    if not found["cures"]:
        tried = found["tried"]
        yield f"  what if   {f'None of {tried} changes would have helped.' if tried else 'It was not refused.'}"


def _listed(name: str, items: Sequence[str]) -> Iterator[str]:
    for place, one in enumerate(items):
        yield f"  {name if not place else '':<9} {one}"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else str(value)
