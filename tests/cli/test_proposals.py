"""``watchword serve --proposal``: what refuses the start, and what is told at it."""

from pathlib import Path

import pytest

from tests.cli.commands import refused, write
from tests.proposals import NEXT, WHOLE
from tests.serving import serving
from watchword.build import Options, build
from watchword.cli.banner import banner
from watchword.domain.hashing import Profile

pytestmark = pytest.mark.usefixtures("logging_as_before")

SETTING = """
overlay: 1.0.0
info: {title: A wrong setting, version: "1"}
actions:
  - target: $
    update: {x-watchword-settings: {zitadel: {maintenance: perhaps}}}
"""


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        (["next"], "--proposal: 'next': write NAME=FILE, for example next=overlay.yaml"),
        (["next=nosuch.yaml"], "--proposal: 'nosuch.yaml' is not a file"),
        (["next=next.yaml", "next=next.yaml"], "--proposal: two proposals are called 'next'"),
        (["~next=next.yaml"], "--proposal: '~next' cannot be the name of a proposal: a name starts with a letter"),
        (["shop=next.yaml"], "--proposal: 'shop' cannot be the name of a proposal: a document of --document"),
        (["next=broken.yaml"], "--proposal: next: broken.yaml:2:1: while parsing"),
        (
            ["next=neither.yaml"],
            "--proposal: next: neither.yaml: it is neither an overlay, which has 'overlay: 1.0.0',",
        ),
        (["next=setting.yaml"], "zitadel.maintenance"),
        (["next=broken.yaml", "other=neither.yaml"], "2 proposals cannot be used:\n  next: broken.yaml:2:1: while"),
        (["next=broken.yaml", "other=neither.yaml"], "other: neither.yaml: it is neither"),
    ],
    ids=[
        *("no file", "not a file", "twice", "no name", "the name of a document", "no YAML", "no document", "a setting"),
        *("the first of two", "the other of two"),
    ],
)
def test_a_proposal_that_cannot_be_served_refuses_the_start(tmp_path: Path, values: list[str], complaint: str) -> None:
    files = {"next": NEXT, "shop": WHOLE, "broken": "overlay: [", "neither": "{}", "setting": SETTING}
    for name, text in files.items():
        write(tmp_path / f"{name}.yaml", text)
    words = [word for value in values for word in ("--proposal", value)]
    result = refused(tmp_path, "--document", "shop=shop.yaml", *words)
    assert (result.exit_code, complaint in result.output) == (2, True), result.output


def test_the_start_tells_what_each_proposal_changes_besides_the_overlays(tmp_path: Path) -> None:
    overlay = write(tmp_path / "one.yaml", SETTING.replace("perhaps", "true"))
    proposal = write(tmp_path / "next.yaml", NEXT)
    with serving(tmp_path, "--overlay", overlay, "--proposal", f"next={proposal}") as served:
        told = served.log.read_text(encoding="utf-8")
    assert told.count(f"{overlay} changes no operation; it brings settings of ZITADEL.") == 1
    assert f"Proposal next: {proposal} changes 2 operations" in told
    assert "; it brings settings of Weavr Multi and Entrust Identity as a Service, and 1 fault." in told


def test_the_banner_names_the_proposals(tmp_path: Path) -> None:
    proposals = {"next": Path(write(tmp_path / "next.yaml", NEXT))}
    built = build(Options(hashing=Profile.FAST, proposals=proposals))
    assert "\nProposals   next  " in banner(built, url="http://127.0.0.1:7070", color=False)
