"""The operations of the token endpoint: load, ask the rules, save."""

from typing import Any

from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.system import Call
from watchword.systems.zitadel import assertions, oidc, token_form
from watchword.systems.zitadel.records import AccessToken, ClientSecret, MachineKey, User
from watchword.systems.zitadel.token_form import Form, Grant


def issue_token(call: Call) -> dict[str, Any]:
    """
    Issue an access token to a machine.

    Raises:
        OAuthRefusal: Nothing is changed.
    """
    form = token_form.read_form(
        query=call.query_string, content_type=call.headers.get("content-type", ""), body=call.body or b""
    )
    user_id = _owner(call, form)
    scopes = token_form.read_scopes(form)
    user = oidc.require_active_owner(call.tx.get(User, user_id))
    token, lifetime = Secret(call.chance.of(user.id).token()), oidc.limit_lifetime(call.now)
    for_api = oidc.is_for_api(scopes)
    record = AccessToken(digest(token), user.id, lifetime.expires_at, issued_at=call.now, for_api=for_api)
    call.tx.put(record)
    answer = {"access_token": token.revealed, "token_type": "Bearer", "expires_in": lifetime.expires_in}
    return answer | ({"id_token": _id_token(call, user, lifetime)} if oidc.wants_id_token(scopes) else {})


def _owner(call: Call, form: Form) -> str:
    """Find the user to whom the request proves to belong."""
    grant = token_form.choose_grant(form)
    if grant is Grant.ASSERTION:
        return _owner_of_assertion(call, Secret(form.last("assertion")))
    header = call.headers.get("authorization")
    client = token_form.read_client(form, None if header is None else Secret(header))
    if grant is None:
        raise oidc.refuse_unknown_client()
    user = next(iter(call.tx.find(User, login_name=client.id.lower())), None) if client.id else None
    known = call.tx.get(ClientSecret, user.login_name) if user else None
    return oidc.verify_secret(client, user, known)


def _owner_of_assertion(call: Call, assertion: Secret) -> str:
    key_id = assertions.read_key_id(assertion)
    key = None if key_id is None else call.tx.get(MachineKey, key_id)
    claims = assertions.verify_signature(assertion, key_id, key, now=call.now)
    assert key is not None  # noqa: S101  # the rule refuses an unknown key
    return assertions.verify_claims(claims, key, issuer=call.root_url, now=call.wall_clock())


def _id_token(call: Call, user: User, lifetime: oidc.Lifetime) -> str:
    from watchword.systems.zitadel import jwt  # noqa: PLC0415  # few servers need it, and it takes 9 MiB

    claims = oidc.describe_identity(user, user.login_name, issuer=call.root_url, lifetime=lifetime, now=call.now)
    return jwt.sign(claims)
