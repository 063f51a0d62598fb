"""
What Schemathesis is told besides the document: who may call, and to begin anew now and then.

Loaded by Schemathesis in its own process; ``WATCHWORD_URL`` says where the server is.
"""

import os
import random
import re
from typing import Any

import requests
import schemathesis

URL = os.environ["WATCHWORD_URL"]
SYSTEMS = {
    "weavr_multi": ("api-key", "authorization"),
    "weavr_payment_run": ("api-key", "authorization"),
    "zitadel": ("authorization",),
    "entrust": ("authorization",),
}
CALLS_PER_RESET = 250
"""State drifts: after so many calls every password may be another one."""
SOMEBODY_ELSE = 0.5
_WAIT = re.compile(r"\d+(ms|s)?")

_people = requests.get(f"{URL}/__admin/people", timeout=10).json()
_headers: dict[str, list[dict[str, str]]] = {
    system: [
        {name.lower(): value for name, value in one["headers"].items()}
        for one in _people["people"]
        if one["system"] == system
    ]
    for system in SYSTEMS
}
_known = {value for people in _headers.values() for headers in people for value in headers.values()}
_chance = random.Random(int(os.environ.get("WATCHWORD_FUZZ_SEED", "0")))  # noqa: S311  # repeatable, not secret
_calls = 0


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: "schemathesis.Case[Any]", kwargs: dict[str, Any]) -> None:
    """Call as somebody else of the system, if the credentials are good ones; reset the sandbox now and then."""
    global _calls  # noqa: PLW0603  # Schemathesis hooks are plain functions
    _calls += 1
    if _calls % CALLS_PER_RESET == 0:
        requests.post(f"{URL}/__admin/reset", timeout=10)
    if case.query and _WAIT.fullmatch(str(case.query.get("wait", ""))):
        case.query["wait"] = "0s"  # a long wait for a mail is no better test than a short one
    system = str(case.operation.definition.raw.get("operationId", "")).partition(".")[0]
    wanted = SYSTEMS.get(system)
    if wanted is None or _chance.random() > SOMEBODY_ELSE or not case.headers:
        return
    sent = {name.lower(): name for name in case.headers}
    if not any(case.headers.get(sent.get(name, "")) in _known for name in wanted):
        return
    somebody = _chance.choice(_headers[system])
    for name in wanted:
        if name in sent and case.headers[sent[name]] in _known and name in somebody:
            case.headers[sent[name]] = somebody[name]
