"""The sides of a comparison: documents, with overlays and settings, of files, of git revisions, of running servers."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from enum import EnumType
from functools import cached_property
from pathlib import Path
from typing import Any

from watchword.document import Document, DocumentError, load
from watchword.document.extract import mark_examples
from watchword.document.links import leads_to_itself
from watchword.document.origins import Steps
from watchword.document.overlay import given_once
from watchword.document.reader import read_file
from watchword.document.shown_files import show_here
from watchword.document.structure import METHODS, path_items
from watchword.document.written import Written
from watchword.domain.alike import suggest
from watchword.resources import folder
from watchword.review.carried import carried_settings
from watchword.review.revisions import DOCUMENTS, UnusableRevision, is_revision, read_revision
from watchword.review.served_documents import NoDocument, UnusableServer, fetch_document, show_address
from watchword.review.sources import Excerpt, Sources
from watchword.system.document_settings import KEY
from watchword.systems import SYSTEMS

CURRENT = "current"
"""The document that this version serves."""
DOCUMENT = "openapi/openapi.yaml"
"""What ``git:REV`` stands for."""
FORMS = (
    "FILE, FILE+OVERLAY, +OVERLAY, zitadel:PROFILE, git:REV, REV:FILE, the http:// address of a server, or 'current'"
)
_ADDRESSES = ("http://", "https://")


class UnusableSide(Exception):
    """A side cannot be compared; the message says why, and what would be right."""


class SideWithoutDocument(UnusableSide):
    """A side is a server that answers, but not with a document."""


@dataclass(frozen=True)
class Side:
    """
    One side.

    Args:
        name: As the user wrote it; of an address without its query.
        content: The bundled document.
        sources: Where its parts were written.
        root, overlays: The files that it was read from; they are there while the side is open.
        address: Of the server that it was asked from; None if it is no server.
        unwritten: The settings that the name of the side brings, and no file.
    """

    name: str
    content: Mapping[str, Any]
    sources: Sources
    root: Path
    overlays: Sequence[Path] = ()
    address: str | None = field(default=None, repr=False)
    unwritten: frozenset[Steps] = frozenset()

    @property
    def is_published(self) -> bool:
        """Whether a server has sent it, and so has marked what it answers from examples."""
        return self.address is not None

    @property
    def settings(self) -> Mapping[str, Mapping[str, Any]]:
        """What it says about how the systems behave, by system; the others behave as the vendor's defaults say."""
        found: Mapping[str, Mapping[str, Any]] = self.content.get(KEY, {})
        return found

    def has(self, steps: Steps) -> bool:
        """Whether something stands at *steps*."""
        node: Any = self.content
        for step in steps:
            if isinstance(node, list):
                node = node[int(step)] if step.isdigit() and int(step) < len(node) else None
            else:
                node = node.get(step) if isinstance(node, Mapping) else None
            if node is None:
                return False
        return True

    def excerpt(self, steps: Steps) -> Excerpt | None:
        """Give the lines around what stands at *steps*; None if it is in no file."""
        return None if steps in self.unwritten else self.sources.excerpt(steps)

    def removal(self, steps: Steps | None) -> Excerpt | None:
        """Give the lines around the action of its overlay that removed what was at *steps*; None if none did."""
        return None if steps is None else self.sources.removal(steps)

    def content_beside(self, other: "Side") -> Mapping[str, Any]:
        """Give the document in the form of the *other* side's: a server's has marks for its readers."""
        return self._published if other.is_published and not self.is_published else self.content

    @cached_property
    def _published(self) -> Mapping[str, Any]:
        content = dict(self.content)
        operations = (item[method] for _, item in path_items(content) for method in METHODS if method in item)
        ids = (str(one.get("operationId")) for one in operations)
        return mark_examples(content, {one for one in ids if any(system.handler(one) for system in SYSTEMS)})


