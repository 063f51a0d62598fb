"""
Many calls at once: how many of them win?

A server may handle them in any order, but must answer as if it had handled one after the other: there has to be an
order in which the stand-in answers each as the server did.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from watchword.contract.comparison import Difference, tell
from watchword.contract.driver import NotAtOnce, Reply, TargetFailed
from watchword.contract.examination import NO_TIME, Examination, Played, TimeLeft, always
from watchword.contract.finding import Finding, make_finding
from watchword.contract.in_step import InStep, Unplayable
from watchword.contract.race import Race
from watchword.contract.serial_order import OutOfBound, SerialOrders
from watchword.contract.shown_names import without_guesses
from watchword.contract.steps import Call
from watchword.contract.values import Unknown
from watchword.domain.clock import start_timer


def run_races(examination: Examination, races: Sequence[Race], *, time_left: TimeLeft = always) -> None:
    """
    Run races, each after a reset.

    Args:
        time_left: Whether another one may begin.

    Raises:
        TargetFailed: The server cannot be reached, or a hook does not work.
    """
    for race in races:
        skipped, found = examination.obstacle(race.scenario, failed_log_ins=race.failed_log_ins), None
        if not skipped and not time_left():
            skipped = NO_TIME
        if not skipped:
            found, skipped = _run_on(examination, race)
        examination.played.append(Played(race.scenario, () if found is None else (found,), skipped))


def _run_on(examination: Examination, race: Race) -> tuple[Finding | None, str]:
    """Run a race, and go on if the server does not answer what comes before; raises what `Examination.lose` does."""
    try:
        return _run(examination, race)
    except TargetFailed as error:
        lost = examination.unanswered(error, race.prepared, race.scenario)
        examination.lose(error, lost, is_played=True)
        return None, str(error)


def _run(examination: Examination, race: Race) -> tuple[Finding | None, str]:
    """Run a race; gives what was found, or why nothing could be."""
    both = examination.begin(race.scenario)
    try:
        if both.play(race.prepared) is not None:
            return None, "what comes before is answered otherwise"
        replies = _send(examination, race, both)
    except (Unplayable, NotAtOnce, Unknown) as reason:
        return None, str(reason)
    answers = Counter((number, examination.own_ways.tell(both.tell(reply))) for number, reply in replies)
    orders = SerialOrders(examination.stand_in, race.prepared, race.calls, both.tell, elapsed=start_timer())
    try:
        order = orders.find(answers)
        if order is not None:
            orders.stand_at(order)
            difference = both.compare_mails()
        else:
            should = Counter(told for _, told in orders.answers_in_turn(race.times).elements())
            was = Counter(_shown(examination, race.calls[number], reply) for number, reply in replies)
            difference = Difference("answers", _in_words(was), _in_words(should))
    except OutOfBound:
        return None, "too many orders to try"
    return (None if difference is None else _find(examination, race, both, difference)), ""


def _send(examination: Examination, race: Race, both: InStep) -> Sequence[tuple[int, Reply]]:
    """Send all calls at once; the contenders take turns. Gives each answer with the number of its call."""
    calls = list(enumerate(race.calls)) * race.times
    replies = examination.target.send_at_once([both.theirs.prepare(call) for _, call in calls])
    for (_, call), reply in zip(calls, replies, strict=True):
        examination.note(call, reply)
    return [(number, reply) for (number, _), reply in zip(calls, replies, strict=True)]


def _shown(examination: Examination, call: Call, reply: Reply) -> str:
    """Say what an answer is, without names that it does not show; as the vendor says it if somebody lives with it."""
    oracle = examination.oracle
    told = tell(oracle.system, reply)
    meant = examination.own_ways.tell(told)
    return without_guesses(told, reply, oracle.operations[call.operation], oracle) if meant == told else meant


def _find(examination: Examination, race: Race, both: InStep, difference: Difference) -> Finding:
    first = len(race.prepared)
    told = [replace(call, says=f"{race.times} times at once: {call.says}") for call in race.calls]
    steps = (*race.prepared, *told)
    deviation = both.deviation(difference, len(steps))
    racers: Mapping[int, int] = dict.fromkeys(range(first, len(steps)), race.times)
    replay = examination.replay(steps, deviation.gained, racers)
    finding = make_finding(deviation, steps, examination.oracle, replay=replay, scenario=race.scenario, phase="races")
    finding = replace(finding, played=race.scenario.steps, contenders=race.contenders)
    examination.find(finding)
    return finding


def _in_words(answers: Counter[str]) -> str:
    return ", ".join(f"{number} × {told}" for told, number in sorted(answers.items()))
