"""``watchword people`` and ``watchword rules``."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import click
import orjson
from click.core import ParameterSource

from watchword.admin import shapes
from watchword.cli.document import load_api
from watchword.cli.remote import Remote, remote_options
from watchword.cli.system_names import SYSTEM_NAMES
from watchword.control.rules import find_rules


@click.command()
@partial(remote_options, url=None)
@click.option("--system", type=click.Choice(SYSTEM_NAMES), help="Only the people of this system.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON, for programs.")
def people(url: str | None, sandbox: str, token: str | None, *, system: str | None, as_json: bool) -> None:
    """
    List the people: what each is for, how to sign in, and headers that are ready to send.

    Those of the seed data; with --url those of a sandbox of a running server, as they are now.
    """
    if url is None:
        if click.get_current_context().get_parameter_source("sandbox") is ParameterSource.COMMANDLINE:
            raise click.UsageError(
                "--sandbox needs --url: without a server there are only the people of the seed data."
            )
        everybody = [shapes.person(one) for one in load_api().sandboxes.people()]
    else:
        remote = Remote(url, sandbox, token)
        remote.require_sandbox()
        everybody = remote.get("/people")["people"]
    found = [one for one in everybody if system in (None, one["system"])]
    if as_json:
        click.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2))
        return
    for one in found:
        click.echo(f"{one['system']}  {one['name']}  [{', '.join(one['situations'])}]")
        click.echo(f"    {one['why']}")
        click.echo(f"    id {one['id']}   login {one['login']}   password {_password(one)}")
        for name, value in one["headers"].items():
            click.echo(f"    {name}: {value}")


def _password(person: Mapping[str, Any]) -> str:
    """Tell a password: only one of the seed data is known, of others there are hashes."""
    return person["password"] or ("(set, and stored as a hash)" if person["state"]["passwordSet"] else "(none)")


@click.command()
@click.option("--system", type=click.Choice(SYSTEM_NAMES), help="Only the rules of this system.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON, for programs.")
def rules(system: str | None, *, as_json: bool) -> None:
    """List the rules: each with its grade, its source, and the operations that use it."""
    found = find_rules(load_api(), system=system)
    if as_json:
        click.echo(orjson.dumps([shapes.rule(one) for one in found], option=orjson.OPT_INDENT_2))
        return
    for one in found:
        click.echo(f"{one.rule.id}  ({one.rule.standing}: {one.rule.source})")
        click.echo(f"    {one.rule.sentence}")
        click.echo(f"    {', '.join(one.operations)}")
