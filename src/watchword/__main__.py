"""The ``watchword`` command, and ``python -m watchword``."""

import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line; being interrupted is an answer too, from the first import on."""
    try:
        from watchword.cli import cli  # noqa: PLC0415  # importing takes long enough to be interrupted

        cli(prog_name="watchword")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
