"""
What a kill left unfinished in SQLite's write-ahead log.

SQLite drops such a tail by itself when it opens the file, and says nothing.
Here it is only measured beforehand, so that somebody can be told.

Source:
    https://www.sqlite.org/fileformat2.html, section 4, "The Write-Ahead Log".
"""

import struct
from pathlib import Path

_HEADER, _FRAME = struct.Struct(">IIIIIIII"), struct.Struct(">IIIIII")
_LITTLE, _BIG = 0x377F0682, 0x377F0683
_WORD = 0xFFFFFFFF


def unfinished(log: Path) -> int:
    """
    Measure the last write in *log* if it is not whole.

    Returns:
        Its length in bytes; 0 if nothing was cut off, or there is no log.
    """
    raw = log.read_bytes() if log.exists() else b""
    if len(raw) < _HEADER.size:
        return len(raw)
    magic, _, page, _, salt1, salt2, *seen = _HEADER.unpack_from(raw)
    order = {_LITTLE: "<", _BIG: ">"}.get(magic)
    if order is None or (sums := _summed(raw[: _HEADER.size - 8], order, (0, 0))) != tuple(seen):
        return len(raw)
    place = committed = _HEADER.size
    salts = struct.pack(">II", salt1, salt2)
    while len(raw) - place >= _FRAME.size + page:
        _, size, *_, sum1, sum2 = _FRAME.unpack_from(raw, place)
        if raw[place + 8 : place + 16] != salts:
            break
        data = raw[place : place + 8] + raw[place + _FRAME.size : place + _FRAME.size + page]
        sums = _summed(data, order, sums)
        if sums != (sum1, sum2):
            break
        place += _FRAME.size + page
        if size:
            committed = place
    # What an earlier round of the log left behind the present one has other salts.
    torn = place > committed or raw[place + 8 : place + 16] in (salts, *(salts[:length] for length in range(8)))
    return len(raw) - committed if torn and len(raw) > committed else 0


def _summed(data: bytes, order: str, before: tuple[int, int]) -> tuple[int, int]:
    one, two = before
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + two) & _WORD
        two = (two + second + one) & _WORD
    return one, two
