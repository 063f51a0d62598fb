"""The ``watchword`` command and its subcommands."""

from pathlib import Path

import click

from watchword import __version__
from watchword.cli.config_file import use_config_file
from watchword.cli.coverage import coverage
from watchword.cli.data import data
from watchword.cli.exec import execute
from watchword.cli.export import export
from watchword.cli.flag import PREFIX
from watchword.cli.journal import log, why
from watchword.cli.lists import people, rules
from watchword.cli.mutants import mutants
from watchword.cli.serve import serve
from watchword.cli.test import test


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="watchword")
@click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar=f"{PREFIX}CONFIG",
    help="Configuration file to use instead of watchword.toml.",
)
@click.pass_context
def cli(context: click.Context, config: Path | None) -> None:
    """A stand-in for the password APIs of Weavr, ZITADEL and Entrust. For tests only."""
    if context.invoked_subcommand == serve.name:
        use_config_file(context, serve, config)


for _command in (serve, test, execute, log, why, coverage, people, rules, mutants, export, data):
    cli.add_command(_command)
