"""One sandbox as one JSON document, which `importing` reads back."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from struct import pack
from typing import Any

from watchword.domain.chance import Chance
from watchword.domain.mutation import mutants_in
from watchword.domain.timestamps import write_utc
from watchword.sandbox import faults, stored_state
from watchword.sandbox.chances import Chances
from watchword.sandbox.faults import ArmedFault
from watchword.sandbox.fork import fork_in_memory
from watchword.sandbox.sandbox import Sandbox
from watchword.sandbox.state_file import FORMAT, WARNING, WORDS


def export(
    sandbox: Sandbox, *, version: str, exported_at: datetime, is_idle: Callable[[ArmedFault], bool] = lambda _one: False
) -> dict[str, Any]:
    """
    Write all of *sandbox*, as it is at one moment, to JSON values.

    Its snapshots are not in it, and neither are rules that somebody's own function decides.

    Args:
        version: Of this release.
        exported_at: In real time.
        is_idle: Whether an armed fault can meet no request, because the document that it was armed for is gone.
    """
    with sandbox.store.lock:
        now, copied = sandbox.clock.now(), fork_in_memory(sandbox)
    clock = copied.clock
    return {
        "warning": WARNING,
        "format": FORMAT,
        "version": version,
        "sandbox": sandbox.name,
        **({"proposal": sandbox.proposal} if sandbox.proposal else {}),
        "exportedAt": write_utc(exported_at),
        "clock": {"now": write_utc(now, precision="microseconds"), "frozen": clock.frozen, "scale": clock.scale},
        "chance": _chance(copied.chances, tuple(copied.settings)),
        "settings": {name: one.model_dump(mode="json", exclude_unset=True) for name, one in copied.settings.items()},
        "mutants": mutants_in(copied.rules),
        "limits": stored_state.limits_to_json(copied.rate_limiter),
        "faults": faults.to_json(copied.faults, copied.fault_count) | _idle(copied.faults, is_idle),
        "messages": stored_state.messages_to_json(copied.mailbox),
        "records": {
            table: {key: dict(document) for key, document in shared.rows.items()}
            for table, shared in sorted(copied.store.to_shared_rows().items())
            if shared.rows
        },
    }


def _idle(armed: Sequence[ArmedFault], is_idle: Callable[[ArmedFault], bool]) -> dict[str, Any]:
    found = [one.id for one in armed if is_idle(one)]
    return {"idle": found} if found else {}


def _chance(chances: Chances, systems: tuple[str, ...]) -> dict[str, Any]:
    sequences = {name: _sequence(chances.of(name)) for name in systems}
    return {"seed": chances.seed, "origin": chances.origin, "sequences": sequences}


def _sequence(one: Chance) -> dict[str, Any]:
    *words, position = one.export_state()
    return {"words": b64encode(pack(f"<{WORDS}I", *words)).decode(), "position": position}