@contextmanager
def opened(text: str, overlays: Sequence[Path] = ()) -> Iterator[Side]:
    """
    Read a side.

    Args:
        text: One of `FORMS`.
        overlays: Further ones.

    Raises:
        SideWithoutDocument: It is a server that has none there.
        UnusableSide: It names nothing, or more than one thing, or no document that can be used.
    """
    main, added = _split(text)
    with ExitStack() as stack:
        try:
            yield _read(text, main, [*added, *overlays], stack)
        except NoDocument as error:
            raise SideWithoutDocument(str(error)) from None
        except (DocumentError, UnusableServer) as error:
            raise UnusableSide(str(error)) from None
        except UnusableRevision as error:
            raise UnusableSide(f"{text}: {error}{suggest(main, _profile_words())}") from None


def unread(url: str, like: Side) -> Side:
    """Give a running server as a side whose document nobody asks for: it is taken to be that of another side."""
    return replace(like, name=show_address(url), address=url, overlays=())


def is_address(text: str) -> bool:
    """Whether a side is a running server, or its document."""
    return text.startswith(_ADDRESSES)


def _split(text: str) -> tuple[str, list[Path]]:
    """Take the overlays off; a file may have a plus in its name."""
    if not text:
        raise UnusableSide(f"'' names no side. Write {FORMS}")
    if is_address(text):
        _refuse_overlay(text)
        return text, []
    if _exists(text):
        return text, []
    main, *added = text.split("+")
    missing = [one for one in added if not _exists(one) or Path(one).is_dir()]
    if missing:
        near = suggest(missing[0], _files_beside(Path(missing[0])))
        raise UnusableSide(f"{text}: there is no overlay {missing[0]!r}{near}")
    return main or CURRENT, [Path(one) for one in added]


def _refuse_overlay(address: str) -> None:
    """Refuse an overlay behind an address, where a plus is a character as any other, unless it can only be one."""
    host = address.partition("://")[2].partition("/")[0].rpartition("@")[2]
    added = address.rpartition("+")[2].partition("?")[0]
    if "+" in host or ("+" in address and added and _exists(added)):
        raise UnusableSide(
            f"the address of a server cannot have an overlay behind it; write --overlay {added} apart, and HEAD has it"
        )


def _exists(name: str) -> bool:
    """Whether there is such a file, directory or link; there is none with a name that is too long."""
    try:
        return Path(name).exists() or leads_to_itself(Path(name))
    except OSError:
        return False


def _read(text: str, main: str, overlays: Sequence[Path], stack: ExitStack) -> Side:
    if is_address(main):
        file, address = stack.enter_context(fetch_document(main))
        return _loaded(show_address(main), file, overlays, shown={str(file): address}, address=main)
    meanings = _meanings(main)
    if len(meanings) > 1:
        raise UnusableSide(f"{text} means {' and '.join(meanings)}; write './{main}' for the file")
    if "a file" in meanings:
        return _loaded(text, _document_file(Path(main)), overlays)
    kind, _, rest = main.partition(":")
    if rest.startswith("//"):
        raise UnusableSide(f"{kind}://… cannot be fetched: the address of a server begins with http:// or https://")
    if main == CURRENT or kind in _profiles():
        settings = {} if main == CURRENT else {kind: {f"{kind}_profile": rest}}
        return _loaded(text, folder("openapi") / "openapi.yaml", overlays, settings=settings)
    if rest:
        revision, path = (rest, DOCUMENT) if kind == "git" else (kind, rest)
        root, document = stack.enter_context(read_revision(revision, path))
        return _loaded(text, document, overlays, shown={f"{root}/": f"{revision}:"})
    if is_revision(main):
        raise UnusableSide(f"{text} is no file; for {DOCUMENT} in the revision write 'git:{main}'")
    raise UnusableSide(f"{text} names nothing that can be compared{_nearest(main)}. Write {FORMS}")


def _nearest(main: str) -> str:
    """Suggest files, words and profiles that are like *main*."""
    return suggest(main, [CURRENT, *_profile_words(), *_files_beside(Path(main))])


