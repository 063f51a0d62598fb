"""Talking to the control API of a running server."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import ProxyHandler, Request, build_opener

import click

from watchword.cli.flag import Flag
from watchword.client import DEFAULT_URL
from watchword.client.connection import PATIENCE_SECONDS
from watchword.client.errors import reason_of, tell
from watchword.contract.address import UnusableAddress, read_base_address

_direct = build_opener(ProxyHandler({}))
"""A proxy of the environment would be asked for addresses of this machine."""


class CannotReach(click.ClickException):
    """
    The server did not answer, or refused; the message says what it said.

    Args:
        status: What it answered; 0 for nothing.
    """

    exit_code = 2

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Remote:
    """
    A running server.

    Args:
        url: Its address.
        sandbox: The sandbox to look into.
        token: Of ``--admin-token``; None without one.
    """

    url: str
    sandbox: str
    token: str | None = None

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        """
        Get JSON from the control API.

        Args:
            path: Below ``/__admin``.

        Raises:
            CannotReach: There is no such server, or it refuses.
        """
        return self._read(path, query, json.load)

    def get_text(self, path: str, query: Mapping[str, str] | None = None) -> str:
        """
        Get a text, as `get` gets JSON.

        Raises:
            CannotReach: There is no such server, or it refuses.
        """
        text: str = self._read(path, query, lambda answer: answer.read().decode())
        return text

    def require_sandbox(self) -> None:
        """
        See that the sandbox exists.

        Raises:
            CannotReach: It does not, or there is no such server.
        """
        self.get(f"/sandboxes/{quote(self.sandbox, safe='')}")

    def _read(self, path: str, query: Mapping[str, str] | None, read: Callable[[Any], Any]) -> Any:
        address = f"{self.url.rstrip('/')}/__admin{path}{'?' if query else ''}{urlencode(query or {})}"
        headers = {"Watchword-Sandbox": self.sandbox}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            request = Request(address, headers=headers)  # noqa: S310  # the user's own address
            with _direct.open(request, timeout=PATIENCE_SECONDS) as answer:
                return read(answer)
        except HTTPError as error:
            if error.code == HTTPStatus.UNAUTHORIZED:
                needed = "Give its admin token with --token or WATCHWORD_ADMIN_TOKEN."
                raise CannotReach(f"{self.url} answered 401. {needed}", error.code) from None
            raise CannotReach(f"{self.url} answered {error.code}: {_detail(error)}", error.code) from None
        except (URLError, HTTPException, OSError, ValueError) as error:
            raise CannotReach(
                f"{self.url} cannot be reached ({reason_of(error)}). Start 'watchword serve', or name it with --url."
            ) from None


def _detail(error: HTTPError) -> str:
    try:
        return tell(json.load(error))
    except (ValueError, KeyError, TypeError, AttributeError):
        return error.reason


def _check_address(_context: click.Context, _option: click.Parameter, url: str | None) -> str | None:
    if url is not None:
        try:
            read_base_address(url, instead="the admin token goes into --token or WATCHWORD_ADMIN_TOKEN")
        except UnusableAddress as error:
            raise click.BadParameter(f"the address of the server {error}.") from None
    return url


def remote_options(function: Callable[..., Any], *, url: str | None = DEFAULT_URL) -> Callable[..., Any]:
    """
    Add the options that say which server and which sandbox.

    Args:
        url: The address of a server that is not named; None for no server.
    """
    for option in (
        click.option(
            "--token", cls=Flag, envvar="WATCHWORD_ADMIN_TOKEN", show_envvar=True, help="The server's --admin-token."
        ),
        click.option("--sandbox", cls=Flag, default="default", show_default=True, help="The sandbox to look into."),
        click.option(
            "--url",
            cls=Flag,
            default=url,
            show_default=url is not None,
            callback=_check_address,
            help="Address of the running server.",
        ),
    ):
        function = option(function)
    return function
