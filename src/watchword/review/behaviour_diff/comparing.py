"""The behaviour of two sides: everything is played on both, and what differs gets a cause."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime

from watchword.contract.comparison import Likeness, Likenesses
from watchword.contract.progress import Progress, silent
from watchword.contract.run import Assignment
from watchword.contract.scenario import Scenario
from watchword.contract.subject import Subject
from watchword.contract.subjects import SUBJECTS
from watchword.contract.walks import walk
from watchword.document import Operation
from watchword.document.path_templates import nameless
from watchword.document.structure import METHODS, path_items
from watchword.domain.clock import system_time
from watchword.review.behaviour_diff.answers import put_together
from watchword.review.behaviour_diff.between import between
from watchword.review.behaviour_diff.bound import compare_bound
from watchword.review.behaviour_diff.causes import Causes
from watchword.review.behaviour_diff.changed_answer import Behaviour, Cause, ChangedAnswer
from watchword.review.behaviour_diff.documents import DocumentChanges
from watchword.review.behaviour_diff.knobs import Setting, find_knobs
from watchword.review.behaviour_diff.mail_words import mail_words, mail_words_anywhere
from watchword.review.behaviour_diff.playing import Observation, Playing, tell_played
from watchword.review.behaviour_diff.relevance import Relevance
from watchword.review.behaviour_diff.served import NotPlayable, served_server
from watchword.review.behaviour_diff.servers import Player, Server, local_server
from watchword.review.behaviour_diff.untuned import untuned
from watchword.review.sides import Side
from watchword.systems import SYSTEMS


@dataclass(frozen=True)
class Plan:
    """
    What is played.

    Args:
        walks: Random sequences of each system.
        random_seed: Of the walks, and of the servers in this process.
        moment: At which the clocks of servers in this process stand.
        token: The admin token of other Watchwords; None if they have none.
        progress: Is told how far it is.
        bound: HEAD, if bindings describe it; None if it is a document or a Watchword.
    """

    walks: int = 20
    random_seed: int = 0
    moment: datetime = field(default_factory=system_time)
    token: str | None = field(default=None, repr=False)
    progress: Progress = field(default_factory=silent, repr=False)
    bound: Assignment | None = None


def compare_behaviour(base: Side, head: Side, plan: Plan) -> Behaviour:
    """
    Play everything on two sides, and find which answers differ.

    Raises:
        TargetFailed: A server cannot be reached.
        DocumentError: A document cannot be served.
        NotPlayable, CannotRun: HEAD has bindings, and nothing can be played.
    """
    if plan.bound is not None:
        assignment = replace(plan.bound, walks=plan.walks, random_seed=plan.random_seed)
        with _server(base, plan) as server:
            return compare_bound(server, assignment, plan.progress.say)
    lacking = [name for name, side in (("BASE", base), ("HEAD", head)) if not _is_imitated(side)]
    if lacking:
        none = f"{' and '.join(lacking)} {'has' if len(lacking) == 1 else 'have'} no operation that is imitated here."
        return Behaviour(notes=(f"No behaviour to compare: {none}",), is_compared=False)
    subjects = _subjects(base, head)
    if not subjects:
        return Behaviour(notes=("Nothing was played: documents and settings of the imitated systems are equal.",))
    with ExitStack() as stack:
        try:
            one, other = (stack.enter_context(_server(side, plan)) for side in (base, head))
        except NotPlayable as reason:
            return Behaviour(notes=(f"Behaviour was not compared: {reason}.",), is_compared=False)
        return compare_servers(one, other, subjects, plan)


def _is_imitated(side: Side) -> bool:
    """Whether a side has an operation with a handler here."""
    ids = (
        str(item[method].get("operationId"))
        for _, item in path_items(dict(side.content))
        for method in METHODS
        if method in item
    )
    return any(system.handler(one) for one in ids for system in SYSTEMS)


def _subjects(base: Side, head: Side) -> Sequence[Subject]:
    """List the systems that can answer differently."""
    if base.address is not None or head.address is not None:
        return list(SUBJECTS.values())
    relevance = Relevance(base, head)
    return [one for one in SUBJECTS.values() if relevance.may_differ(one.system)]


def _server(side: Side, plan: Plan) -> AbstractContextManager[Server]:
    """
    Build the server of a side, or reach it.

    Raises:
        NotPlayable: It serves something else than the side has.
    """
    if side.address is not None:
        if side.overlays:
            named = " ".join(f"--overlay {one}" for one in side.overlays)
            raise NotPlayable(f"{side.name} is a running server, which does not serve {named}: start one that does")
        return served_server(side, side.address, token=plan.token)
    return local_server(side, plan.moment, random_seed=plan.random_seed)


def compare_servers(base: Server, head: Server, subjects: Sequence[Subject], plan: Plan) -> Behaviour:
    """
    Play *subjects* on two servers.

    Raises:
        TargetFailed: A server cannot be reached.
    """
    changes = DocumentChanges(base.side, head.side)
    answers: list[ChangedAnswer] = []
    played: list[Playing] = []
    for subject in subjects:
        plan.progress.say(f"The behaviour of {subject.system} is compared …")
        playing = _begin(base, head, subject, plan.progress)
        knobs = find_knobs(playing.base, playing.head)
        playing.play(list(_scenarios(playing, [one for one in knobs if isinstance(one, Setting)])))
        walk(playing, walks=plan.walks, random_seed=plan.random_seed)
        played.append(playing)
        causes = Causes(playing, knobs, changes, is_same_program=base.is_here and head.is_here)
        answers += put_together(list(_explained(playing, causes)), playing)
    answers.sort(key=lambda one: one.kind.level.rank)
    return Behaviour(tuple(answers), (*_notes(played, plan), *_unfit_notes(base, head)))


def _explained(playing: Playing, causes: Causes) -> Iterator[tuple[Observation, Cause]]:
    """Give the answers that differ, each with what makes it so."""
    for number, one in enumerate(playing.findings, 1):
        playing.doing = f"what makes answers differ, {number} of {len(playing.findings)}"
        yield one, causes.find(one)


def _scenarios(playing: Playing, settings: Sequence[Setting]) -> Iterator[Scenario]:
    """Tell the scenarios, and what they are like with what differs."""
    scenarios = playing.oracle.subject.tell()
    told = [*scenarios, *untuned(scenarios, settings)]
    yield from told
    yield from between(told, settings, playing.oracle.operations, playing.head.leader.operations)


def _notes(played: Sequence[Playing], plan: Plan) -> Iterator[str]:
    """Say what was played, and what was not."""
    scenarios = {one.oracle.system.name: len(one.scenarios) for one in played}
    yield tell_played(scenarios, sum(one.walks for one in played), plan.random_seed)
    cut = sum(one.cut for one in played)
    if cut:
        yield f"{cut} of the scenarios end early, at an operation that is not imitated on both sides."


def _unfit_notes(base: Server, head: Server) -> Iterator[str]:
    """Name the operations that are imitated on one side only, because the other's document has left them."""
    for name, side, other in (("BASE", base, head), ("HEAD", head, base)):
        for one in sorted(side.unfit - other.unfit):
            yield f"{name} answers {one} from its examples: what imitates it does not fit the document."


