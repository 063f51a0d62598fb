"""Put everything together: document, systems, sandboxes, control API, observers, one ASGI application."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from starlette.types import ASGIApp

from watchword.admin import Access, admin_system, complete_document
from watchword.admin.state import MOST_BYTES as MOST_STATE_BYTES
from watchword.admin.state import PATH as STATE_PATH
from watchword.console import Console, Doorkeeper
from watchword.control.errors import JournalOff
from watchword.control.journal import JournalReader
from watchword.control.mutants import MutantCatalogue
from watchword.control.people_file import plan_people
from watchword.control.replay import Replayer
from watchword.described import check_all_faults, read_proposals, read_today, written
from watchword.document import Document, DocumentError, load
from watchword.document.file_states import FileStates
from watchword.document.soundness import unfit_defaults, unfit_examples
from watchword.domain.chance import Chance
from watchword.domain.clock import system_time, ticks_of
from watchword.domain.hashing import Hasher, Profile
from watchword.domain.secret import Secret
from watchword.edge import audit
from watchword.edge.access_log import AccessLogEntry, access_log, log_refused, log_with_logging
from watchword.edge.asgi import EdgeApp
from watchword.edge.cors import Cors, WithoutCors
from watchword.edge.extra_documents import name_problem
from watchword.edge.mock.refusals import document_only_systems
from watchword.edge.observers import Observer, Observers
from watchword.edge.pages import ReferencePages
from watchword.edge.pipeline import Pipeline
from watchword.edge.public_url import Proxies
from watchword.edge.served_api import RequestLimits, ServedApi
from watchword.edge.watch import Watch
from watchword.journal import Journal
from watchword.journal.coverage import Coverage
from watchword.journal.links import explain_link, explain_refused_link
from watchword.resources import folder
from watchword.sandbox import Sandboxes
from watchword.sandbox.chances import Chances
from watchword.store import Persistence
from watchword.store.sqlite import SqlitePersistence
from watchword.system.settings import SettingsBySystem
from watchword.systems import PROTOCOL_ADAPTERS, SYSTEMS

_NAMED_AT_MOST = 5
"""Defaults of one document that do not fit; a document that has many was never checked for it."""

_log = logging.getLogger("watchword.document")


@dataclass(frozen=True)
class Options:
    """
    What a server is built with.

    Args:
        document: The document that describes the imitated systems; None for the one that this version serves.
        settings: What sandboxes start with, by system; the others start with their defaults.
        overlays: OpenAPI Overlay files; the settings that they carry (``x-watchword-settings``) count less than
            *settings*, and the faults (``x-watchword-faults``) are armed in every sandbox.
        proposals: By name, what a sandbox can choose instead of that document: an overlay, which is applied after
            *overlays*, or a whole document, which none of them changes.
        people: Files with people whom every sandbox starts with besides the seed people.
        mutants: Ids of mutants that every sandbox starts with.
        documents: OpenAPI documents that are served beside the imitated systems, by name.
        random_seed: Makes chance repeatable.
        new_chances: Makes the chance of a sandbox from *random_seed* and its name.
        data: The directory that sandboxes are persisted in; None to keep them in memory only.
        persistence: Where they are persisted instead of in a directory.
        idle_timeout: Sandboxes that nobody has used for so long are dropped; None for never.
        history: How many changes all sandboxes together remember; 0 for none.
        wall_clock: What the clocks of sandboxes follow.
        public_url: The address of a proxy that clients use, as `read_public_url` returns it; None for no such proxy.
        proxies: The proxies that may tell that address in headers, each as `read_proxy` returns it.
        admin_token: Required from every client of the control API; None lets clients on this machine in.
        log: Gets an entry about every request.
        observers: Are told about every finished exchange, after the audit and before the access log.
        record_rules: Whether those observers want to know which rules were asked.
        journal: How many requests the journal holds; 0 for no journal.
        journal_bytes: About how much memory they may keep together.
        journal_control_calls: Whether calls of the control API are noted too, and visits to pages.
        coverage: Whether requests that the journal forgets count in the coverage too, which takes time.
        watch: Whether the control API says what became of the files, which somebody else watches.
    """

    hashing: Profile = Profile.OWASP
    document: Path | None = None
    settings: SettingsBySystem = field(default_factory=dict)
    overlays: Sequence[Path] = ()
    proposals: Mapping[str, Path] = field(default_factory=dict)
    people: Sequence[Path] = ()
    mutants: Sequence[str] = ()
    documents: Mapping[str, Path] = field(default_factory=dict)
    random_seed: int | None = None
    new_chances: Callable[[int | None, str], Chances] = Chances
    wall_clock: Callable[[], datetime] = system_time
    limits: RequestLimits = field(default_factory=RequestLimits)
    max_sandboxes: int = 10_000
    data: Path | None = None
    persistence: Persistence | None = None
    idle_timeout: timedelta | None = None
    history: int = 1_000
    cors: bool = True
    extra_headers: bool = True
    public_url: str | None = None
    proxies: Proxies = ()
    admin: bool = True
    admin_token: Secret | None = None
    log: Callable[[AccessLogEntry], None] = log_with_logging
    observers: Sequence[Observer] = ()
    record_rules: bool = False
    journal: int = 0
    journal_bytes: int = 64 * 1024 * 1024
    journal_control_calls: bool = False
    coverage: bool = False
    watch: bool = False


@dataclass(frozen=True)
class Kept:
    """
    What a server keeps besides its sandboxes while its documents are replaced.

    Args:
        journal: None if it is switched off.
        coverage: None if nobody could ask for it.
        access: Who may use the control API.
        keeper: Who may open the window.
        names: For sandboxes that are made without a name.
        started_at: When it started, by the wall clock.
        watch: What became of its files; None if nobody watches them.
    """

    journal: Journal | None
    coverage: Coverage | None
    access: Access
    keeper: Doorkeeper
    names: Chance
    started_at: datetime
    watch: Watch | None

    @staticmethod
    def fresh(options: Options, journal: Journal | None = None) -> "Kept":
        """Give what a server begins with."""
        access, now = Access(options.admin_token), options.wall_clock()
        return Kept(
            journal,
            Coverage(journal, complete=options.coverage) if journal is not None and options.admin else None,
            access,
            Doorkeeper(access),
            Chance(options.random_seed),
            now,
            Watch(now) if options.watch else None,
        )


@dataclass(frozen=True)
class Built:
    """
    A server without a socket.

    Args:
        app: The ASGI application.
        admin: The control API; None if it is switched off.
        kept: What it keeps while its documents are replaced.
        documents: The documents beside the imitated systems, by name.
        replayer: Replays the requests of the journal, if there is one.
        observers: Are told about every request.
    """

    app: ASGIApp
    imitated: ServedApi
    admin: ServedApi | None
    kept: Kept
    documents: Mapping[str, ServedApi]
    replayer: Replayer
    observers: Observers

    @property
    def journal(self) -> Journal | None:
        """The journal; None if it is switched off."""
        return self.kept.journal

    def begin(self) -> Sequence[str]:
        """
        Let the sandboxes follow the document: what they have not changed themselves is from now on as it says.

        Returns:
            What could not follow, and why, in sentences.
        """
        proposals = {name: one.start for name, one in self.imitated.proposals.items()}
        return self.imitated.sandboxes.begin_with(self.imitated.start, proposals)


def imitated_api(options: Options, asked: FileStates | None = None, *, sandboxes: Sandboxes | None = None) -> ServedApi:
    """
    Put documents, systems and sandboxes together.

    Args:
        asked: Gets each file before it is read, and those that should have been there.
        sandboxes: Of the documents that are served until these take their place; None for new ones.

    Raises:
        DocumentError: The document, an overlay or a proposal cannot be used.
        UnusableData: The data directory cannot be used.
    """
    today = read_today(written(options.document, options.overlays), options.settings, asked)
    proposed = read_proposals(options.proposals, today, options.settings, taken=options.documents, asked=asked)
    sandboxes = sandboxes or Sandboxes(
        SYSTEMS,
        settings=today.start.settings,
        faults=today.start.faults,
        proposals={name: one.start for name, one in proposed.items()},
        hasher=Hasher(options.hashing),
        wall_clock=options.wall_clock,
        random_seed=options.random_seed,
        new_chances=options.new_chances,
        capacity=options.max_sandboxes,
        persistence=options.persistence or _persistence(options.data),
        idle_timeout=options.idle_timeout,
        history=options.history,
    )
    proposals = {name: one.serve(sandboxes, options.limits, name) for name, one in proposed.items()}
    return replace(today.serve(sandboxes, options.limits), proposals=proposals)


def _persistence(data: Path | None) -> Persistence:
    return Persistence() if data is None else SqlitePersistence(data)


def admin_api(
    imitated: ServedApi, options: Options, replayer: Replayer | None = None, kept: Kept | None = None
) -> ServedApi:
    """
    Put the control API together.

    Args:
        replayer: Reads and replays the journal; None without one.
        kept: What stays while documents are replaced; None for a server that begins.
    """
    replayer, kept = replayer or Replayer(JournalReader(None, imitated), _never_called), kept or Kept.fresh(options)
    system = admin_system(
        imitated,
        replayer=replayer,
        coverage=kept.coverage,
        access=kept.access,
        names=kept.names,
        wall_clock=options.wall_clock,
        started_at=kept.started_at,
    )
    return ServedApi(
        admin_document(imitated),
        {system.name: system},
        imitated.sandboxes,
        replace(options.limits, larger={STATE_PATH: MOST_STATE_BYTES}),
        controls=True,
        watch=imitated.watch,
    )


def admin_document(imitated: ServedApi) -> Document:
    """Load the document of the control API."""
    return complete_document(load(folder("openapi") / "admin.yaml", systems=["admin"]), imitated)


def document_api(name: str, file: Path, imitated: ServedApi, asked: FileStates | None = None) -> ServedApi:
    """
    Put a document together that somebody brings: every answer comes from it, and nothing of it has state.

    Args:
        asked: Gets each file before it is read, and those that should have been there.

    Raises:
        DocumentError: It cannot have that name, or it cannot be used.
    """
    if problem := name_problem(name, imitated.document):
        raise DocumentError(f"{name!r} cannot be the name of a document: {problem}")
    document = load(file, owner=name, asked=asked)
    examples = (
        f"{one.id}: {wrong.text}"
        for one in document.operations.values()
        for wrong in unfit_examples(document.content, one)
    )
    _warn_of("examples", name, examples, "It is served as it is written.")
    _warn_of("defaults", name, (one.text for one in unfit_defaults(document.content)), "Nothing depends on it.")
    return ServedApi(document, document_only_systems(document), imitated.sandboxes, imitated.limits)


def _warn_of(kind: str, name: str, problems: Iterator[str], consequence: str) -> None:
    """Warn of the first *problems* of the document *name*; the others are not looked for."""
    for number, problem in enumerate(problems):
        if number == _NAMED_AT_MOST:
            _log.warning("%s: more %s do not fit.", name, kind)
            return
        _log.warning("%s: %s. %s", name, problem, consequence)


def build(options: Options, asked: FileStates | None = None) -> Built:
    """
    Build a server.

    Args:
        asked: Gets each file of documents before it is read, and those that should have been there.

    Raises:
        DocumentError: The document, an overlay or a proposal cannot be used.
        UnusableData: The data directory cannot be used.
        UnusablePeople: A file of people cannot be used.
        NoSuchMutant, MutantsClash: The mutants cannot be used.
    """
    imitated = imitated_api(options, asked)
    built = _assembled(options, imitated, Kept.fresh(options, _journal(options, imitated)), asked)
    if options.mutants:
        imitated.sandboxes.alter_rules(MutantCatalogue(built.imitated).alter(options.mutants).altered)
    if options.people:
        described = admin_document(imitated) if built.admin is None else built.admin.document
        imitated.sandboxes.population.add(plan_people(options.people, imitated.sandboxes, described))
    check_all_faults(built.imitated, written(options.document, options.overlays), options.proposals)
    return built


def rebuild(before: Built, options: Options, asked: FileStates | None = None) -> Built:
    """
    Build a server from the documents as they are now, over the sandboxes and the journal of the one *before*.

    Nothing of that changes until this one begins (`Built.begin`).

    Args:
        options: What that one was built with.
        asked: As for `build`.

    Raises:
        DocumentError: A document or an overlay cannot be used.
    """
    imitated = imitated_api(options, asked, sandboxes=before.imitated.sandboxes)
    built = _assembled(options, imitated, before.kept, asked)
    check_all_faults(built.imitated, written(options.document, options.overlays), options.proposals)
    return built


def _assembled(options: Options, described: ServedApi, kept: Kept, asked: FileStates | None) -> Built:
    imitated, journal = replace(described, watch=kept.watch), kept.journal
    pipeline = Pipeline(imitated)
    documents = {name: document_api(name, file, imitated, asked) for name, file in options.documents.items()}
    new_app = partial(
        EdgeApp,
        pipeline,
        proposals={name: Pipeline(one) for name, one in imitated.proposals.items()},
        documents={name: Pipeline(one) for name, one in documents.items()},
        adapters=PROTOCOL_ADAPTERS,
        extra_headers=options.extra_headers,
        public_url=options.public_url,
        proxies=options.proxies,
    )
    replayer = Replayer(JournalReader(journal, imitated, tuple(documents.values())), new_app)
    admin = admin_api(imitated, options, replayer, kept) if options.admin else None
    observers = _observers(options, imitated, journal)
    console = None if admin is None else Console(imitated, replayer, kept.keeper, admin.document)
    app = new_app(
        admin=None if admin is None else Pipeline(admin),
        pages=ReferencePages(imitated, admin, documents, console),
        observers=observers,
    )
    declared = {
        name
        for one in (*imitated.alternatives, admin, *documents.values())
        if one is not None
        for name in one.response_headers
    }
    outermost: ASGIApp = _with_cors(app, declared, journal) if options.cors else WithoutCors(app)
    return Built(outermost, imitated, admin, kept, documents, replayer, observers)


def _never_called(**_anything: object) -> ASGIApp:
    """Without a journal nothing is replayed."""
    raise JournalOff


def _with_cors(app: EdgeApp, declared: set[str], journal: Journal | None) -> ASGIApp:
    return Cors(app, declared, app.cors_policy, None if journal is None else journal.note_preflight)


def _journal(options: Options, imitated: ServedApi) -> Journal | None:
    if not options.journal:
        return None
    journal = Journal(
        capacity=options.journal,
        memory_bytes=options.journal_bytes,
        prefix=Chance(options.random_seed, "journal").hexadecimal(8),
        ticks=ticks_of(options.wall_clock),
        control_calls=options.journal_control_calls,
    )
    imitated.sandboxes.on_forget.append(journal.clear)
    return journal


def _observers(options: Options, imitated: ServedApi, journal: Journal | None) -> Observers:
    finished = (audit.log_violations, *options.observers, access_log(options.log))
    refused = (log_refused(options.log, imitated.nearest),)
    if journal is None:
        return Observers(finished, refused, record_rules=options.record_rules)
    explained = options.admin and options.extra_headers
    return Observers(
        (journal.note_finished, *finished),
        (journal.note_refused, *refused),
        (journal.note_aborted,),
        record_rules=True,
        ticks=ticks_of(options.wall_clock),
        explain=explain_link(journal) if explained else None,
        explain_refused=explain_refused_link(journal) if explained else None,
    )
