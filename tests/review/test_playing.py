"""Both sides live their own lives, and what the journal does not show is not taken for known."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.review.consumers import provisioning, retrying, typing
from tests.review.looking import look, record_calls
from tests.review.seeded_use import Use, read_base
from watchword.domain.refusal import Malformed
from watchword.edge.replaying import SentRequest
from watchword.review.difference import Difference
from watchword.review.level import Level
from watchword.review.sides import opened
from watchword.review.use_diff.by_document import MASKED
from watchword.review.use_diff.causes import Causes
from watchword.review.use_diff.certainty import Certainties
from watchword.review.use_diff.consumers import Consumer
from watchword.review.use_diff.playing import Play
from watchword.review.use_diff.stage import Acted, Stage, staged
from watchword.review.use_diff.state import State
from watchword.sandbox import Sandbox

_RIGHT, _WRONG = "Harbour-7-lamp", "Not-this-one"
_PASSWORD = "/components/schemas/MultiPasswordValue"
_LONGEST = f"{_PASSWORD}/maxLength"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Consumer]:
    """What the consumers did, by name."""
    consumers = {
        "sure": typing(_RIGHT),
        "wrong-3": typing(*3 * [_WRONG], _RIGHT),
        "wrong-4": typing(*4 * [_WRONG], _RIGHT),
        "wrong-later": typing(_RIGHT, _WRONG),
        "retrying": retrying,
        "provisioning": provisioning,
    }
    found = record_calls(tmp_path_factory.mktemp("recorded"), consumers)
    return {one.name: one for one in found}


@pytest.fixture(scope="module")
def base() -> Mapping[str, Any]:
    """Our own document, without what the consumers do not know."""
    return read_base()


def _set(**programme: Any) -> Use:
    return Use("another setting", frozenset(), settings={"weavr_multi": {"programme": programme}})


def _limit(length: int) -> Use:
    return Use("shorter passwords", frozenset(), _LONGEST, length)


def _told(found: Sequence[Difference], level: Level) -> list[str]:
    return [one.sentence for one in found if one.level is level]


@pytest.mark.parametrize("name", ["wrong-3", "wrong-4"])
def test_a_lock_that_head_sets_sooner_refuses_the_log_in_that_comes_after_it(
    tmp_path: Path, base: Mapping[str, Any], recorded: Mapping[str, Consumer], name: str
) -> None:
    found = look(tmp_path, base, _set(lock_after=3), [recorded[name]])
    (told,) = _told(found.differences, Level.BREAKING)
    assert told.startswith(f"{name}: 1 request would be refused, 200 → 423")
    assert "(setting weavr_multi.programme.lock_after: 5 → 3)" in told


def test_a_success_that_is_refused_because_of_an_earlier_answer_is_breaking_and_says_so(
    tmp_path: Path, base: Mapping[str, Any], recorded: Mapping[str, Consumer]
) -> None:
    found = look(tmp_path, base, _set(root_profile={"maximum": 64}), [recorded["retrying"]])
    (refused,) = [one for one in found.differences if one.level is Level.BREAKING]
    assert refused.sentence.startswith("retrying: 1 request would be refused, 200 → 409")
    (origin,) = refused.details
    assert "POST /passwords/lost_password/resume is answered 200 instead of 409 PASSWORD_TOO_LONG" in origin


@pytest.mark.parametrize("name", ["sure", "wrong-4", "wrong-later"])
def test_a_password_of_somebody_is_known_to_be_too_long_and_a_wrong_one_is_not(
    tmp_path: Path, base: Mapping[str, Any], recorded: Mapping[str, Consumer], name: str
) -> None:
    found = look(tmp_path, base, _limit(13), [recorded[name]])
    assert [one.level for one in found.differences] == [Level.BREAKING]
    assert found.differences[0].sentence.startswith(f"{name}: 1 request would be refused, 200 → 400")


@pytest.mark.parametrize(("name", "told"), [("retrying", ["newPassword.value"]), ("sure", [])])
def test_letters_that_nobody_knows_may_not_fit_although_the_stand_in_does(
    tmp_path: Path, base: Mapping[str, Any], recorded: Mapping[str, Consumer], name: str, told: Sequence[str]
) -> None:
    use = Use("printable passwords", frozenset(), f"{_PASSWORD}/pattern", "^[ -~]*$")
    found = look(tmp_path, base, use, [recorded[name]])
    assert [one.id for one in found.differences] == ["request-possibly-refused" for _ in told]
    for one, field in zip(found.differences, told, strict=True):
        assert one.sentence.startswith(f"{name}: 1 request may be refused: request body, {field}: ")
        assert one.details == (MASKED,)


def test_what_only_head_s_document_asks_for_may_be_refused(
    tmp_path: Path, base: Mapping[str, Any], recorded: Mapping[str, Consumer]
) -> None:
    required = "/components/schemas/ZitadelPasswordResetRequest/required"
    found = look(tmp_path, base, Use("a kind of code", frozenset(), required, ["kind"]), [recorded["provisioning"]])
    (told,) = found.differences
    assert told.sentence == "provisioning: 1 request may be refused: request body, kind: kind is required now"
    assert told.details == ("HEAD's document says so, but Watchword answers as before.",)


class _NeverAnew(Stage):
    """A side that cannot take a code in a sandbox which has just been reset."""

    def act(self, request: SentRequest, sandbox: Sandbox, request_at: tuple[datetime, datetime]) -> Acted | None:
        """Refuse to send it, or do as usual."""
        if request.path.endswith("resume") and not sandbox.mailbox.find():
            raise Malformed([])
        return super().act(request, sandbox, request_at)


def test_a_request_that_cannot_be_sent_to_a_clean_sandbox_leaves_the_sandbox_as_it_was(
    recorded: Mapping[str, Consumer],
) -> None:
    start, _, resume = recorded["retrying"].requests
    with asyncio.Runner() as runner, opened("current") as side, staged(side, State(), runner) as head:
        before = _NeverAnew(head.built, runner, head.moment)
        play = Play(Causes(before, head), Certainties(), start)
        played = [play.play(one) for one in (start, replace(resume, code="ANOTHER"), resume)]
    assert [one.why_not for one in played] == ["", "cannot be written again", ""]
