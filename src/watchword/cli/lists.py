"""``watchword people`` and ``watchword rules``."""

import click
import orjson

from watchword.admin import shapes
from watchword.cli.document import load_api
from watchword.cli.options import SYSTEM_NAMES
from watchword.control.rules import find_rules


@click.command()
@click.option("--system", type=click.Choice(SYSTEM_NAMES), help="Only the people of this system.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON, for programs.")
def people(system: str | None, *, as_json: bool) -> None:
    """List the seed people: what each is for, how to sign in, and headers that are ready to send."""
    found = [one for one in load_api().sandboxes.people() if system in (None, one.system)]
    if as_json:
        click.echo(orjson.dumps([shapes.person(one) for one in found], option=orjson.OPT_INDENT_2))
        return
    for one in found:
        click.echo(f"{one.system}  {one.name}  [{', '.join(one.situations)}]")
        click.echo(f"    {one.why}")
        click.echo(f"    id {one.id}   login {one.login}   password {one.password or '(none)'}")
        for name, value in one.headers.items():
            click.echo(f"    {name}: {value}")


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
