"""
The requests of the user service that read users or change their state.

Source:
    ``zitadel/user/v2`` and ``zitadel/user/v2beta``: fields, oneofs and ``validate.rules``, in the order of their
    numbers; recorded answers of v2.65.3, v4.2.2 and v4.6.5.
"""

from collections.abc import Iterator, Mapping

from watchword.systems.zitadel.messages import Field, Kind, Message

STATES = (
    "USER_STATE_UNSPECIFIED",
    "USER_STATE_ACTIVE",
    "USER_STATE_INACTIVE",
    "USER_STATE_DELETED",
    "USER_STATE_LOCKED",
    "USER_STATE_INITIAL",
)
TYPES = ("TYPE_UNSPECIFIED", "TYPE_HUMAN", "TYPE_MACHINE")
TEXT_METHODS = (
    "TEXT_QUERY_METHOD_EQUALS",
    "TEXT_QUERY_METHOD_EQUALS_IGNORE_CASE",
    "TEXT_QUERY_METHOD_STARTS_WITH",
    "TEXT_QUERY_METHOD_STARTS_WITH_IGNORE_CASE",
    "TEXT_QUERY_METHOD_CONTAINS",
    "TEXT_QUERY_METHOD_CONTAINS_IGNORE_CASE",
    "TEXT_QUERY_METHOD_ENDS_WITH",
    "TEXT_QUERY_METHOD_ENDS_WITH_IGNORE_CASE",
)
SORTING_COLUMNS = (
    "USER_FIELD_NAME_UNSPECIFIED",
    "USER_FIELD_NAME_USER_NAME",
    "USER_FIELD_NAME_FIRST_NAME",
    "USER_FIELD_NAME_LAST_NAME",
    "USER_FIELD_NAME_NICK_NAME",
    "USER_FIELD_NAME_DISPLAY_NAME",
    "USER_FIELD_NAME_EMAIL",
    "USER_FIELD_NAME_STATE",
    "USER_FIELD_NAME_TYPE",
    "USER_FIELD_NAME_CREATION_DATE",
)
_TEXTS = ("userName", "firstName", "lastName", "nickName", "displayName")
_USER_ID = Field("userId", max_length=200)
_NO_ADDRESS = "value must be a valid email address | caused by: mail: missing '@' or angle-addr"


def _check_address(text: str) -> str | None:
    local, at, host = text.rpartition("@")
    return None if local and at and host else _NO_ADDRESS


def _text_query(package: str, name: str, field: Field) -> Message:
    method = Field("method", Kind.ENUM, values=TEXT_METHODS, defined_only=True)
    return Message(f"{package}.{name}", (field, method))


def _searches(package: str, search: Message) -> Iterator[Field]:
    """Make the members of the oneof ``query``."""

    def query(name: str, message: Message) -> Field:
        return Field(name, Kind.MESSAGE, oneof="query", message=message)

    queries = Field("queries", Kind.MESSAGE, message=search, repeated=True)
    beta = package.endswith("v2beta")
    email = Field("emailAddress", max_length=200, min_length=int(beta), check=_check_address if beta else None)
    for name in _TEXTS:
        go_name = name[0].upper() + name[1:]
        yield query(f"{name}Query", _text_query(package, f"{go_name}Query", Field(name, max_length=200)))
    yield query("emailQuery", _text_query(package, "EmailQuery", email))
    state = Field("state", Kind.ENUM, values=STATES, defined_only=True)
    yield query("stateQuery", Message(f"{package}.StateQuery", (state,)))
    kind = Field("type", Kind.ENUM, values=TYPES, defined_only=True)
    yield query("typeQuery", Message(f"{package}.TypeQuery", (kind,)))
    yield query("loginNameQuery", _text_query(package, "LoginNameQuery", Field("loginName", max_length=200)))
    yield query("inUserIdsQuery", Message(f"{package}.InUserIDQuery", (Field("userIds", repeated=True),)))
    yield query("orQuery", Message(f"{package}.OrQuery", (queries,)))
    yield query("andQuery", Message(f"{package}.AndQuery", (queries,)))
    yield query("notQuery", Message(f"{package}.NotQuery", (Field("query", Kind.MESSAGE, message=search),)))
    yield query("inUserEmailsQuery", Message(f"{package}.InUserEmailsQuery", (Field("userEmails", repeated=True),)))
    organisation = Field("organizationId", max_length=200)
    yield query("organizationIdQuery", Message(f"{package}.OrganizationIdQuery", (organisation,)))


def _list_users(version: str, *, with_phone: bool) -> Message:
    package = f"zitadel.user.{version}"
    search = Message(f"{package}.SearchQuery", required_oneofs=("query",))
    fields = tuple(_searches(package, search))
    if with_phone:
        phone = _text_query(package, "PhoneQuery", Field("number", max_length=20, min_length=0))
        fields = (*fields, Field("phoneQuery", Kind.MESSAGE, oneof="query", message=phone))
    search.define(fields)
    page = (Field("offset", Kind.UINT64), Field("limit", Kind.UINT32), Field("asc", Kind.BOOL))
    return Message(
        f"{package}.ListUsersRequest",
        (
            Field("query", Kind.MESSAGE, message=Message(f"zitadel.object.{version}.ListQuery", page)),
            Field("sortingColumn", Kind.ENUM, values=SORTING_COLUMNS),
            Field("queries", Kind.MESSAGE, message=search, repeated=True),
        ),
    )


LIST_USERS = _list_users("v2", with_phone=True)
LIST_USERS_V2BETA = _list_users("v2beta", with_phone=False)


def _of_a_user(version: str) -> tuple[Message, ...]:
    names = ("GetUserByID", "LockUser", "UnlockUser", "DeactivateUser", "ReactivateUser", "DeleteUser")
    return tuple(Message(f"zitadel.user.{version}.{name}Request", (_USER_ID,)) for name in names)


REQUESTS: Mapping[str, Message] = {
    one.name: one for one in (LIST_USERS, LIST_USERS_V2BETA, *_of_a_user("v2"), *_of_a_user("v2beta"))
}
"""By their full names."""
