"""
What the server of commit 0e33c25 answered, byte for byte, and what it wrote to a disk.

``answers.jsonl.gz`` has a case a line: requests as ASGI had them, moves of the clock and changes of settings
in between, and every answer with ``--seed 42`` and a clock that stands at the start of the tests.
There is at least one case for every outcome of the document over every protocol.
``data.sql`` is a data directory of that server, ``data.json`` what it answered after a restart.
``surface.json`` lists its flags and settings.

Nothing here is ever recorded anew to make a test pass: a change on purpose is named in ``changes.py``.
"""
