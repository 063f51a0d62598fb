"""What a host is, with or without a port: in the header ``Host``, in what proxies forward, and in a public URL."""

import re

_PORT = "6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[0-5][0-9]{4}|[0-9]{1,4}"
"""Up to 65535, as TCP counts them."""
HOST = re.compile(rf"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(?:{_PORT}))?")
"""A name, or an address; of RFC 3986's hosts those that a DNS name or an address can be."""
HOST_BYTES = re.compile(HOST.pattern.encode())
"""The same, for what has not been decoded."""
