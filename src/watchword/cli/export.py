"""``watchword export``."""

from pathlib import Path

import click
import orjson

from watchword.build import admin_document
from watchword.cli.document import load_api
from watchword.cli.input_file import INPUT_FILE
from watchword.cli.remote import Remote, remote_options
from watchword.cli.state_file import CannotExport, write_file
from watchword.control.people_file import export_schema
from watchword.document.writer import write_yaml


@click.group()
def export() -> None:
    """Write files for other tools."""


@export.command("people-schema")
def export_people_schema() -> None:
    """Write the JSON schema of a file for 'serve --people', for editors."""
    schema = export_schema(admin_document(load_api()))
    click.echo(orjson.dumps(schema, option=orjson.OPT_INDENT_2))


@export.command("state")
@remote_options
@click.option("--journal", is_flag=True, help="With the requests of the sandbox, masked, for people to read.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead of the screen."
)
def export_sandbox(url: str, sandbox: str, token: str | None, output: Path | None, *, journal: bool) -> None:
    """Write a sandbox of a running server as one file, for 'serve --import' or PUT /__admin/state."""
    remote = Remote(url, sandbox, token)
    remote.require_sandbox()
    written = remote.get("/state", {"journal": "true"} if journal else None)
    if output is None:
        click.echo(orjson.dumps(written, option=orjson.OPT_INDENT_2))
        return
    try:
        write_file(output, written)
    except CannotExport as error:
        raise click.UsageError(f"--output: {error}.") from error


@export.command("openapi")
@click.option("--system", help="Only this system, which an overlay may have added.")
@click.option("--overlay", type=INPUT_FILE, multiple=True, help="OpenAPI Overlay file that changes the document.")
@click.option(
    "--closed", is_flag=True, help="Strict: no default and no 500, and answers have exactly what is described."
)
@click.option("--format", "form", type=click.Choice(["json", "yaml"]), default="yaml", show_default=True)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead of the screen."
)
def export_openapi(
    system: str | None, overlay: tuple[Path, ...], form: str, output: Path | None, *, closed: bool
) -> None:
    """Write the OpenAPI document as one file; references inside of it are kept."""
    api = load_api(overlay)
    if system not in (None, *api.document.system_names):
        names = ", ".join(api.document.system_names)
        raise click.UsageError(f"--system: {system!r} is not a system. There are: {names}")
    document = api.document.export(api.handlers, system, closed=closed)
    if form == "json":
        text = orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n"
    else:
        text = write_yaml(document)
    if output is None:
        click.echo(text, nl=False)
    else:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise click.UsageError(f"--output: {error}") from error
