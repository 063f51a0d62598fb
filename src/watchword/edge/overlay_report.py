"""What overlays do to the document, for the person who starts the server."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from watchword.document import Document, Operation
from watchword.document.differences import Place, changed_places
from watchword.document.soundness import like_templates, unfit_defaults, unfit_examples
from watchword.domain.alike import shorten
from watchword.edge.fitness import Misfit, misfits
from watchword.edge.overlay_bounds import contradicted_bounds
from watchword.sandbox.start import Start
from watchword.system import System
from watchword.system.document_settings import FAULTS_KEY as FAULTS
from watchword.system.document_settings import KEY as SETTINGS

_DEFAULTS = Start()


class Stage(NamedTuple):
    """The document after an overlay, which is named; as it was written without a name."""

    overlay: str
    document: Document


class Finding(NamedTuple):
    """
    One thing to tell.

    Args:
        wrong: Whether ``--strict`` refuses to start because of it.
    """

    text: str
    wrong: bool


@dataclass(frozen=True)
class OverlayReport:
    """
    What overlays change and break.

    Args:
        files: The overlays, in the order in which they are applied.
        unfit: The operations whose handlers do not fit any more.
        original: The document as it was written; None without overlays.
        original_start: What sandboxes began with because of that; None without overlays.
    """

    files: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    unfit: frozenset[str] = frozenset()
    original: Document | None = field(default=None, repr=False)
    original_start: Start | None = None


def report(
    stages: Sequence[Stage],
    systems: Mapping[str, System],
    pages: Iterable[str],
    start: Start = _DEFAULTS,
    original_start: Start = _DEFAULTS,
) -> OverlayReport:
    """
    Compare the document with what overlays make of it.

    Args:
        stages: The document as it was written, and then as each overlay leaves it.
        systems: The imitated systems, by name.
        pages: Paths of our own pages.
        start: What sandboxes begin with.
        original_start: What they began with because of the document as it was written.
    """
    if len(stages) == 1:
        return OverlayReport()
    (_, original), (_, final) = stages[0], stages[-1]
    found = [
        Finding(f"{name} {_touched(before, after, systems)}{_brought(before, after, systems)}.", wrong=False)
        for (_, before), (name, after) in pairwise(stages)
    ]
    defaults = {name: one.settings_model() for name, one in systems.items()}
    unfit = {name: tell_unfit(name, reasons) for name, reasons in unfit_handlers(original, final, systems)}
    broken = [
        *_lost(original, final, systems),
        *unfit.values(),
        *contradicted_bounds(original, final, systems, {**defaults, **start.settings}),
        *_unsound(original, final),
        *_unknown_rules(original, final, systems),
        *_shadowed(original, final, pages),
    ]
    files = tuple(one.overlay for one in stages[1:])
    findings = (*found, *(Finding(text, wrong=True) for text in broken))
    return OverlayReport(files, findings, frozenset(unfit), original, original_start)


def _touched(before: Document, after: Document, systems: Mapping[str, System]) -> str:
    places = list(dict.fromkeys((*changed_places(before.content, after.content), *_moved(before, after))))
    if not places:
        return "changes no operation"
    by_system: dict[str, list[str]] = {}
    operations = {**_by_place(before), **_by_place(after)}
    for place in places:
        one = operations[place]
        by_system.setdefault(one.system, []).append(one.id)
    listed = [
        f"{len(ids)} of {systems[name].title if name in systems else name} ({shorten(ids)})"
        for name, ids in by_system.items()
    ]
    return f"changes {len(places)} operation{'s' if len(places) > 1 else ''}: {'; '.join(listed)}"


def _brought(before: Document, after: Document, systems: Mapping[str, System]) -> str:
    """Say what sandboxes begin with because of an overlay, and what they no longer begin with."""
    old, new = (one.content.get(SETTINGS, {}) for one in (before, after))
    titles = [one.title for name, one in systems.items() if old.get(name) != new.get(name)]
    former, faults = (one.content.get(FAULTS, ()) for one in (before, after))
    armed = _count_faults(one for one in faults if one not in former)
    gone = _count_faults(one for one in former if one not in faults)
    brought = ", and ".join(one for one in (f"settings of {' and '.join(titles)}" if titles else "", armed) if one)
    return (f"; it brings {brought}" if brought else "") + (f"; it takes {gone} away" if gone else "")


def _count_faults(faults: Iterable[object]) -> str:
    number = len(list(faults))
    return f"{number} fault{'s' if number > 1 else ''}" if number else ""


def _moved(before: Document, after: Document) -> Iterator[Place]:
    """List the operations that are served elsewhere too, because they inherit the base paths of their system."""
    bases = {(one.method, one.path): one.base_paths for one in before.operations.values()}
    for one in after.operations.values():
        place = Place(one.method, one.path)
        if bases.get(place, one.base_paths) != one.base_paths:
            yield place


def _lost(original: Document, final: Document, systems: Mapping[str, System]) -> Iterator[str]:
    """Tell of lost handlers: of a system that has no operation any more in one sentence."""
    gone = {one.system for one in original.operations.values()} - {one.system for one in final.operations.values()}
    lost = [(original.operations[name].system, text) for name, text in lost_handlers(original, final, systems)]
    for system in dict.fromkeys(name for name, _ in lost if name in gone):
        count = sum(name == system for name, _ in lost)
        yield f"{systems[system].title} is not in the document any more: its {count} handlers are lost."
    yield from (text for system, text in lost if system not in gone)


def lost_handlers(original: Document, final: Document, systems: Mapping[str, System]) -> Iterator[tuple[str, str]]:
    """List the operations of *original* with a handler that *final* does not have, with a sentence about each."""
    places = _by_place(final)
    for identifier, before in original.operations.items():
        system = systems.get(before.system)
        if identifier in final.operations or system is None or system.handler(identifier) is None:
            continue
        now = places.get(Place(before.method, before.path))
        lost = f"The handler of {identifier} is lost: {before.method} {before.path}"
        if now is None:
            yield identifier, f"{lost} is not in the document any more."
        else:
            yield identifier, f"{lost} is called {now.id} now, which the document answers. Keep its operationId."


def unfit_handlers(
    original: Document, final: Document, systems: Mapping[str, System]
) -> Iterator[tuple[str, Sequence[Misfit]]]:
    """List the operations whose handlers do not fit any more, with all reasons."""
    for identifier, before in original.operations.items():
        after, system = final.operations.get(identifier), systems.get(before.system)
        handler = None if system is None else system.handler(identifier)
        if after is None or handler is None:
            continue
        if found := tuple(misfits(handler, before, after)):
            yield identifier, found


def tell_unfit(identifier: str, found: Iterable[Misfit]) -> str:
    """Say why the handler of an operation does not fit any more."""
    reasons = "; ".join(one.reason for one in found)
    return f"The handler of {identifier} does not fit any more: {reasons}. The document answers it."


def _unsound(original: Document, final: Document) -> Iterator[str]:
    for method, paths in like_templates(final.content):
        yield f"{method} {' and '.join(paths)} match the same requests; the first one answers."
    operations = _by_place(final)
    for place in changed_places(original.content, final.content):
        operation = operations.get(place)
        if operation is not None:
            for wrong in unfit_examples(final.content, operation):
                yield f"{operation.id}: {wrong.text}."
    before = set(unfit_defaults(original.content))
    yield from (f"{one.text}." for one in unfit_defaults(final.content) if one not in before)


def _unknown_rules(original: Document, final: Document, systems: Mapping[str, System]) -> Iterator[str]:
    known = {rule.id for system in systems.values() for rule in system.catalogue()}
    for identifier, operation in final.operations.items():
        before = original.operations.get(identifier)
        for rule in operation.rules:
            if rule not in known and (before is None or rule not in before.rules):
                yield f"{identifier}: x-rules names {rule}, but there is no such rule (watchword rules lists them)."


def _shadowed(original: Document, final: Document, pages: Iterable[str]) -> Iterator[str]:
    own = set(pages)
    for one in final.operations.values():
        if one.id in original.operations:
            continue
        if one.path.startswith(("/__admin/", "/~")) or one.path == "/__admin":
            yield f"{one.id}: {one.method} {one.path} cannot be reached: this path is Watchword's own."
        elif one.path in own:
            yield f"{one.id}: {one.method} {one.path} takes the place of a page of Watchword."


def _by_place(document: Document) -> Mapping[Place, Operation]:
    return {Place(one.method, one.path): one for one in document.operations.values()}
