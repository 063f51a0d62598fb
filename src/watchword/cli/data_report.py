"""What ``watchword data`` says about a data directory."""

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from watchword.sandbox.snapshots import split_name
from watchword.store.data_file import DOUBTS
from watchword.store.examination import Examination, FoundSandbox
from watchword.store.seal import Verdict

_SHOWN = 10
_NO_SEAL = "there is no seal"


def say_what_to_do(folder: Path) -> str:
    """Name the commands for a damaged directory."""
    path = shlex.quote(str(folder))
    return f" To see what can be saved: watchword data check {path}; to save it: watchword data salvage {path} NEW_DIR"


def say_condition(folder: Path, found: Examination) -> list[str]:
    """Say in lines whether a directory is sound."""
    if found.sound:
        return [f"{folder} is sound: {_count_saved(found)}.", *_notes(found)]
    return [
        f"{folder} is damaged, or writes that were acknowledged are missing.",
        *_wrong(found),
        *_losses(found),
        *_notes(found),
        f"Can be read: {_count_saved(found)}{_names(found.saved)}.",
        say_what_to_do(folder).strip(),
    ]


def say_saved(folder: Path, into: Path, found: Examination) -> list[str]:
    """Say in lines what was saved."""
    lines = [f"Saved from {folder} into {into}: {_count_saved(found)}{_names(found.saved)}."]
    lines += [*_wrong(found), *_losses(found)] if found.loses else ["Nothing was lost."]
    return [*lines, *_notes(found), f"To go on with it: watchword serve --data {shlex.quote(str(into))}"]


def as_json(folder: Path, found: Examination) -> dict[str, Any]:
    """Give the same for programs."""
    return {
        "directory": str(folder),
        "sound": found.sound,
        "damage": [*_wrong(found), *_losses(found)],
        "notes": _notes(found),
        "sandboxes": [{"name": one.name, **_counts(one)} for one in found.saved if not _snapshot_of(one)],
        "snapshots": [
            {"sandbox": sandbox, "name": name, **_counts(one)}
            for one in found.saved
            for sandbox, name in _snapshot_of(one)
        ],
        "lost": [
            {"id": one.number, "name": one.name, "reason": one.reason, "records": len(one.documents) + one.damaged}
            for one in found.lost
        ],
        "missingRows": found.missing,
    }


def _counts(one: FoundSandbox) -> dict[str, Any]:
    return {"records": len(one.documents), "damagedRecords": one.damaged, "seedDataLost": one.seedless}


def _snapshot_of(one: FoundSandbox) -> list[tuple[str, str]]:
    """Give the names of a sandbox and of its snapshot; empty for a sandbox."""
    found = split_name(one.name or "")
    return [] if found is None else [found]


def _wrong(found: Examination) -> list[str]:
    return [] if found.wrong is None else [f"SQLite says: {found.wrong}."]


def _losses(found: Examination) -> list[str]:
    return [*_lost_sandboxes(found), *_seedless(found), *_damaged_records(found), *_missing_rows(found)]


def _lost_sandboxes(found: Examination) -> Iterator[str]:
    for one in found.lost[:_SHOWN]:
        name = f"number {one.number}, whose name is unknown" if one.name is None else one.name
        yield f"Lost: sandbox {name}, with {_count(len(one.documents) + one.damaged, 'record')}: {one.reason}."
    if len(found.lost) > _SHOWN:
        rest = found.lost[_SHOWN:]
        records = sum(len(one.documents) + one.damaged for one in rest)
        yield f"Lost: {len(rest)} more sandboxes, with {_count(records, 'record')}."


def _seedless(found: Examination) -> Iterator[str]:
    sandboxes = [one for one in found.saved if one.seedless]
    if sandboxes:
        yield (
            f"Lost: the seed data of {_count(len(sandboxes), 'sandbox')}{_names(sandboxes)};"
            " a saved copy has the seed data of this release, and their own changes."
        )


def _damaged_records(found: Examination) -> Iterator[str]:
    damaged = [one for one in found.saved if one.damaged]
    if damaged:
        where = ", ".join(f"{one.damaged} in {one.name}" for one in damaged[:_SHOWN])
        more = f", and more in {_count(len(damaged) - _SHOWN, 'other sandbox')}" if len(damaged) > _SHOWN else ""
        yield f"Lost: {_count(sum(one.damaged for one in damaged), 'damaged record')}: {where}{more}."


def _missing_rows(found: Examination) -> Iterator[str]:
    missing = found.missing or 0
    if found.verdict is Verdict.WRONG and missing > 0:
        yield (
            f"Lost: {_count(missing, 'row')} that the last server left"
            " (a row is a record, a sandbox, or the seed data that sandboxes share)."
        )
    elif found.verdict is Verdict.WRONG and missing < 0:
        yield f"There are {_count(-missing, 'row')} more than the last server left, which it had deleted."
    elif found.verdict is Verdict.WRONG:
        yield "As many rows can be read as the last server left, but not the same: the seal cannot tell which differ."
    elif not found.complete and found.verdict is not Verdict.TRUE:
        yield "Parts of the file cannot be read; without its seal, how much is lost cannot be told."


def _notes(found: Examination) -> list[str]:
    notes = []
    doubt = _NO_SEAL if found.verdict is Verdict.UNKNOWN else DOUBTS.get(found.verdict)
    if doubt is not None:
        notes.append(f"Whether the last writes are missing cannot be told: {doubt}.")
    if found.unfinished and found.verdict is not Verdict.WRONG:
        notes.append(f"The last write was not finished, so its {found.unfinished} bytes do not count.")
    return notes


def _count_saved(found: Examination) -> str:
    records = sum(len(one.documents) for one in found.saved)
    snapshots = sum(1 for one in found.saved if _snapshot_of(one))
    counted = [_count(len(found.saved) - snapshots, "sandbox"), *([_count(snapshots, "snapshot")] if snapshots else [])]
    return f"{', '.join(counted)}, {_count(records, 'record')}"


def _names(sandboxes: Sequence[FoundSandbox]) -> str:
    names = [str(one.name) for one in sandboxes]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f" ({', '.join(names[:_SHOWN])}{more})" if names else ""


def _count(number: int, noun: str) -> str:
    plural = f"{noun}es" if noun.endswith("x") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"
