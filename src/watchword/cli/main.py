"""The ``watchword`` command and its subcommands."""

import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from watchword import __version__
from watchword.cli.config_file import use_config_file
from watchword.cli.exit_codes import INTERRUPTED, UNREAD
from watchword.cli.flag import PREFIX
from watchword.cli.output import discard
from watchword.cli.signalled import tell_interrupted

_COMMANDS: Mapping[str, tuple[str, str]] = {
    "serve": ("serve", "serve"),
    "lint": ("lint", "lint"),
    "test": ("test", "test"),
    "diff": ("diff", "diff"),
    "exec": ("exec", "execute"),
    "log": ("journal", "log"),
    "why": ("journal", "why"),
    "coverage": ("coverage", "coverage"),
    "proxy": ("proxy", "proxy"),
    "people": ("lists", "people"),
    "rules": ("lists", "rules"),
    "mutants": ("mutants", "mutants"),
    "mutate": ("mutate", "mutate"),
    "export": ("export", "export"),
    "data": ("data", "data"),
}
"""By name: the module that has the command, and its name there."""


class _Commands(click.Group):
    """Imports a command when it is asked for: some need much that the others do not."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # as click calls it
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # as click calls it
        if cmd_name not in _COMMANDS:
            return None
        try:
            return _find(cmd_name)
        except KeyboardInterrupt as interrupt:
            tell_interrupted(interrupt)
            raise

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; click itself would end one that is cut short with 1, as if it had found something."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            sys.exit(INTERRUPTED)
        except BrokenPipeError:
            discard(sys.stdout)
            discard(sys.stderr)
            sys.exit(UNREAD)


def _find(command: str) -> click.Command:
    module, name = _COMMANDS[command]
    found: click.Command = getattr(import_module(f"watchword.cli.{module}"), name)
    return found


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
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
    if context.invoked_subcommand == "serve":
        use_config_file(context, _find("serve"), config)
