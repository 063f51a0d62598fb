"""Faults that a document carries: what goes wrong on purpose in every sandbox from its start."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from watchword.control.possible_faults import find_impossible
from watchword.document import Document
from watchword.document.errors import PartError
from watchword.edge.served_api import ServedApi
from watchword.sandbox.faults import MOST_FAULTS, FaultPlan
from watchword.system.document_settings import FAULTS_KEY as KEY
from watchword.system.seed_data import Person
from watchword.system.setting_faults import SettingFault, invalid_settings, shown_value

_EXAMPLE = "[{match: {person: ada}, fault: {answer: {status: 503}}}]"


def faults_of(document: Document) -> tuple[FaultPlan, ...]:
    """
    Read the faults that *document* carries, in the control API's own form.

    Raises:
        PartError: They have another form.
    """
    carried = document.content.get(KEY, [])
    if not isinstance(carried, list):
        raise PartError((KEY,), f"{KEY}: is a list of faults as POST /__admin/faults takes them: {_EXAMPLE}")
    if len(carried) > MOST_FAULTS:
        raise PartError((KEY,), f"{KEY}: has {len(carried)} faults, and a sandbox can have {MOST_FAULTS}")
    return tuple(_read(number, one) for number, one in enumerate(carried))


def check_faults(api: ServedApi, *, for_anybody: bool = False) -> None:
    """
    Check that the faults that the document of *api* carries can meet requests in a fresh sandbox.

    Args:
        for_anybody: Whether they may be for people whom the sandboxes of *api* do not have.

    Raises:
        PartError: One of them cannot; it says what would be possible.
    """
    plans, written = faults_of(api.document), api.document.content.get(KEY, [])
    named = not for_anybody and any(one.match.person is not None for one in plans)
    everybody = api.sandboxes.fresh_population() if named else []

    def people(system: str | None) -> Sequence[Person]:
        return [one for one in everybody if system in (None, one.system)]

    for number, plan in enumerate(plans):
        for one in find_impossible(api, None if for_anybody else people, plan):
            raise _wrong(number, SettingFault(one.path, one.detail, _given(written[number], one.path)))


def _read(number: int, written: object) -> FaultPlan:
    try:
        return FaultPlan.model_validate(written)
    except ValidationError as error:
        raise _wrong(number, invalid_settings(FaultPlan, error, noun="part of a fault").faults[0]) from None


def _given(written: Any, path: Sequence[str]) -> str:
    """Write what stands at *path* in a fault; empty if nothing does, or no single value."""
    for step in path:
        written = written.get(step) if isinstance(written, Mapping) else None
    return shown_value(written)


def _wrong(number: int, wrong: SettingFault) -> PartError:
    """Make the error of the fault of that *number*, which people count from 1."""
    where = "".join(f"{one}: " for one in (f"fault {number + 1}", ".".join(wrong.path)) if one)
    return PartError((KEY, str(number), *wrong.path), f"{KEY}: {where}{wrong.shown}")
