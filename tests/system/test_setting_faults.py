"""What is wrong with settings, in our words."""

from typing import Any

import pytest

from watchword.system.setting_faults import InvalidSettings
from watchword.system.settings import apply_merge_patch
from watchword.systems import SYSTEMS

MODELS = {one.name: one.settings_model for one in SYSTEMS}


@pytest.mark.parametrize(
    ("system", "change", "path", "detail"),
    [
        ("zitadel", {"maintenance": "perhaps"}, "maintenance", "must be true or false"),
        ("zitadel", {"maintenance": [1]}, "maintenance", "must be true or false"),
        ("zitadel", {"code_minutes": "soon"}, "code_minutes", "must be a whole number"),
        ("zitadel", {"code_minutes": 1e30}, "code_minutes", "is too great a number"),
        ("zitadel", {"code_minutes": 1.5}, "code_minutes", "must be a whole number"),
        ("zitadel", {"code_minutes": [1]}, "code_minutes", "must be a whole number"),
        ("zitadel", {"code_minutes": 0}, "code_minutes", "must be at least 1"),
        ("zitadel", {"complexity": {"min_length": 73}}, "complexity.min_length", "must be at most 72"),
        ("zitadel", {"complexity": 5}, "complexity", "must be a table of names and values"),
        ("zitadel", {"hasher": "md5"}, "hasher", "must be 'bcrypt' or 'argon2'"),
        ("zitadel", {"zitadel_profile": "v1"}, "zitadel_profile", "must be 'documented', 'v2.65', 'v4.2' or 'v4.6'"),
        ("zitadel", {"portal_url": 5}, "portal_url", "must be a text"),
        ("zitadel", {"portal_url": "x"}, "portal_url", "must be an http or https address such as http://localhost"),
        ("zitadel", {"rate_limits": 5}, "rate_limits", "must be a list"),
        ("zitadel", {"rate_limits": [{"requests": 1}]}, "rate_limits.0.seconds", "is required"),
        ("zitadel", {"rate_limits": [{"request": 1}]}, "rate_limits.0.request", "There are: requests, seconds"),
        ("zitadel", {"lockout": {"attempts": 1}}, "lockout.attempts", "There are: max_password_attempts"),
        ("weavr_multi", {"programmes": 5}, "programmes", "must be a table of names and values"),
        ("weavr_multi", {"programmes": {"a": {"b": 1}}}, "programmes.a.b", "There are: suspended, tokenised, root_"),
        ("weavr_multi", {"password_token_lifetime": "soon"}, "password_token_lifetime", "is not a duration: write 250"),
        ("weavr_multi", {"password_token_lifetime": [1]}, "password_token_lifetime", "must be a duration: write 250ms"),
        ("weavr_multi", {"programme": {"session_lifetime": "-5s"}}, "programme.session_lifetime", "more than 0"),
    ],
)  # fmt: skip
def test_a_fault_names_its_place_and_what_would_be_right(
    system: str, change: dict[str, Any], path: str, detail: str
) -> None:
    with pytest.raises(InvalidSettings) as error:
        apply_merge_patch(MODELS[system](), change)
    found = {".".join(one.path): one.detail for one in error.value.faults}
    assert detail in found[path]
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__


def test_a_value_is_shown_to_its_owner_only_and_only_its_beginning() -> None:
    with pytest.raises(InvalidSettings) as error:
        apply_merge_patch(MODELS["zitadel"](), {"maintenance": "perhaps " * 100})
    (fault,) = error.value.faults
    assert (fault.detail, str(error.value)) == ("must be true or false", "maintenance: must be true or false")
    assert fault.shown == f"{('perhaps ' * 10 + '…')!r} must be true or false"


def test_what_contradicts_itself_is_shown_without_its_values() -> None:
    with pytest.raises(InvalidSettings) as error:
        apply_merge_patch(MODELS["entrust"](), {"password": {"minimum_length": 20, "maximum_length": 10}})
    (fault,) = error.value.faults
    assert fault.shown == fault.detail == "minimum_length must not be greater than maximum_length"
