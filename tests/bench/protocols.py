"""One operation of ZITADEL over REST and over its other protocols, and what REST pays for their presence."""

import http.client
import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Literal

from protobuf import Oneof

from tests.bench.load import LoadFailed, Pace
from tests.bench.measure import Measure
from tests.bench.processes import NotStarted, Server, bound
from tests.bench.run import Run
from tests.bench.scenarios import Scenario, Script, same, wired
from tests.bench.targets import WATCHWORD, Target, environment, watchword
from watchword.build import Options, imitated_api
from watchword.domain.hashing import Profile
from watchword.system.seed_data import Person
from watchword.systems.zitadel.rpc.generated.zitadel.user.v2.password_pb import ReturnPasswordResetCode
from watchword.systems.zitadel.rpc.generated.zitadel.user.v2.user_service_pb import PasswordResetRequest

GROUP, SHARE = "protocols", "protocols share"
REST, ALONE, CONNECT, GRPC = "REST", "REST, nothing else spoken", "Connect, JSON", "gRPC, one channel, 16 at once"
_STATUS = "grpc-status:"
OK = f"{_STATUS} 0"
_METHOD = "/zitadel.user.v2.UserService/PasswordReset"
REST_ALONE = Target(ALONE, "", lambda port: [sys.executable, "-m", "tests.bench.rest_alone", str(port)])


@dataclass(frozen=True)
class Asked:
    """
    The operation in every protocol, asked about one person.

    Args:
        message: What is sent in the binary ones.
    """

    mini: Person
    message: bytes

    @classmethod
    def about(cls, people: Sequence[Person]) -> "Asked":
        """Ask about the person whom the other scenarios of ZITADEL are about too."""
        mini = next(one for one in people if (one.system, one.name) == ("zitadel", "mini"))
        medium: Oneof[Literal["return_code"], ReturnPasswordResetCode] = Oneof("return_code", ReturnPasswordResetCode())
        return cls(mini, PasswordResetRequest(user_id=mini.id, medium=medium).to_binary())

    def rest(self) -> Scenario:
        """Ask over REST."""
        place = f"/v2/users/{self.mini.id}/password_reset"
        return same("rest", REST, 200, ("POST", place, self.mini.headers, {"returnCode": {}}))

    def connect(self) -> Scenario:
        """Ask over Connect."""
        body = {"userId": self.mini.id, "returnCode": {}}
        return same("connect", CONNECT, 200, ("POST", _METHOD, self.mini.headers, body))

    def web(self) -> Script:
        """Ask over gRPC-Web, of which every answer has the status 200: `web_status` has the one that counts."""
        return Script([wired("POST", _METHOD, self._web_headers(), self._framed())])

    def web_status(self, server: Server) -> str:
        """Ask once over gRPC-Web and tell gRPC's status, which stands behind the message."""
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        try:
            connection.request("POST", _METHOD, self._framed(), self._web_headers())
            _, _, behind = connection.getresponse().read().partition(_STATUS.encode())
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        finally:
            connection.close()
        return f"{_STATUS} {behind.split()[0].decode('ascii')}" if behind else f"no {_STATUS.rstrip(':')}"

    def _web_headers(self) -> dict[str, str]:
        return {**self.mini.headers, "Content-Type": "application/grpc-web+proto"}

    def _framed(self) -> bytes:
        return b"\0" + len(self.message).to_bytes(4, "big") + self.message

    def grpc_status(self, run: Run, server: Server) -> str:
        """Call once over gRPC and tell how it ended."""
        try:
            self.grpc(run, server, seconds=0)
        except LoadFailed as error:
            return str(error)
        return OK

    def grpc(self, run: Run, server: Server, *, seconds: int) -> Pace:
        """
        Call over gRPC.

        Raises:
            LoadFailed: A call did, or calling did not end in time.
        """
        # The message by its bytes, so that the client knows nothing of ours.
        arguments = [str(server.port), str(seconds), _METHOD, self.message.hex(), self.mini.headers["Authorization"]]
        used = server.cpu()
        try:
            ended = subprocess.run(  # noqa: S603  # our own interpreter and arguments
                bound([sys.executable, "-m", "tests.bench.calls", *arguments], run.cores.client),
                cwd=run.folder,
                env=dict(environment()),
                capture_output=True,
                text=True,
                check=True,
                timeout=60,
            )
        except subprocess.CalledProcessError as error:
            raise LoadFailed(" ".join(error.stderr.split())[-300:]) from error
        except subprocess.TimeoutExpired as error:
            raise LoadFailed("calls did not end in time") from error
        found = json.loads(ended.stdout)
        return Pace(requests=found["calls"], seconds=found["seconds"], cpu=server.cpu() - used)


def measure(run: Run) -> None:
    """Ask both servers the same, in turn, and one of them in every protocol."""
    asked = Asked.about(imitated_api(Options(hashing=Profile.FAST)).sandboxes.people())
    rest, connect = asked.rest().script, asked.connect().script
    paces: dict[str, list[Pace]] = {}
    try:
        with ExitStack() as stack:
            alone = stack.enter_context(run.serving(REST_ALONE))
            mine = stack.enter_context(run.serving(watchword()))
            for number in range(run.plan.rounds + 1):
                run.say(f"protocols: round {number} of {run.plan.rounds}")
                these = [(ALONE, alone, rest), (REST, mine, rest), (CONNECT, mine, connect)]
                for name, server, script in these if number % 2 == 0 else reversed(these):
                    found = run.load(watchword(), server, script, seconds=run.plan.seconds)
                    paces.setdefault(name, []).append(found)
                paces.setdefault(GRPC, []).append(asked.grpc(run, mine, seconds=run.plan.seconds))
    except (LoadFailed, NotStarted) as error:
        run.measures.failed(GROUP, "everything", WATCHWORD, str(error)[-300:])
        return
    for name, values in paces.items():
        # The first round warms up.
        run.measures.add(
            Measure(GROUP, name, "req/s", "req/s", tuple(one.rate for one in values[1:])),
            Measure(GROUP, name, "µs of CPU", "µs", tuple(one.cpu_each for one in values[1:])),
        )
    present, absent = (run.measures.find(GROUP, name, "req/s") for name in (REST, ALONE))
    if present and absent:
        shown = present.per(absent, what="REST beside the others, divided by REST alone")
        run.measures.add(Measure(SHARE, shown.what, WATCHWORD, shown.unit, shown.values))
