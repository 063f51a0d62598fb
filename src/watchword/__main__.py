"""The ``watchword`` command, and ``python -m watchword``."""

import gc
import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line; being interrupted is an answer too, from the first import on."""
    # What a start makes it keeps; `serve` switches the collector on again.
    gc.disable()
    try:
        from watchword.cli import cli  # noqa: PLC0415  # importing takes long enough to be interrupted

        cli(prog_name="watchword")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
