"""Vendor pages 'Initiate lost password' and 'Resume lost password'."""

from urllib.parse import parse_qs, unquote, urlsplit

from tests.outcomes import proves
from tests.systems.weavr.products import Weavr, both, reaching

START, RESUME = "start_lost_password", "resume_lost_password"


@proves("weavr.lost.link", "weavr.nonce.code")
@reaching(START, 204)
def test_the_mail_has_the_nonce_and_a_link_with_everything_that_resume_needs(weavr: Weavr) -> None:
    assert weavr.start().status == 204
    login = weavr.person("member").login
    mail = weavr.inbox.latest(to=login)
    assert mail.codes == ("123456",)
    place = urlsplit(mail.links[0])
    assert unquote(place.path) == f"/set-password/123456/{login}"
    assert parse_qs(place.query) == {"nonce": ["123456"], "email": [login]}
    assert mail.links[0].startswith("http://localhost:3000/")


@both
def test_codes_can_be_set_to_be_random(weavr: Weavr) -> None:
    weavr.settings.patch(weavr.product.name, {"random_codes": True, "portal_url": "https://portal.example/app/"})
    seen = set()
    for _ in range(4):
        weavr.start()
        mail = weavr.inbox.latest(to=weavr.person("member").login)
        seen.add(mail.codes[0])
        assert mail.links[0].startswith(f"https://portal.example/app/set-password/{mail.codes[0]}/")
    assert len(seen) > 1
    assert weavr.resume(nonce=mail.codes[0]).status == 200


@both
def test_the_case_of_an_address_does_not_matter(weavr: Weavr) -> None:
    assert weavr.start(weavr.person("member").login.upper()).status == 204


@proves("weavr.mail.changed")
@both
def test_a_mail_says_that_the_password_was_reset(weavr: Weavr) -> None:
    weavr.start()
    weavr.resume()
    assert weavr.inbox.latest(to=weavr.person("member").login).subject == "Your Password Has Been Changed"
