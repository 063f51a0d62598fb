"""``watchword serve``."""

import gc
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import orjson

from watchword.build import Options, build
from watchword.cli.banner import banner, warning
from watchword.cli.configuration import PREFIX, Flag, source_of, start_settings
from watchword.cli.logs import RequestLog, set_up
from watchword.document import DocumentError
from watchword.domain.hashing import Profile
from watchword.domain.secret import Secret
from watchword.edge.served_api import RequestLimits
from watchword.server.run import CannotListen, CannotSecure, Secured, is_loopback, listen, run
from watchword.store import UnusableData
from watchword.systems import SYSTEMS

INTERRUPTED = 130
NAMES = [system.name for system in SYSTEMS]
_file = click.Path(exists=True, dir_okay=False, path_type=Path)


def _in_a_directory(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and not path.parent.is_dir():
        raise click.BadParameter(f"{str(path.parent)!r} is not a directory.")
    return path


@click.command()
@click.option("-p", "--port", cls=Flag, type=click.IntRange(0, 65535), default=7070, show_default=True, help="0: any.")
@click.option("--host", cls=Flag, default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port-file",
    cls=Flag,
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    callback=_in_a_directory,
    help="Write the port here once it listens.",
)
@click.option(
    "--hashing",
    cls=Flag,
    type=click.Choice([profile.value for profile in Profile]),
    default=Profile.OWASP.value,
    show_default=True,
    help="Cost of password hashes: OWASP's minimum for Argon2id, RFC 9106's second choice, or next to nothing.",
)
@click.option("--seed", cls=Flag, type=int, help="Make ids, codes and tokens come in the same order every time.")
@click.option("--overlay", cls=Flag, type=_file, multiple=True, help="OpenAPI Overlay that changes the document.")
@click.option(
    "--zitadel-profile",
    cls=Flag,
    help="ZITADEL as its page promises (documented) or as a release does: v2.65, v4.2, v4.6.",
)
@click.option(
    "--portal-url",
    cls=Flag,
    multiple=True,
    metavar="[SYSTEM=]URL",
    help="Base of the links in mails, for one system or for all.",
)
@click.option("--random-codes", cls=Flag, is_flag=True, help="Random codes where a vendor's sandbox has a fixed one.")
@click.option("--set", cls=Flag, multiple=True, metavar="SYSTEM.NAME=VALUE", help="Any setting of a system, as JSON.")
@click.option("--tls-cert", cls=Flag, type=_file, help="Certificate (PEM): serve HTTPS. Needs --tls-key.")
@click.option("--tls-key", cls=Flag, type=_file, help="Its key (PEM, without a password).")
@click.option("--cors/--no-cors", cls=Flag, default=True, show_default=True, help="Let pages of other origins call.")
@click.option("--disable-admin-api", cls=Flag, is_flag=True, help="No /__admin.")
@click.option("--admin-token", cls=Flag, help="PendingDigest for /__admin, also from this machine.")
@click.option(
    "--extra-headers/--no-extra-headers", cls=Flag, default=True, show_default=True, help="Send Watchword-… headers."
)
@click.option("--max-body", cls=Flag, type=click.IntRange(1), default=1024 * 1024, show_default=True, help="In bytes.")
@click.option(
    "--body-timeout", cls=Flag, type=click.FloatRange(0.01), default=20.0, show_default=True, help="In seconds."
)
@click.option(
    "--data",
    cls=Flag,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Keep sandboxes, clocks, settings and mails in this directory across restarts.",
)
@click.option(
    "--sandbox-ttl", cls=Flag, type=click.FloatRange(1), metavar="SECONDS", help="Forget sandboxes idle for so long."
)
@click.option("--max-sandboxes", cls=Flag, type=click.IntRange(1), default=10_000, show_default=True)
@click.option("--log-format", cls=Flag, type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("-v", "--verbose", cls=Flag, is_flag=True, help="Also log what libraries say.")
@click.option("--color/--no-color", cls=Flag, default=None, help="Colours in the banner; NO_COLOR is honoured.")
@click.pass_context
def serve(context: click.Context, /, **flags: Any) -> None:
    """Serve all four systems on one port."""
    machine = flags["log_format"] == "json"
    set_up(machine=machine, verbose=flags["verbose"])
    _warn_of_unknown_variables(context)
    options = Options(
        hashing=Profile(flags["hashing"]),
        settings=start_settings(SYSTEMS, _layers(context, flags)),
        overlays=flags["overlay"],
        random_seed=flags["seed"],
        limits=RequestLimits(body_bytes=flags["max_body"], body_seconds=flags["body_timeout"]),
        max_sandboxes=flags["max_sandboxes"],
        data=flags["data"],
        idle_timeout=None if flags["sandbox_ttl"] is None else timedelta(seconds=flags["sandbox_ttl"]),
        cors=flags["cors"],
        extra_headers=flags["extra_headers"],
        admin=not flags["disable_admin_api"],
        admin_token=None if flags["admin_token"] is None else Secret(flags["admin_token"]),
        log=RequestLog(machine=machine),
    )
    source = _sources(context)
    secured = _secured(flags, source)
    try:
        built = build(options)
        listening = listen(flags["host"], flags["port"])
    except UnusableData as error:
        raise click.UsageError(f"{source['data']}: {error}.") from error
    except DocumentError as error:
        raise click.UsageError(f"{source['overlay']}: {error}" if flags["overlay"] else str(error)) from error
    except CannotListen as error:
        raise click.UsageError(f"{source['host']} {source['port']}: {error}") from error
    color = _color(flags["color"])
    port = listening.getsockname()[1]
    if not is_loopback(flags["host"]):
        click.echo(warning(flags["host"], color=color), err=True)

    def ready() -> None:
        click.echo(banner(built, host=flags["host"], port=port, tls=secured is not None, color=color), color=color)

    # What is there now stays to the end: looking through it again and again would stop every request for 40 ms.
    gc.freeze()
    # What requests leave behind are records, which are no garbage: looking for some too often finds none.
    gc.set_threshold(5_000, 20, 50)
    gc.enable()
    try:
        stopping = built.imitated.sandboxes.stop_waiting
        run(built.app, listening, ready=ready, stopping=stopping, port_file=flags["port_file"], secured=secured)
    except CannotSecure as error:
        raise click.UsageError(f"{source['tls_cert']}: {error}") from error
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    finally:
        built.imitated.sandboxes.persistence.close()


def _secured(flags: dict[str, Any], source: dict[str, str]) -> Secured | None:
    certificate, key = flags["tls_cert"], flags["tls_key"]
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        given, missing = ("tls_cert", "--tls-key") if key is None else ("tls_key", "--tls-cert")
        raise click.UsageError(f"{source[given]}: {missing} is needed too")
    return Secured(certificate, key)


def _sources(context: click.Context) -> dict[str, str]:
    return {option.name or "": source_of(context, option) for option in context.command.params}


def _layers(context: click.Context, flags: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    source = _sources(context)
    layers = [(str(context.obj["file"]), context.obj["settings"])]
    if flags["random_codes"]:
        layers.append((source["random_codes"], {name: {"random_codes": True} for name in NAMES}))
    if flags["zitadel_profile"]:
        layers.append((source["zitadel_profile"], {"zitadel": {"zitadel_profile": flags["zitadel_profile"]}}))
    for text in flags["portal_url"]:
        system, equals, url = text.partition("=")
        if equals and "://" not in system:
            layers.append((source["portal_url"], {system: {"portal_url": url}}))
        else:
            layers.append((source["portal_url"], {name: {"portal_url": text} for name in NAMES}))
    layers.extend((source["set"], _setting(text, source["set"])) for text in flags["set"])
    return layers


def _setting(text: str, source: str) -> dict[str, Any]:
    place, equals, value = text.partition("=")
    system, *names = place.split(".")
    if not equals or not names:
        raise click.UsageError(f"{source}: {text!r}: write SYSTEM.NAME=VALUE, for example zitadel.maintenance=true")
    try:
        change: Any = orjson.loads(value)
    except orjson.JSONDecodeError:
        change = value  # a bare word is a string
    for name in reversed(names):
        change = {name: change}
    return {system: change}


def _warn_of_unknown_variables(context: click.Context) -> None:
    known = {option.envvar for option in context.command.params} | {f"{PREFIX}CONFIG", f"{PREFIX}URL"}
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            click.echo(f"watchword: the environment variable {name} is not a setting and is ignored", err=True)


def _color(wanted: bool | None) -> bool:  # noqa: FBT001  # a flag's three values
    if wanted is not None:
        return wanted
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
