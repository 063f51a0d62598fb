"""
The discovery document of OpenID Connect, as the service answers it.

The issuer follows the header ``Host``, as the service's does, which finds its instance by the domain that was called.
A client compares both the issuer of the configuration and the audience that it signs with the address that it knows,
and only the client knows that address: a proxy, a container or a sandbox's path prefix may be in between.
So the configuration repeats the header, and so do ID tokens, which nothing else may do: no refusal, no log line and no
rule record.

Source:
    Recorded answers of v2.65.3, v4.2.2 and v4.6.5.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from watchword.systems.zitadel.settings import Profile

_SIGNED: tuple[str, ...] = ("RS256",)
_SIGNED_V4: tuple[str, ...] = ("EdDSA", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
_LANGUAGES = ("bg", "cs", "de", "en", "es", "fr", "hu", "id", "it", "ja", "mk", "nl", "pl", "pt", "ru", "sv", "zh")
_LANGUAGES_V4 = tuple(sorted((*_LANGUAGES, "ko", "ro", "tr")))
_CLIENTS: tuple[str, ...] = ("none", "client_secret_basic", "client_secret_post", "private_key_jwt")
_PLACES: Mapping[str, str] = MappingProxyType(
    {
        "authorization_endpoint": "/oauth/v2/authorize",
        "token_endpoint": "/oauth/v2/token",
        "introspection_endpoint": "/oauth/v2/introspect",
        "userinfo_endpoint": "/oidc/v1/userinfo",
        "revocation_endpoint": "/oauth/v2/revoke",
        "end_session_endpoint": "/oidc/v1/end_session",
        "device_authorization_endpoint": "/oauth/v2/device_authorization",
        "jwks_uri": "/oauth/v2/keys",
    }
)
_SAID: Mapping[str, Any] = MappingProxyType(
    {
        "scopes_supported": ("openid", "profile", "email", "phone", "address", "offline_access"),
        "response_types_supported": ("code", "id_token", "id_token token"),
        "response_modes_supported": ("query", "fragment", "form_post"),
        "grant_types_supported": (
            "authorization_code",
            "implicit",
            "refresh_token",
            "client_credentials",
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "urn:ietf:params:oauth:grant-type:device_code",
        ),
        "subject_types_supported": ("public",),
        "id_token_signing_alg_values_supported": _SIGNED,
        "request_object_signing_alg_values_supported": _SIGNED,
        "token_endpoint_auth_methods_supported": _CLIENTS,
        "token_endpoint_auth_signing_alg_values_supported": _SIGNED,
        "revocation_endpoint_auth_methods_supported": _CLIENTS,
        "revocation_endpoint_auth_signing_alg_values_supported": _SIGNED,
        "introspection_endpoint_auth_methods_supported": ("client_secret_basic", "private_key_jwt"),
        "introspection_endpoint_auth_signing_alg_values_supported": _SIGNED,
        "claims_supported": (
            *("sub", "aud", "exp", "iat", "iss", "auth_time", "nonce", "acr", "amr", "c_hash", "at_hash", "act"),
            *("scopes", "client_id", "azp", "preferred_username", "name", "family_name", "given_name", "locale"),
            *("email", "email_verified", "phone_number", "phone_number_verified"),
        ),
        "code_challenge_methods_supported": ("S256",),
        "ui_locales_supported": _LANGUAGES,
        "request_parameter_supported": True,
        "request_uri_parameter_supported": False,
    }
)
_SAID_V4: Mapping[str, Any] = MappingProxyType(
    {**_SAID, "id_token_signing_alg_values_supported": _SIGNED_V4, "ui_locales_supported": _LANGUAGES_V4}
)


def describe_issuer(issuer: str, profile: Profile) -> dict[str, Any]:
    """
    Make the discovery document: what the service has, of which only the token endpoint is served.

    Args:
        issuer: The address that the client called; see the head of this module.
    """
    places = {name: f"{issuer}{path}" for name, path in _PLACES.items()}
    return {"issuer": issuer, **places, **(_SAID_V4 if profile.signs_with_more_algorithms else _SAID)}
