"""The name of a test's sandbox."""

import hashlib
import re

_MOST_CHARACTERS, _HASH_CHARACTERS = 64, 10


def sandbox_name(test: str) -> str:
    """Name a sandbox after a test: readable, different for every test, at most 64 characters."""
    digest = hashlib.sha256(test.encode()).hexdigest()[:_HASH_CHARACTERS]
    room = _MOST_CHARACTERS - _HASH_CHARACTERS - len("-")
    slug = re.sub(r"[^A-Za-z0-9]+", "-", test).strip("-")[-room:].strip("-")
    return f"{slug}-{digest}" if slug else digest
