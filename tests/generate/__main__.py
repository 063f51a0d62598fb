"""
``python -m tests.generate`` writes the generated files; with ``--check`` it fails if one is stale.

Files: RULES.md, OUTCOMES.md, CURES.md, fixtures/README.md, fixtures/hashes.json, docs/pictures,
and the numbers in ARCHITECTURE.md.
"""

import sys

from tests.generate.pages import generated


def main() -> int:
    """Write or check; 1 if something is stale."""
    check = "--check" in sys.argv[1:]
    stale = []
    for path, text in generated():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if check:
            stale.append(path.name)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"wrote {path.name}\n")
    if stale:
        sys.stderr.write(f"stale: {', '.join(stale)}. Run 'make generate'.\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
