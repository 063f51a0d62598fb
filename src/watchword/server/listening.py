"""Open the sockets that a server listens on, and know which addresses lead to them."""

import errno
import ipaddress
import socket
from contextlib import ExitStack
from typing import Any

_ATTEMPTS = 20
"""How often to look for a port that is free at every address of a host."""
_NOT_HERE = frozenset((errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT))
"""This machine has no such address, or does not speak the protocol."""
_Address = tuple[int, int, int, Any]
"""Family, kind, protocol, and what to bind to."""
_IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_LOOPBACK: frozenset[_IpAddress] = frozenset((ipaddress.IPv4Address("127.0.0.1"), ipaddress.IPv6Address("::1")))


class CannotListen(Exception):
    """The address cannot be used; the message gives the reason."""


def listen(host: str, port: int) -> tuple[socket.socket, ...]:
    """
    Open a socket at every address that *host* has on this machine, all with the same port.

    A name such as ``localhost`` has an address of IPv4 and one of IPv6, and a client may try either.

    Args:
        port: 0 for any port that is free at all of them.

    Raises:
        CannotListen: An address is in use, or none of them is an address of this machine.
    """
    try:
        addresses = _addresses(host, port)
        for attempt in range(_ATTEMPTS):
            try:
                return _open_all(addresses, port)
            except OSError as error:
                if port or error.errno != errno.EADDRINUSE or attempt == _ATTEMPTS - 1:
                    raise
    except (OSError, UnicodeError, OverflowError) as error:
        raise CannotListen(f"cannot listen on {host}:{port}: {getattr(error, 'strerror', None) or error}") from error
    raise AssertionError("the last attempt returns or raises")


def leads_to(name: str, host: str) -> bool:
    """
    Whether *name*, of a host or an address, leads to what listens at *host*, if the port is the same.

    ``0.0.0.0`` and ``::`` are every address of this machine for a server, and its loopback address for a client. A name
    that nobody knows leads nowhere.
    """
    wanted, listening = _ip_addresses(name), _ip_addresses(host)
    if any(one.is_unspecified for one in wanted):
        wanted = (wanted | _LOOPBACK) - {one for one in wanted if one.is_unspecified}
    if wanted & listening:
        return True
    versions = {4, 6} if ipaddress.IPv6Address("::") in listening else {4}
    is_any = any(one.is_unspecified for one in listening)
    return is_any and any(one.version in versions and _is_ours(one) for one in wanted)


def _ip_addresses(name: str) -> frozenset[_IpAddress]:
    try:
        found = {address[0] for _, _, _, address in _addresses(name, 0)}
    except (OSError, UnicodeError):
        return frozenset()
    addresses = {ipaddress.ip_address(one) for one in found if isinstance(one, str)}
    return frozenset(getattr(one, "ipv4_mapped", None) or one for one in addresses)


def _is_ours(address: _IpAddress) -> bool:
    """Whether this machine has an address: only then can a socket be bound to it."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_STREAM) as one:
            one.bind((str(address), 0))
    except OSError:
        return False
    return True


def _addresses(host: str, port: int) -> tuple[_Address, ...]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys((family, kind, protocol, address) for family, kind, protocol, _, address in found))


def _open_all(addresses: tuple[_Address, ...], port: int) -> tuple[socket.socket, ...]:
    """Open a socket at each of *addresses* that this machine has; if *port* is 0, the first one chooses it."""
    opened: list[socket.socket] = []
    missing: OSError | None = None
    with ExitStack() as unless_opened:
        for family, kind, protocol, address in addresses:
            try:
                one = _open(family, kind, protocol, (address[0], port, *address[2:]), alone=len(addresses) == 1)
            except OSError as error:
                if error.errno not in _NOT_HERE:
                    raise
                missing = error
                continue
            opened.append(unless_opened.enter_context(one))
            port = one.getsockname()[1]
        if not opened and missing is not None:
            raise missing
        unless_opened.pop_all()
    return tuple(opened)


def _open(family: int, kind: int, protocol: int, address: Any, *, alone: bool) -> socket.socket:
    with ExitStack() as unless_bound:
        one = unless_bound.enter_context(socket.socket(family, kind, protocol))
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6 and not alone:
            # The address of IPv4 has a socket of its own.
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        one.bind(address)
        unless_bound.pop_all()
    return one
