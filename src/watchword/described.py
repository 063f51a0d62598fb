"""How documents describe the imitated systems: today's with its overlays, and those that are proposed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from watchword.control.document_faults import check_faults, faults_of
from watchword.document import Document, DocumentError, load, load_stages
from watchword.document.file_states import FileStates
from watchword.document.links import real_path
from watchword.document.overlay import given_once, is_overlay
from watchword.document.written import Written
from watchword.edge.extra_documents import proposal_name_problem
from watchword.edge.mock.refusals import document_only_systems
from watchword.edge.overlay_report import Stage, report
from watchword.edge.pages import PATHS
from watchword.edge.served_api import RequestLimits, ServedApi
from watchword.resources import folder
from watchword.sandbox import Sandboxes
from watchword.sandbox.start import Start
from watchword.system.document_settings import proposed_settings, settings_of
from watchword.system.settings import SettingsBySystem
from watchword.systems import SYSTEMS

_NAMES = [system.name for system in SYSTEMS]


class UnusableProposal(DocumentError):
    """Proposals that cannot be used: which ones, and why."""


@dataclass(frozen=True)
class Described:
    """
    How a document describes the imitated systems.

    Args:
        files: What it was put together from.
        stages: The document as it was written, and then as each overlay leaves it.
        start: What sandboxes begin with.
        original_start: What they began with because of the document as it was written.
    """

    files: Written
    stages: Sequence[Stage]
    start: Start
    original_start: Start

    @property
    def document(self) -> Document:
        """The document with all overlays."""
        return self.stages[-1].document

    def serve(self, sandboxes: Sandboxes, limits: RequestLimits, proposal: str = "") -> ServedApi:
        """Let the systems answer for it, as it is or as a *proposal* of that name."""
        imitated = {one.name: one for one in SYSTEMS}
        systems = {**imitated, **document_only_systems(self.document)}
        found = report(self.stages, imitated, PATHS, self.start, self.original_start)
        served = ServedApi(self.document, systems, sandboxes, limits, overlays=found, start=self.start)
        return replace(served, proposal=proposal)


def load_document() -> Document:
    """Load the one document, as it is written."""
    return next(_stages(written(None)))


def written(document: Path | None, overlays: Sequence[Path] = ()) -> Written:
    """
    Name the files of a *document* with *overlays*; None for the document that this version serves.

    Raises:
        DocumentError: An overlay is given twice.
    """
    return Written(folder("openapi") / "openapi.yaml" if document is None else document, given_once(overlays))


def read_today(files: Written, settings: SettingsBySystem, asked: FileStates | None = None) -> Described:
    """
    Read how today's document describes the imitated systems.

    Args:
        settings: What sandboxes begin with, whatever the document says.
        asked: Gets each file before it is read, and those that should have been there.

    Raises:
        DocumentError: The document or an overlay cannot be used.
    """
    is_own = real_path(files.root) == real_path(written(None).root)
    names = ["" if is_own else str(files.root), *map(str, files.overlays)]
    stages = tuple(map(Stage, names, _stages(files, asked)))
    # What imitates the systems was written for our own document, and may not fit another.
    stages = stages if is_own else (Stage("", load_document()), *stages)
    with files.blaming():
        original, start = (
            Start(settings_of(one.document, SYSTEMS, settings), faults_of(one.document))
            for one in (stages[0], stages[-1])
        )
    return Described(files, stages, start, original)


def read_proposals(
    proposals: Mapping[str, Path],
    today: Described,
    settings: SettingsBySystem,
    *,
    taken: Collection[str] = (),
    asked: FileStates | None = None,
) -> dict[str, Described]:
    """
    Read how *proposals* describe the imitated systems: overlays over today's document, or whole documents.

    Args:
        settings: As for `read_today`.
        taken: Names that no proposal can have.
        asked: As for `read_today`.

    Raises:
        UnusableProposal: Some cannot have their names, or cannot be used.
    """
    proposed, unusable = dict[str, Described](), _Unusable()
    for name, file in proposals.items():
        with unusable.naming(name):
            if problem := proposal_name_problem(name, taken):
                raise UnusableProposal(f"{name!r} cannot be the name of a proposal: {problem}")
            proposed[name] = _proposed(file, today, Start(settings), asked)
    unusable.refuse()
    return proposed


def check_all_faults(imitated: ServedApi, files: Written, proposals: Mapping[str, Path]) -> None:
    """
    Check that the faults that documents carry can meet requests.

    Args:
        files: Of today's document.
        proposals: The files of the others.

    Raises:
        DocumentError: One of them cannot.
    """
    with files.blaming():
        check_faults(imitated)
    unusable = _Unusable()
    for name, api in imitated.proposals.items():
        with unusable.naming(name), _files_of(proposals[name], files).blaming():
            check_faults(api)
    unusable.refuse()


def _stages(files: Written, asked: FileStates | None = None) -> Iterator[Document]:
    return load_stages(files.root, files.overlays, systems=_NAMES, asked=asked)


def _proposed(file: Path, today: Described, told: Start, asked: FileStates | None) -> Described:
    if asked is not None:
        asked.add(file)
    files = _files_of(file, today.files)
    before = today if files.overlays else Described(today.files, today.stages[:1], told, told)
    document = load(files.root, overlays=files.overlays, systems=_NAMES, asked=asked)
    with files.blaming():
        settings = proposed_settings(document, before.document, SYSTEMS, before.start.settings)
        start = Start(settings, faults_of(document))
    return Described(files, (*before.stages, Stage(str(file), document)), start, before.original_start)


def _files_of(proposal: Path, today: Written) -> Written:
    """
    Name the files of a proposal: an overlay changes what those before it have made of today's document.

    Raises:
        DocumentError: It cannot be read.
    """
    return Written(today.root, (*today.overlays, proposal)) if is_overlay(proposal) else Written(proposal)


class _Unusable:
    """Why proposals cannot be used, so that all of them are told at once."""

    def __init__(self) -> None:
        self._problems: list[str] = []

    @contextmanager
    def naming(self, proposal: str) -> Iterator[None]:
        """Note why a *proposal* cannot be used, if that turns out in a ``with`` block."""
        try:
            yield
        except UnusableProposal as error:
            self._problems.append(str(error))
        except DocumentError as error:
            self._problems.append(f"{proposal}: {error}")

    def refuse(self) -> None:
        """
        Tell what was noted.

        Raises:
            UnusableProposal: Something was.
        """
        count = len(self._problems)
        if count:
            heading = [f"{count} proposals cannot be used:"] if count > 1 else []
            raise UnusableProposal("\n  ".join((*heading, *self._problems)))
