"""One operation of ZITADEL over REST and over its other protocols, and what REST pays for their presence."""

import json
import subprocess
import sys
from contextlib import ExitStack
from typing import Literal

from protobuf import Oneof

from tests.bench.load import LoadFailed
from tests.bench.measure import Measure
from tests.bench.processes import NotStarted, Server, bound
from tests.bench.run import Run
from tests.bench.scenarios import Script, raw
from tests.bench.targets import WATCHWORD, Target, environment, watchword
from watchword.build import Options, imitated_api
from watchword.domain.hashing import Profile
from watchword.systems.zitadel.rpc.generated.zitadel.user.v2.password_pb import ReturnPasswordResetCode
from watchword.systems.zitadel.rpc.generated.zitadel.user.v2.user_service_pb import PasswordResetRequest

GROUP, SHARE = "protocols", "protocols share"
REST, ALONE, CONNECT, GRPC = "REST", "REST, nothing else spoken", "Connect, JSON", "gRPC, one channel, 16 at once"
_METHOD = "/zitadel.user.v2.UserService/PasswordReset"
_ALONE = Target(ALONE, "", lambda port: [sys.executable, "-m", "tests.bench.rest_alone", str(port)])


def measure(run: Run) -> None:
    """Ask both servers the same, in turn, and one of them in every protocol."""
    people = imitated_api(Options(hashing=Profile.FAST)).sandboxes.people()
    mini = next(one for one in people if (one.system, one.name) == ("zitadel", "mini"))
    rest = Script([raw("POST", f"/v2/users/{mini.id}/password_reset", mini.headers, {"returnCode": {}})])
    connect = Script([raw("POST", _METHOD, mini.headers, {"userId": mini.id, "returnCode": {}})])
    # The message by its bytes, so that the client knows nothing of ours.
    message = _message(mini.id).hex()
    rates: dict[str, list[float]] = {}
    spent: dict[str, list[float]] = {}

    def noted(name: str, count: float, seconds: float, cpu: float) -> None:
        rates.setdefault(name, []).append(count / seconds)
        spent.setdefault(name, []).append(cpu * 1e6 / count)

    try:
        with ExitStack() as stack:
            alone = stack.enter_context(run.serving(_ALONE))
            mine = stack.enter_context(run.serving(watchword()))
            for number in range(run.plan.rounds + 1):
                run.say(f"protocols: round {number} of {run.plan.rounds}")
                asked = [(ALONE, alone, rest), (REST, mine, rest), (CONNECT, mine, connect)]
                for name, server, script in asked if number % 2 == 0 else reversed(asked):
                    found = run.load(watchword(), server, script, seconds=run.plan.seconds)
                    noted(name, found.requests, found.seconds, found.cpu)
                noted(GRPC, *_called(run, mine, message, mini.headers["Authorization"]))
    except (LoadFailed, NotStarted, subprocess.SubprocessError) as error:
        run.measures.failed(GROUP, "everything", WATCHWORD, str(error)[-300:])
        return
    # The first round warms up.
    run.measures.add(*(Measure(GROUP, name, "req/s", "req/s", tuple(values[1:])) for name, values in rates.items()))
    run.measures.add(*(Measure(GROUP, name, "µs of CPU", "µs", tuple(values[1:])) for name, values in spent.items()))
    present, absent = (run.measures.find(GROUP, name, "req/s") for name in (REST, ALONE))
    if present and absent:
        shown = present.per(absent, what="REST beside the others, divided by REST alone")
        run.measures.add(Measure(SHARE, shown.what, WATCHWORD, shown.unit, shown.values))


def _message(person: str) -> bytes:
    medium: Oneof[Literal["return_code"], ReturnPasswordResetCode] = Oneof("return_code", ReturnPasswordResetCode())
    return PasswordResetRequest(user_id=person, medium=medium).to_binary()


def _called(run: Run, server: Server, message: str, token: str) -> tuple[float, float, float]:
    command = [sys.executable, "-m", "tests.bench.calls", str(server.port), str(run.plan.seconds), _METHOD]
    used = server.cpu()
    ended = subprocess.run(  # noqa: S603  # our own interpreter and arguments
        bound([*command, message, token], run.cores.client),
        cwd=run.folder,
        env=dict(environment()),
        capture_output=True,
        check=True,
        timeout=60,
    )
    found = json.loads(ended.stdout)
    return found["calls"], found["seconds"], server.cpu() - used