def _files_beside(path: Path) -> list[str]:
    """List the files that could be a document or an overlay where a *path* would be, as it is written."""
    try:
        return [str(path.with_name(one.name)) for one in path.parent.iterdir() if one.suffix in DOCUMENTS]
    except (OSError, ValueError):  # there is no such directory, or no such name
        return []


def _meanings(main: str) -> list[str]:
    """List what a text can mean that is not written in a form of its own."""
    kind, colon, rest = main.partition(":")
    found = ["a file"] if _exists(main) else []
    if main == CURRENT:
        found.append("the document that this version serves")
    if kind in _profiles():
        known = _profiles()[kind]
        if not rest and not found:
            forms = ", ".join(f"{kind}:{one}" for one in known)
            raise UnusableSide(f"{main} names a system, but no profile of it. Write one of {forms}")
        if rest not in known and not found:
            raise UnusableSide(f"{main}: there is no such profile of {kind}. There are: {', '.join(known)}")
        if colon:
            found.append(f"a profile of {kind}")
    if colon and kind == "git":
        found.append("a git revision")
    return found


def _profiles() -> Mapping[str, Sequence[str]]:
    """Name the profiles of the systems that have some."""
    fields = {one.name: one.settings_model.model_fields.get(f"{one.name}_profile") for one in SYSTEMS}
    return {name: _values(field.annotation) for name, field in fields.items() if field is not None}


def _profile_words() -> list[str]:
    """List the profiles as sides are written."""
    return [f"{system}:{one}" for system, known in _profiles().items() for one in known]


def _values(kind: Any) -> list[str]:
    return list(map(str, kind)) if isinstance(kind, EnumType) else []


def _merged(settings: Mapping[str, Any], carried: Mapping[str, Any]) -> dict[str, Any]:
    """Complete the settings that a document carries: they count more, because they say more."""
    return {name: {**settings.get(name, {}), **carried.get(name, {})} for name in {**settings, **carried}}


def _document_file(path: Path) -> Path:
    if path.is_dir():
        raise UnusableSide(f"{path} is a directory; name the document in it, such as {path / 'openapi.yaml'}")
    content = read_file(path)
    if isinstance(content, dict) and "overlay" in content and "openapi" not in content:
        raise UnusableSide(f"{path} is an overlay; write 'base.yaml+{path}' or '+{path}'")
    return path


def _loaded(
    name: str,
    root: Path,
    overlays: Sequence[Path],
    *,
    settings: Mapping[str, Any] | None = None,
    shown: Mapping[str, str] | None = None,
    address: str | None = None,
) -> Side:
    """
    Load a document.

    Args:
        settings: What it carries besides.
        shown: What people read instead of the beginning of a path that was made for this.
        address: Of the server that it was asked from.

    Raises:
        DocumentError: It cannot be used.
    """
    instead = shown or {}

    def show(path: Path) -> str:
        return _named(show_here(path), instead)

    try:
        document = _checked(root, overlays)
    except DocumentError as error:
        raise DocumentError(_named(str(error), instead)) from None
    content = document.content
    if settings:
        content = {**content, KEY: _merged(settings, content.get(KEY, {}))}
    carried = document.content.get(KEY, {})
    brought = ((system, one) for system, values in (settings or {}).items() for one in values)
    unwritten = frozenset((KEY, system, one) for system, one in brought if one not in carried.get(system, {}))
    return Side(name, content, Sources(root, overlays, content, show), root, overlays, address, unwritten)


def _named(text: str, instead: Mapping[str, str]) -> str:
    """Replace what begins a path that was made for a side by what people know."""
    for made, known in instead.items():
        text = text.replace(made, known)
    return text


def _checked(root: Path, overlays: Sequence[Path]) -> Document:
    document = load(root, systems=[one.name for one in SYSTEMS], overlays=given_once(overlays))
    with Written(root, tuple(overlays)).blaming():
        carried_settings(document)
    return document
