"""Text in a picture: how wide it may become in whatever font the reader has, broken and shortened to fit."""

from xml.sax.saxutils import escape as _escape

_NARROW = frozenset("fijlrtI.,:;'|!()[]{}/ -`·")
_WIDE = frozenset("mwMWOQ@%—…→")


def escape(text: str) -> str:
    """Write *text* so that it is text in an SVG file."""
    return _escape(text, {'"': "&quot;"})


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Estimate how wide *text* becomes, rather too wide than too narrow: fonts differ."""
    ems = sum(0.37 if one in _NARROW else 0.97 if one in _WIDE else 0.72 if one.isupper() else 0.61 for one in text)
    return ems * size * (1.1 if bold else 1)


def wrapped(text: str, size: float, room: float, lines: int) -> list[str]:
    """Break *text* into at most so many *lines*; what has no place is left out at the end of a word."""
    found: list[str] = []
    words = text.split()
    while words:
        taken = 1
        while taken < len(words) and width(" ".join(words[: taken + 1]), size) <= room:
            taken += 1
        line, words = " ".join(words[:taken]), words[taken:]
        if width(line, size) > room or (words and len(found) == lines - 1):
            return [*found, _shortened(line, size, room)]
        found.append(line)
    return found


def _shortened(line: str, size: float, room: float) -> str:
    """Put an ellipsis for the last words, at the end of a clause if one is near; in the last resort for letters."""
    while width(f"{line} …", size) > room and " " in line:
        line = line.rpartition(" ")[0]
    while width(f"{line} …", size) > room and len(line) > 1:
        line = line[:-1]
    clause = max(line.rfind(mark) for mark in ",;:")
    if clause > len(line) / 2:
        line = line[:clause]
    return f"{line.rstrip(' ,;:.')} …"
