"""
What the server answers, byte for byte, and what an earlier server wrote to a disk.

``answers.jsonl.gz`` has a case a line: requests as ASGI had them, moves of the clock and changes of settings
in between, and every answer with ``--seed 42`` and a clock that stands at the start of the tests.
``reaches`` names the outcomes of a case; ZITADEL's are compared with the real service instead (`tests.parity`).
``data.sql`` is a data directory of an earlier server, ``data.json`` what is answered from it.
``surface.json`` lists flags and settings.

An answer that differs is a change that somebody may notice. ``python -m tests.goldens`` records today's answers and
names the cases that differ: read them, and say in CHANGELOG.md what has changed.
"""
