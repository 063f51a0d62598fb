"""What ``watchword diff`` compares, and what fails it: the options ``--only`` and ``--fail-on``."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import click
from click.core import ParameterSource

from watchword.cli.words import check_words
from watchword.review.difference import Comparison, Part
from watchword.review.level import Level
from watchword.review.use_diff.consumers import Rule, UnusableRule, read_rule

_NEVER = "never"
FAILS = (*(one.value for one in Level), Part.BEHAVIOUR.value, Part.CONSUMERS.value, _NEVER)
"""The words of ``--fail-on``."""
_SERVES: Mapping[str, Part] = MappingProxyType(
    {
        "--journal": Part.CONSUMERS,
        "--consumer-by": Part.CONSUMERS,
        "--walks": Part.BEHAVIOUR,
        "--random-seed": Part.BEHAVIOUR,
        "--bindings": Part.BEHAVIOUR,
    }
)
"""The options that are for comparing one part only."""


@dataclass(frozen=True)
class Gate:
    """
    What fails a comparison.

    Args:
        level: Anything that matters so much, or more; None for no such thing.
        parts: Anything in these that is more than harmless.
    """

    level: Level | None = None
    parts: frozenset[Part] = frozenset()

    def is_closed(self, comparison: Comparison) -> bool:
        """Whether a comparison fails."""
        found = (comparison.section(part) for part in self.parts)
        return any(one is not None and one.matters for one in found) or (
            self.level is not None and comparison.fails(self.level)
        )

    def unanswered(self, comparison: Comparison) -> str:
        """Say what was not compared though it could fail the comparison; empty if everything was."""
        for part in sorted(self.parts):
            found = comparison.section(part)
            if found is None or not found.is_compared:
                reason = "" if found is None else " ".join(("", *found.notes))
                return f"--fail-on {part}, but {part} was not compared.{reason}"
        return ""


def read_gate(_context: click.Context, _option: click.Parameter, texts: Sequence[str]) -> Gate:
    """
    Read ``--fail-on``; of several levels the one counts that fails most.

    Raises:
        click.BadParameter: There is no such word, none is named, or ``never`` has others beside it.
    """
    words = check_words(texts, FAILS, kind="level or part")
    if not words:
        raise click.BadParameter(f"name what fails the comparison: {', '.join(FAILS)}.")
    if _NEVER in words and len(words) > 1:
        raise click.BadParameter(f"{','.join(texts)!r}: {_NEVER!r} has nothing beside it.")
    levels = [one for one in Level if one.value in words]
    return Gate(levels[-1] if levels else None, frozenset(one for one in Part if one.value in words))


def read_parts(context: click.Context, option: click.Parameter, texts: Sequence[str]) -> frozenset[Part] | None:
    """
    Read ``--only``; None without it.

    Raises:
        click.BadParameter: There is no such part, or none is named.
    """
    if context.get_parameter_source(option.name or "") is ParameterSource.DEFAULT:
        return None
    words = check_words(texts, [one.value for one in Part], kind="part")
    if not words:
        raise click.BadParameter(f"name what to compare: {', '.join(Part)}.")
    return frozenset(map(Part, words))


def read_consumer_rule(_context: click.Context, _option: click.Parameter, text: str) -> Rule:
    """
    Read ``--consumer-by``.

    Raises:
        click.BadParameter: Nobody can be told apart so.
    """
    try:
        return read_rule(text)
    except UnusableRule as error:
        raise click.BadParameter(f"{error}.") from None


def plan_parts(only: frozenset[Part] | None, fail_on: Gate, *, has_journal: bool) -> frozenset[Part]:
    """
    Find out what is going to be compared.

    Args:
        only: The parts that are named; None for all that can be had.

    Raises:
        click.UsageError: A part is named, or an option is for one, that will not be compared.
    """
    possible = frozenset(Part) if has_journal else frozenset(Part) - {Part.CONSUMERS}
    wanted = possible if only is None else only
    if impossible := wanted - possible:
        raise click.UsageError(f"Nothing was compared: --only {','.join(impossible)} needs --journal FILE.")
    for flag, part in _given(fail_on):
        if part not in wanted:
            left_out = "" if only is None else "which --only leaves out"
            reasons = (left_out, "" if part in possible else "which needs --journal FILE")
            raise click.UsageError(f"{flag} is for comparing {part}, {' and '.join(filter(None, reasons))}.")
    return wanted


def _given(fail_on: Gate) -> Iterator[tuple[str, Part]]:
    """List the options on the command line, and the words of ``--fail-on``, that are for comparing one part."""
    yield from ((f"--fail-on {part}", part) for part in sorted(fail_on.parts))
    context = click.get_current_context()
    for option in context.command.params:
        part = _SERVES.get(option.opts[0])
        if part is not None and context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE:
            yield option.opts[0], part
