"""Which operation a method calls, as the ``.proto`` files describe the methods."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectrpc.method import IdempotencyLevel, MethodInfo, StreamType
from connectrpc.server import Endpoint
from protobuf import DescFile, DescMethod, DescService
from protobuf.wkt import Empty

from watchword.systems.zitadel import operations, session_operations, settings_operations, user_operations
from watchword.systems.zitadel.rpc.generated.zitadel.session.v2 import session_service_pb
from watchword.systems.zitadel.rpc.generated.zitadel.session.v2beta import (
    session_service_pb as session_service_v2beta_pb,
)
from watchword.systems.zitadel.rpc.generated.zitadel.settings.v2 import settings_service_pb
from watchword.systems.zitadel.rpc.generated.zitadel.settings.v2beta import (
    settings_service_pb as settings_service_v2beta_pb,
)
from watchword.systems.zitadel.rpc.generated.zitadel.user.v2 import user_service_pb
from watchword.systems.zitadel.rpc.generated.zitadel.user.v2beta import user_service_pb as user_service_v2beta_pb


@dataclass(frozen=True)
class Method:
    """
    A method that is served.

    Args:
        descriptor: Its description in the ``.proto`` file.
        operation: The id of the same operation in the document.
        run: The operation.
    """

    descriptor: DescMethod
    operation: str
    run: operations.Operation


_OPERATIONS: Mapping[str, tuple[str, operations.Operation]] = {
    "/zitadel.user.v2.UserService/SetPassword": ("zitadel.set_password", operations.set_password),
    "/zitadel.user.v2.UserService/PasswordReset": ("zitadel.password_reset", operations.reset_password),
    "/zitadel.user.v2beta.UserService/SetPassword": ("zitadel.set_password_v2beta", operations.set_password),
    "/zitadel.user.v2beta.UserService/PasswordReset": ("zitadel.password_reset_v2beta", operations.reset_password),
    **{
        f"/zitadel.session.{version}.SessionService/{method}": (f"zitadel.{name}{suffix}", run)
        for version, suffix in (("v2", ""), ("v2beta", "_v2beta"))
        for method, name, run in (
            ("CreateSession", "create_session", session_operations.create_session),
            ("SetSession", "set_session", session_operations.set_session),
            ("GetSession", "get_session", session_operations.get_session),
            ("DeleteSession", "delete_session", session_operations.delete_session),
            ("ListSessions", "list_sessions", session_operations.list_sessions),
        )
    },
    "/zitadel.user.v2.UserService/ListUsers": ("zitadel.list_users", user_operations.list_users),
    "/zitadel.user.v2.UserService/GetUserByID": ("zitadel.get_user", user_operations.get_user),
    "/zitadel.user.v2.UserService/LockUser": ("zitadel.lock_user", user_operations.lock_user),
    "/zitadel.user.v2.UserService/UnlockUser": ("zitadel.unlock_user", user_operations.unlock_user),
    "/zitadel.user.v2.UserService/DeactivateUser": ("zitadel.deactivate_user", user_operations.deactivate_user),
    "/zitadel.user.v2.UserService/ReactivateUser": ("zitadel.reactivate_user", user_operations.reactivate_user),
    "/zitadel.user.v2.UserService/DeleteUser": ("zitadel.delete_user", user_operations.delete_user),
    "/zitadel.user.v2beta.UserService/ListUsers": ("zitadel.list_users_v2beta", user_operations.list_users_v2beta),
    "/zitadel.user.v2beta.UserService/GetUserByID": ("zitadel.get_user_v2beta", user_operations.get_user_v2beta),
    "/zitadel.settings.v2.SettingsService/GetGeneralSettings": (
        "zitadel.get_general_settings",
        settings_operations.get_general_settings,
    ),
    "/zitadel.settings.v2beta.SettingsService/GetGeneralSettings": (
        "zitadel.get_general_settings_v2beta",
        settings_operations.get_general_settings,
    ),
    "/zitadel.settings.v2.SettingsService/GetLoginSettings": (
        "zitadel.get_login_settings",
        settings_operations.get_login_settings,
    ),
    "/zitadel.settings.v2beta.SettingsService/GetLoginSettings": (
        "zitadel.get_login_settings_v2beta",
        settings_operations.get_login_settings_v2beta,
    ),
    "/zitadel.settings.v2.SettingsService/GetPasswordComplexitySettings": (
        "zitadel.get_password_complexity_settings",
        settings_operations.get_password_complexity_settings,
    ),
    "/zitadel.settings.v2beta.SettingsService/GetPasswordComplexitySettings": (
        "zitadel.get_password_complexity_settings_v2beta",
        settings_operations.get_password_complexity_settings,
    ),
    "/zitadel.settings.v2.SettingsService/GetPasswordExpirySettings": (
        "zitadel.get_password_expiry_settings",
        settings_operations.get_password_expiry_settings,
    ),
    "/zitadel.settings.v2beta.SettingsService/GetPasswordExpirySettings": (
        "zitadel.get_password_expiry_settings_v2beta",
        settings_operations.get_password_expiry_settings,
    ),
    "/zitadel.settings.v2.SettingsService/GetDomainSettings": (
        "zitadel.get_domain_settings",
        settings_operations.get_domain_settings,
    ),
    "/zitadel.settings.v2beta.SettingsService/GetDomainSettings": (
        "zitadel.get_domain_settings_v2beta",
        settings_operations.get_domain_settings,
    ),
    "/zitadel.settings.v2.SettingsService/GetLockoutSettings": (
        "zitadel.get_lockout_settings",
        settings_operations.get_lockout_settings,
    ),
    "/zitadel.settings.v2beta.SettingsService/GetLockoutSettings": (
        "zitadel.get_lockout_settings_v2beta",
        settings_operations.get_lockout_settings,
    ),
}
FILES: tuple[DescFile, ...] = (
    user_service_pb.desc(),
    user_service_v2beta_pb.desc(),
    session_service_pb.desc(),
    session_service_v2beta_pb.desc(),
    settings_service_pb.desc(),
    settings_service_v2beta_pb.desc(),
)
SERVICES: Mapping[str, DescService] = {one.type_name: one for file in FILES for one in file.services}
METHODS: Mapping[str, Method] = {
    path: Method(method, *_OPERATIONS[path])
    for name, service in SERVICES.items()
    for method in service.methods
    if (path := f"/{name}/{method.name}")
}
"""By the path of a call. A method of a ``.proto`` file without an operation fails at import."""


def method_info(method: DescMethod) -> MethodInfo[Any, Any]:
    """Describe *method* in the terms of the library."""
    return MethodInfo(
        name=method.name,
        service_name=method.parent.type_name,
        input=method.input.type,
        output=method.output.type,
        idempotency_level=IdempotencyLevel.UNKNOWN,
        stream_type=StreamType[method.method_kind.upper().removesuffix("ING")],
    )


def unknown_endpoint(path: str) -> Any:
    """Make an endpoint for a *path* without a method: the library needs one to answer at all; it is never called."""

    async def never(_request: Any, _context: Any) -> Any:
        raise NotImplementedError

    service, _, name = path[1:].rpartition("/")
    method: MethodInfo[Any, Any] = MethodInfo(
        name=name,
        service_name=service,
        input=Empty,
        output=Empty,
        idempotency_level=IdempotencyLevel.UNKNOWN,
        stream_type=StreamType.UNARY,
    )
    return Endpoint.unary(method=method, function=never)
