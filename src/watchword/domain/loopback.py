"""Names and addresses of this machine."""

import ipaddress


def is_loopback(name: str) -> bool:
    """Whether *name*, of a host or an address, leads to this machine alone."""
    name = name.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)
