"""Nothing that a client of another machine sends makes it a client of this one."""

import socket
import ssl
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from tests.hostile.frames import Greedy
from tests.rpc.conftest import certificate
from tests.serving import Served, serving

__all__ = ["certificate"]

ADDRESSES = ("127.0.0.1", "::1", "for=127.0.0.1")
CLAIMS = [
    {name: value}
    for name in ("x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-host", "x-client-ip", "client-ip", "via")
    for value in ADDRESSES
]


def own_address() -> str | None:
    """Return an address of this machine at which it looks like another one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return str(sock.getsockname()[0])


OTHER = own_address()
pytestmark = pytest.mark.skipif(OTHER is None, reason="this machine has no address besides 127.0.0.1")


@pytest.fixture(scope="module", params=["plain", "TLS"])
def exposed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, certificate: tuple[Path, Path]
) -> Iterator[tuple[Served, bool]]:
    """A server for the whole network, in an environment that trusts every proxy."""
    tls = request.param == "TLS"
    flags: Sequence[str] = ("--tls-cert", str(certificate[0]), "--tls-key", str(certificate[1])) if tls else ()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("FORWARDED_ALLOW_IPS", "*")
        with serving(tmp_path_factory.mktemp("exposed"), "--host", "0.0.0.0", *flags) as served:  # noqa: S104  # that is the test
            yield served, tls


def test_no_header_opens_the_control_api_over_http_1(exposed: tuple[Served, bool]) -> None:
    served, tls = exposed
    url = f"http{'s' * tls}://{OTHER}:{served.port}/__admin/people"
    with httpx.Client(verify=False) as client:  # noqa: S501  # the certificate is for localhost
        for claim in CLAIMS:
            assert client.get(url, headers={"host": "localhost", **claim}).status_code == 403


def test_no_header_opens_the_control_api_over_http_2(exposed: tuple[Served, bool]) -> None:
    served, tls = exposed
    plain = socket.create_connection((OTHER or "", served.port), timeout=30)
    sock = plain
    if tls:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_alpn_protocols(["h2"])
        sock = context.wrap_socket(plain)
    client = Greedy(sock)
    streams = [client.ask("/__admin/people", headers=claim) for claim in CLAIMS]
    client.flush()
    assert client.answers(len(streams)) == dict.fromkeys(streams, 403)
    client.close()
