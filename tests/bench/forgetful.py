"""``python -m tests.bench.forgetful PORT``: ``watchword serve`` without a cache of digests, so it always hashes."""

import sys

from watchword.cli.main import cli
from watchword.domain import digest_cache
from watchword.domain.hashing import Profile


def main() -> None:
    """Serve."""
    setattr(digest_cache, "CAPACITY", 0)  # noqa: B010  # only the benchmark needs such a server
    cli(["serve", "--port", sys.argv[1], "--hashing", Profile.OWASP.value])


if __name__ == "__main__":
    main()
