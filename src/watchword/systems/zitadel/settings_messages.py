"""
The requests of the settings service.

Source:
    ``zitadel/settings/v2``, ``zitadel/settings/v2beta`` and their ``RequestContext``; recorded answers of v2.65.3,
    v4.2.2 and v4.6.5.
"""

from collections.abc import Mapping

from watchword.systems.zitadel.messages import Field, Kind, Message

_OF_A_CONTEXT = ("Login", "PasswordComplexity", "PasswordExpiry", "Domain", "Lockout")


def _requests(version: str) -> tuple[Message, ...]:
    context = Message(
        f"zitadel.object.{version}.RequestContext",
        (
            Field("orgId", oneof="resource_owner"),
            Field("instance", Kind.BOOL, oneof="resource_owner", must_be_true=True),
        ),
    )
    fields = (Field("ctx", Kind.MESSAGE, message=context),)
    package = f"zitadel.settings.{version}"
    return (
        Message(f"{package}.GetGeneralSettingsRequest"),
        *(Message(f"{package}.Get{name}SettingsRequest", fields) for name in _OF_A_CONTEXT),
    )


REQUESTS: Mapping[str, Message] = {one.name: one for version in ("v2", "v2beta") for one in _requests(version)}
"""By their full names."""
