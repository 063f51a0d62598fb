"""What nothing public says can be set either way."""

import pytest

from tests.outcomes import proves
from tests.systems.weavr.products import MULTI, PAYMENT_RUN, Weavr, both, codes
from watchword.build import Built

SHARED = "Copper-19-lantern"
SECRETS = {
    "weavr_multi": ("MultiPasswordValue", "WeavrNonce", "WeavrInviteCode", "WeavrSecret"),
    "weavr_payment_run": ("PaymentRunPasswordValue", "WeavrNonce", "WeavrInviteCode"),
}


@both
def test_a_setting_for_all_programmes_applies_unless_one_has_its_own(weavr: Weavr) -> None:
    weavr.set(root_profile={"maximum": 40})
    weavr.settings.patch(weavr.product.name, {"programme": {"root_profile": {"minimum": 20}}})
    for role in ("member", "expired-quarterly", "neighbour"):
        assert weavr.validate("Lantern-42-ambers-x", of=role).body == {"errorCode": "PASSWORD_TOO_SHORT"}
        assert weavr.validate("Lantern-42-ambers-xy", of=role).status == 204
    assert weavr.validate("Lantern-42-amber" + "x" * 20).status == 204
    assert weavr.validate("Lantern-42-amber" + "x" * 20, of="expired-quarterly").body == {
        "errorCode": "PASSWORD_TOO_LONG"
    }


@both
def test_an_unknown_programme_is_refused(weavr: Weavr) -> None:
    with pytest.raises(ValueError, match="there is no programme nope"):
        weavr.settings.patch(weavr.product.name, {"programmes": {"nope": {"history": 1}}})


@both
def test_a_blank_password_can_be_set_to_be_listed(weavr: Weavr) -> None:
    weavr.settings.patch(weavr.product.name, {"blank_password": "list"})
    refused = weavr.update(" ", old="")
    assert (refused.status, refused.body["message"]) == (400, "Invalid request")
    assert sorted(codes(refused)) == [(["newPassword"], "value", "HAS_TEXT"), (["oldPassword"], "value", "HAS_TEXT")]


@both
@pytest.mark.parametrize("form", ["sentence", "list"])
def test_the_hint_for_a_blank_password_says_what_to_send(weavr: Weavr, form: str) -> None:
    weavr.settings.patch(weavr.product.name, {"blank_password": form})
    for blank in ("", "  "):
        hint = weavr.validate(blank).headers["watchword-hint"]
        assert hint == "password.value must not be blank: send a password, or a token that stands for one"


@proves("weavr.password.history")
@both
def test_the_present_password_can_be_left_out_of_the_history(weavr: Weavr) -> None:
    weavr.set(present_counts=False)
    assert weavr.update("Harbour-2-lamp").body == {"errorCode": "PASSWORD_ALREADY_USED"}
    assert weavr.update(weavr.password("member")).status == 200


@proves("weavr.login.refused")
@both
def test_two_users_can_be_allowed_to_log_in_with_one_address(weavr: Weavr) -> None:
    weavr.set(unique_login_key=False)
    assert weavr.create(SHARED, of="shared-newcomer").status == 200
    assert weavr.log_in(SHARED, of="sharer").body["credentials"]["id"] == weavr.person("shared-newcomer").id
    assert weavr.log_in(of="sharer").body["credentials"]["id"] == weavr.person("sharer").id
    assert weavr.log_in("Wrong-99-wrong", of="sharer").status == 403


@both
def test_a_programme_without_any_profile_can_be_set_to_be_answered_profile_not_configured(weavr: Weavr) -> None:
    missing = {"errorCode": "PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE"}
    weavr.settings.patch(weavr.product.name, {"programme": {"unresolved_without_profiles": False}})
    assert [weavr.validate(of="unprofiled").body, weavr.create(of="unprofiled").body] == [missing, missing]


@both
def test_a_password_can_be_validated_by_the_profile_of_further_users(weavr: Weavr) -> None:
    weavr.settings.patch(weavr.product.name, {"programme": {"validated_as": "USER"}})
    assert weavr.validate(of="users-only").status == 204


@both
def test_the_document_marks_every_secret_of_a_request(weavr: Weavr, built: Built) -> None:
    schemas = built.imitated.document.extract_system(weavr.product.name)["components"]["schemas"]
    for name in SECRETS[weavr.product.name]:
        assert (schemas[name]["format"], schemas[name]["writeOnly"]) == ("password", True)
    assert schemas["WeavrSessionToken"]["format"] == "password"
    assert "writeOnly" not in schemas["WeavrSessionToken"]


def test_the_document_marks_password_tokens_as_secrets(built: Built) -> None:
    tokens = built.imitated.document.extract_system(MULTI.name)["components"]["schemas"]["WeavrPasswordTokens"]
    assert tokens["properties"]["tokens"]["additionalProperties"]["format"] == "password"
    assert (
        "WeavrPasswordTokens" not in built.imitated.document.extract_system(PAYMENT_RUN.name)["components"]["schemas"]
    )
