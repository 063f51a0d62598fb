"""What a host is, with or without a port: in the header ``Host``, in what proxies forward, and in a public URL."""

import re

HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
"""A name, or an address; of RFC 3986's hosts those that a DNS name or an address can be."""
HOST_BYTES = re.compile(HOST.pattern.encode())
"""The same, for what has not been decoded."""
