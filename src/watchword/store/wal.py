"""
The unfinished last write in SQLite's write-ahead log, which a killed process leaves behind.

SQLite drops it without a word when it opens the file. Here it is only measured before that, for a line in the log.

Source:
    https://www.sqlite.org/fileformat2.html, section 4, "The Write-Ahead Log".
"""

import struct
from pathlib import Path

_HEADER, _FRAME = struct.Struct(">IIIIIIII"), struct.Struct(">IIIIII")
_LITTLE_ENDIAN, _BIG_ENDIAN = 0x377F0682, 0x377F0683
_WORD = 0xFFFFFFFF


def measure_unfinished_write(log: Path) -> int:
    """
    Measure the last write in *log* if it is incomplete.

    Returns:
        Its length in bytes; 0 if the last write is complete, or if there is no log.
    """
    raw = log.read_bytes() if log.exists() else b""
    if len(raw) < _HEADER.size:
        return len(raw)
    magic, _, page, _, salt1, salt2, *checksum = _HEADER.unpack_from(raw)
    byte_order = {_LITTLE_ENDIAN: "<", _BIG_ENDIAN: ">"}.get(magic)
    if byte_order is None or (sums := _checksum(raw[: _HEADER.size - 8], byte_order, (0, 0))) != tuple(checksum):
        return len(raw)
    offset = committed = _HEADER.size
    salts = struct.pack(">II", salt1, salt2)
    while len(raw) - offset >= _FRAME.size + page:
        _, size, *_, sum1, sum2 = _FRAME.unpack_from(raw, offset)
        if raw[offset + 8 : offset + 16] != salts:
            break
        data = raw[offset : offset + 8] + raw[offset + _FRAME.size : offset + _FRAME.size + page]
        sums = _checksum(data, byte_order, sums)
        if sums != (sum1, sum2):
            break
        offset += _FRAME.size + page
        if size:  # Only the last frame of a commit has the size of the database.
            committed = offset
    # SQLite starts the log over from its beginning; the frames of the round before have other salts and are complete.
    incomplete = offset > committed or raw[offset + 8 : offset + 16] in (
        salts,
        *(salts[:length] for length in range(8)),
    )
    return len(raw) - committed if incomplete and len(raw) > committed else 0


def _checksum(data: bytes, byte_order: str, before: tuple[int, int]) -> tuple[int, int]:
    one, two = before
    words = struct.unpack(f"{byte_order}{len(data) // 4}I", data)
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + two) & _WORD
        two = (two + second + one) & _WORD
    return one, two