def _begin(base: Server, head: Server, subject: Subject, progress: Progress) -> Playing:
    words = mail_words_anywhere
    if base.is_here and head.is_here:
        subject, words = replace(subject, likenesses=_in_words(subject.likenesses)), mail_words
    one, other = base.player(subject), head.player(subject)
    routes = [_routes(server.handled, player) for server, player in ((base, one), (head, other))]
    shared = {name for name, _ in routes[0].items() & routes[1].items()}
    served = {_route(operation) for operation in other.leader.operations.values()}
    gone = {name for name in routes[0] if _route(one.leader.operations[name]) not in served}

    def absent(operation: str) -> bool:
        return operation not in shared

    return Playing(one, other, absent=absent, gone=gone, words=words, progress=progress)


def _in_words(likenesses: Likenesses) -> Likenesses:
    """Compare what answers say in words, too: one program has written them, of the same people at the same moment."""
    own = (Likeness.TEXT, Likeness.OWN)
    return {name: Likeness.EQUAL if one in own else one for name, one in likenesses.items()}


def _routes(handled: frozenset[str], player: Player) -> Mapping[str, tuple[str, str]]:
    """Say where the operations that are imitated are called, by their ids."""
    operations = player.leader.operations
    return {name: (operations[name].method, operations[name].path) for name in handled if name in operations}


def _route(operation: Operation) -> tuple[str, str]:
    """Say where an operation is called, whatever the placeholders are called."""
    return operation.method, nameless(operation.path)
