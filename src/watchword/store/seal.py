"""
What the rows of the data file add up to, in a small file beside it.

SQLite notices neither two pages that have changed places nor a bit that has flipped in a document, and it drops
everything in its write-ahead log after the first bit that is wrong. The sum of all rows shows either.

The file is mapped into memory, so writing it takes no system call, and it survives a killed process.
"""

import mmap
import os
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from zlib import adler32, crc32

_MAGIC = b"WWseal1\n"
_SUM, _HEAD = struct.Struct(">QQ"), struct.Struct(">8s?36s")
_CONFIRMED, _PLEDGED = _HEAD.size, _HEAD.size + _SUM.size
_LENGTH = _PLEDGED + _SUM.size
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_WRAP = 2**64


def digest_row(table: str, *values: object) -> int:
    """
    Digest one row of *table*, as SQLite gives its values: a text differs from the same bytes.

    It is against accidents, not against attackers, and a tenth of a cryptographic digest's price.
    """
    parts = [value if type(value) is bytes else repr(value).encode("utf-8", "surrogatepass") for value in values]
    raw = b"\0".join(parts)
    return crc32(raw, crc32(table.encode())) << 32 | adler32(raw)


@dataclass(frozen=True, slots=True)
class Sum:
    """
    What rows add up to.

    Args:
        digest: The sum of the digests of all rows.
        rows: How many there are.
    """

    digest: int = 0
    rows: int = 0

    def change(self, *, added: int = 0, removed: int = 0, rows: int = 0) -> "Sum":
        """Return the sum after digests were *added* and *removed*, and the number of rows grew by *rows*."""
        return Sum((self.digest + added - removed) % _WRAP, self.rows + rows)


class Verdict(Enum):
    """What a seal says about a sum that was found."""

    TRUE = auto()
    WRONG = auto()
    UNKNOWN = auto()
    """There is no seal."""
    UNREADABLE = auto()
    """The file is not a seal, or cannot be read."""
    OF_ANOTHER_RUN = auto()
    """
    A server of another run of the machine did not close it: the machine was restarted, and the last writes may be
    missing; or the place is damaged that identifies the run.
    """


class Seal:
    """
    The seal of a data file.

    Args:
        path: Of the seal; it may not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._map: mmap.mmap | None = None

    def judge(self, found: Sum) -> Verdict:
        """Compare *found* with what the last server left: what it has written, or was just about to write."""
        raw = self._read()
        if isinstance(raw, Verdict):
            return raw
        _, clean, boot = _HEAD.unpack_from(raw)
        if not clean and (boot != _boot_id() or not boot.strip(b"\0")):
            return Verdict.OF_ANOTHER_RUN
        known = [Sum(*_SUM.unpack_from(raw, place)) for place in (_CONFIRMED, _PLEDGED)]
        return Verdict.TRUE if found in known else Verdict.WRONG

    def known_rows(self) -> int | None:
        """Say how many rows the last server left; None if that is not known."""
        raw = self._read()
        return None if isinstance(raw, Verdict) else Sum(*_SUM.unpack_from(raw, _CONFIRMED)).rows

    def _read(self) -> bytes | Verdict:
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return Verdict.UNKNOWN
        except OSError:
            return Verdict.UNREADABLE
        return raw if len(raw) == _LENGTH and raw.startswith(_MAGIC) else Verdict.UNREADABLE

    def open(self, present: Sum) -> None:
        """
        Begin to keep the seal.

        Raises:
            OSError: It cannot be written.
        """
        content = _head(clean=False) + _SUM.pack(present.digest, present.rows) * 2
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            # Written, not only made longer: a page of a full disk cannot be mapped.
            os.pwrite(descriptor, content, 0)
            os.ftruncate(descriptor, _LENGTH)
            self._map = mmap.mmap(descriptor, _LENGTH)
        finally:
            os.close(descriptor)

    def void(self) -> None:
        """Remove the seal, so that nothing is compared with it."""
        with suppress(OSError):
            self.path.unlink()

    def pledge(self, next_: Sum) -> None:
        """Note what the rows will add up to after the commit that comes next."""
        if self._map is not None:
            _SUM.pack_into(self._map, _PLEDGED, next_.digest, next_.rows)

    def confirm(self, present: Sum) -> None:
        """Note that the commit has succeeded."""
        if self._map is not None:
            _SUM.pack_into(self._map, _CONFIRMED, present.digest, present.rows)

    def close(self) -> None:
        """Stop keeping the seal of a file that was closed; it counts after a restart of the machine too."""
        if self._map is not None:
            with suppress(OSError):
                self._map[: _HEAD.size] = _head(clean=True)
                self._map.flush()
            self._map.close()
            self._map = None


def _head(*, clean: bool) -> bytes:
    return _HEAD.pack(_MAGIC, clean, _boot_id())


def _boot_id() -> bytes:
    """Identify the present run of the machine; empty if that is not possible."""
    if sys.platform != "linux":
        return b""
    try:
        return _BOOT_ID.read_bytes().strip()[:36]
    except OSError:
        return b""
