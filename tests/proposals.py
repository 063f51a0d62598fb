"""Two proposals, and a server in process that has them: an overlay and a whole document."""

from datetime import UTC, datetime
from pathlib import Path

from tests.promises import Observed
from watchword.build import Built, Options, build
from watchword.domain.hashing import Profile

NEXT = """
overlay: 1.1.0
info: {title: Longer passwords, and countries, version: "1"}
actions:
  - target: $
    update:
      x-watchword-settings:
        weavr_multi: {programme: {root_profile: {minimum: 16}}}
        entrust: {password: {maximum_length: 20}}
      x-watchword-faults: [{match: {system: entrust}, fault: {delay: {fixed: PT0.1S}}}]
      paths:
        /countries:
          get:
            tags: [fifth]
            security: []
            responses: {"200": {description: x, content: {application/json: {example: [NO, SE]}}}}
  - target: $.paths['/passwords/validate'].post.responses
    update: {"418": {description: x, content: {application/json: {examples: {TEAPOT: {value: {errorCode: TEAPOT}}}}}}}
"""
WHOLE = """
openapi: 3.0.3
info: {title: Countries alone, version: "2"}
paths:
  /countries:
    get:
      operationId: fifth.countries
      tags: [fifth]
      responses: {"200": {description: x, content: {application/json: {example: [DK]}}}}
"""


def write_proposals(folder: Path) -> dict[str, Path]:
    """Write the files of the proposals into *folder*; give them by the proposal's name."""
    files = {}
    for name, text in (("next", NEXT), ("whole", WHOLE)):
        files[name] = folder / f"{name}.yaml"
        files[name].write_text(text, encoding="utf-8")
    return files


def proposal_flags(folder: Path) -> list[str]:
    """Write the flags of ``watchword serve`` with which a server has the proposals."""
    return [flag for name, file in write_proposals(folder).items() for flag in ("--proposal", f"{name}={file}")]


def server_with_proposals(folder: Path, observed: Observed) -> Built:
    """Build the server; its clocks stand."""
    return build(
        Options(
            hashing=Profile.FAST,
            wall_clock=lambda: datetime(2026, 1, 15, 12, tzinfo=UTC),
            proposals=write_proposals(folder),
            observers=(observed,),
            record_rules=True,
            journal=200,
            history=200,
        )
    )
