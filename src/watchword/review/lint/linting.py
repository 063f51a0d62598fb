"""Look at a document with all checks."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from watchword.contract.finding import fingerprint_of
from watchword.described import load_document, written
from watchword.document.loading import load_with_sources
from watchword.document.shown_files import show_file
from watchword.document.sources import Source
from watchword.review.carried import carried_settings
from watchword.review.finding import Check, Finding, Place, Review
from watchword.review.lint.checks import CHECKS, LOOKS
from watchword.review.lint.linted import Found, Linted
from watchword.review.lint.silencing import (
    IGNORE_UNUSED,
    IGNORE_WITHOUT_REASON,
    Ignored,
    find_ignore,
    unused_ignores,
    wrong_ignores,
)
from watchword.systems import SYSTEMS

CheckedFound = tuple[Check, Found]


def read(document: Path | None, overlays: Sequence[Path], people: Sequence[Path] = ()) -> Linted:
    """
    Load what is looked at.

    Args:
        document: None for our own.
        people: Files with people for whom its faults may be; without any, they may be for anybody.

    Raises:
        DocumentError: It cannot be used.
        UnusablePeople: A file of people cannot be used.
    """
    files = written(document, overlays)
    found, sources = load_with_sources(files.root, systems=[one.name for one in SYSTEMS], overlays=overlays)
    systems = {one.name: one for one in SYSTEMS if one.name in found.system_names}
    defaults = {name: one.settings_model() for name, one in systems.items()}
    with files.blaming():
        carried = carried_settings(found, people)
    original = load_document() if systems and (document or overlays) else found
    return Linted(found, sources, original, systems, {**defaults, **carried})


def lint(
    linted: Linted, subject: str, base: Path, more: Sequence[CheckedFound] = (), notes: Sequence[str] = ()
) -> Review:
    """
    Look at a document with all checks.

    Args:
        subject: What it is called.
        base: Files below this directory are shown relative to it.
        more: What other tools have found.
    """
    findings: dict[str, Finding] = {}
    used: set[Ignored] = set()
    for check, found in (*_found(linted), *more):
        ignored = find_ignore(linted.sources, found.steps, check.id)
        reason = ""
        if ignored is not None:
            used.add((ignored[0], check.id))
            reason = ignored[1]
        _add(findings, _finding(linted, check, found, base, reason))
    known = {one.id for one in CHECKS}
    for one in wrong_ignores(linted.sources, known):
        _add(findings, _finding(linted, IGNORE_WITHOUT_REASON, one, base))
    for one in unused_ignores(linted.sources, known, used):
        _add(findings, _finding(linted, IGNORE_UNUSED, one, base))
    return Review("lint", subject, tuple(findings.values()), tuple(notes))


def _found(linted: Linted) -> Iterator[CheckedFound]:
    for check, look in LOOKS.items():
        yield from ((check, one) for one in look(linted))


def _finding(linted: Linted, check: Check, found: Found, base: Path, reason: str = "") -> Finding:
    fingerprint = fingerprint_of(check.id, "/".join(linted.sources.follow(found.steps)), found.sentence)
    example = "" if found.example is None else f" The example is at {_shown(found.example, base)}."
    return Finding(check, f"{found.sentence}{example}", _shown(_source(linted, found), base), fingerprint, reason)


def _add(findings: dict[str, Finding], one: Finding) -> None:
    """Add a finding; of the same one that several ways lead to, one that nobody ignores."""
    known = findings.get(one.fingerprint)
    if known is None or (known.accepted and not one.accepted):
        findings[one.fingerprint] = one


def _source(linted: Linted, found: Found) -> Source:
    """Find the place; of what an overlay has removed, that is its action."""
    if found.source is not None:
        return found.source
    removed = linted.sources.removal(found.steps)
    return linted.sources.find(found.steps) if removed is None else removed


def _shown(source: Source, base: Path) -> Place:
    return Place(show_file(source.path, base), source.line, source.column)
