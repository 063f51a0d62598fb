"""What a service user does to get a token by itself, and what anybody asks of a server before."""

from collections.abc import Mapping

from watchword.contract.lane import token_of
from watchword.contract.steps import FORM
from watchword.contract.telling import gives
from watchword.contract.values import Made, Of, Template
from watchword.contract.zitadel.caller import Asked, Caller
from watchword.contract.zitadel.signing import ISSUER, assertion

FOR_API = "urn:zitadel:iam:org:project:id:zitadel:aud"
"""The scope without which a token does not open the service."""
IDENTITY = "the identity token"
BY_ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class Machine(Caller):
    """A service user with a client secret or a private key."""

    def asks_for_token(self, **fields: Template) -> Asked:
        """Ask for a token with the client secret; *fields* replace those of the form, and None leaves one out."""
        own = {
            "grant_type": "client_credentials",
            "client_id": Of(self.role, "client"),
            "client_secret": Of(self.role, "secret"),
            "scope": FOR_API,
        }
        form = {name: value for name, value in {**own, **fields}.items() if value is not None}
        return self.sends_form(form).says(f"{self.role} asks for a token")

    def sends_form(self, body: Template, content_type: str | None = FORM) -> Asked:
        """Send fields, or a text as it stands, to where tokens are given."""
        return self._ask("sends a form", "token", body, {"content-type": content_type})

    def asks_with_header(self, header: Template, **form: Template) -> Asked:
        """Ask for a token as the client that the header ``Authorization`` names."""
        body = {"grant_type": "client_credentials", "scope": FOR_API, **form}
        headers = {"content-type": FORM, "Authorization": header}
        return self._ask("asks for a token with a header", "token", body, headers)

    def learns_issuer(self) -> None:
        """Ask the server for its issuer, which every assertion has to name."""
        self.asks_server("openid_configuration")

    def sends_assertion(self, signed: Made | None = None, **form: Template) -> Asked:
        """Ask for a token with an assertion, by default a good one; of the *form* None leaves a field out."""
        if not any(gives(step, ISSUER) for step in self.steps):
            self.learns_issuer()
        given = assertion(self.role) if signed is None else signed
        own = {"grant_type": BY_ASSERTION, "assertion": given, "scope": f"openid {FOR_API}"}
        fields = {name: value for name, value in {**own, **form}.items() if value is not None}
        return self.sends_form(fields).says(f"{self.role} sends {given}")

    def asks_by_get(self, **query: Template) -> Asked:
        """Ask for a token with fields in the address."""
        return self._ask("asks for a token with GET", "token_by_get", None, {}, query)

    def asks_server(self, operation: str) -> Asked:
        """Ask what everybody may ask: where tokens are given, which keys there are, whether the server runs."""
        return self._ask(f"calls {operation}", operation, None, {})

    def _ask(
        self,
        says: str,
        operation: str,
        body: Template,
        headers: dict[str, Template],
        query: dict[str, Template] | None = None,
    ) -> Asked:
        sent = {"Authorization": None, **headers}
        return self.call(says, operation, body, headers=sent, query=query or {}, keeps=_kept(self.role, operation))


def _kept(role: str, operation: str) -> Mapping[str, str]:
    if operation.startswith("token"):
        return {token_of(role): "/access_token", IDENTITY: "/id_token"}
    return {ISSUER: "/issuer"} if operation.startswith("openid") else {}
