"""Tokens for service users that prove themselves with a signed assertion."""

from datetime import timedelta

from watchword.contract.lane import token_of
from watchword.contract.values import ClientTime, Joined, Kept, Template
from watchword.contract.zitadel.caller import Asked
from watchword.contract.zitadel.signing import ISSUER, assertion
from watchword.contract.zitadel.story import Actor, Story
from watchword.contract.zitadel.topic import Topic

about = Topic("Signed assertions", in_both=False)
_HALF_A_MINUTE, _HOUR, _DAY = timedelta(seconds=30), timedelta(hours=1), timedelta(days=1)


def _proves(signer: Actor, what: str, **claims: Template) -> Asked:
    return signer.sends_assertion(assertion("signer", what, **claims))


def _is_refused(asked: Asked) -> None:
    asked.answers(500, "server_error", error_description="Errors.Internal")


@about.scenario("zitadel.token.assertion", shows=["zitadel.token.signature"])
def a_signed_assertion_brings_a_token_that_opens_the_service(story: Story) -> None:
    signer = story.person("signer")
    signer.sends_assertion().answers(200, "token")
    signer.calling_with(Kept(token_of("signer"))).uses_token().answers(200)
    issuer = Joined((Kept(ISSUER), "/"))
    _proves(signer, "an assertion for several servers", aud=["https://else.example", issuer]).answers(200)
    _is_refused(_proves(signer, "an assertion for another server", aud="https://else.example"))
    _is_refused(_proves(signer, "an assertion for nobody", aud=None))


@about.scenario("zitadel.token.assertion")
def an_assertion_names_the_owner_of_its_key_twice(story: Story) -> None:
    signer, member = story.people("signer", "member")
    for name in ("iss", "sub"):
        _is_refused(_proves(signer, f"an assertion without {name}", **{name: None}))
        _is_refused(_proves(signer, f"an assertion with another {name}", **{name: member.id}))
    _is_refused(_proves(signer, "an assertion for somebody else", iss=member.id, sub=member.id))


@about.scenario("zitadel.token.assertion")
def an_assertion_is_good_until_it_expires(story: Story) -> None:
    signer = story.person("signer")
    _proves(signer, "an assertion that expires soon", exp=ClientTime(_HALF_A_MINUTE)).answers(200, "token")
    _is_refused(_proves(signer, "an assertion that has expired", exp=ClientTime(-_HALF_A_MINUTE)))
    _is_refused(_proves(signer, "an assertion that never expires", exp=None))


@about.scenario("zitadel.token.assertion")
def an_assertion_is_an_hour_old_at_most_and_not_from_the_future(story: Story) -> None:
    signer = story.person("signer")
    almost, more = ClientTime(_HALF_A_MINUTE - _HOUR), ClientTime(-_HALF_A_MINUTE - _HOUR)
    _proves(signer, "an assertion of almost an hour ago", iat=almost).answers(200, "token")
    _is_refused(_proves(signer, "an assertion of more than an hour ago", iat=more))
    _is_refused(_proves(signer, "an assertion from the future", iat=ClientTime(_HALF_A_MINUTE)))
    _is_refused(_proves(signer, "an assertion without a date", iat=None))


@about.scenario("zitadel.token.signature")
def a_key_is_good_until_it_expires(story: Story) -> None:
    signer = story.person("passing-signer")
    # The day counts from the reset, which was a moment ago.
    story.wait(_DAY - _HALF_A_MINUTE)
    signer.sends_assertion().answers(200, "token")
    story.wait(2 * _HALF_A_MINUTE)
    _is_refused(signer.sends_assertion())


@about.scenario("zitadel.token.assertion", "zitadel.token.scope")
def an_assertion_is_checked_before_the_scope(story: Story) -> None:
    signer = story.person("signer")
    signer.sends_assertion(scope=None).answers(400, "invalid_request")
    signer.sends_assertion(assertion("signer", "an assertion for nobody", aud=None), scope=None).answers(500)
