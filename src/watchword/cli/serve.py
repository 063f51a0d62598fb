"""``watchword serve``."""

import gc
import os
import sys
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import click

from watchword.build import Options, build
from watchword.cli.banner import banner, warning
from watchword.cli.flag import PREFIX, sources
from watchword.cli.logs import RequestLog, configure_logging
from watchword.cli.options import serve_options
from watchword.cli.settings_layers import apply_layers, collect_layers
from watchword.document import DocumentError
from watchword.domain.hashing import Profile
from watchword.domain.secret import Secret
from watchword.edge.served_api import RequestLimits
from watchword.server.run import CannotListen, CannotUseTls, TlsFiles, is_loopback, listen, run
from watchword.store import UnusableData
from watchword.systems import SYSTEMS

INTERRUPTED = 130


@click.command()
@serve_options
@click.pass_context
def serve(context: click.Context, /, **flags: Any) -> None:
    """Serve all four systems on one port."""
    configure_logging(json=flags["log_format"] == "json", verbose=flags["verbose"])
    _warn_of_unknown_variables(context)
    source = sources(context)
    options = _options(context, flags)
    tls = _tls_files(flags, source)
    try:
        built = build(options)
        listening = listen(flags["host"], flags["port"])
    except UnusableData as error:
        raise click.UsageError(f"{source['data']}: {error}.") from error
    except DocumentError as error:
        raise click.UsageError(f"{source['overlay']}: {error}" if flags["overlay"] else str(error)) from error
    except CannotListen as error:
        raise click.UsageError(f"{source['host']} {source['port']}: {error}") from error
    color = _use_color(flags["color"])
    port = listening.getsockname()[1]
    if not is_loopback(flags["host"]):
        click.echo(warning(flags["host"], color=color), err=True)

    def on_ready() -> None:
        click.echo(banner(built, host=flags["host"], port=port, tls=tls is not None, color=color), color=color)

    _start_garbage_collection()
    sandboxes = built.imitated.sandboxes
    try:
        run(
            built.app,
            listening,
            on_ready=on_ready,
            on_stop=sandboxes.stop_waiting,
            port_file=flags["port_file"],
            tls=tls,
            arrival_seconds=options.limits.body_seconds,
        )
    except CannotUseTls as error:
        raise click.UsageError(f"{source['tls_cert']}: {error}") from error
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    finally:
        sandboxes.persistence.close()


def _start_garbage_collection() -> None:
    """Switch Python's garbage collector on, which ``__main__`` switched off for the start."""
    # Objects of the start are never garbage. A collection that visits them stops every request for about 100 ms.
    gc.freeze()
    # Requests leave records behind, which are not garbage either. With Python's own thresholds, the collector runs so
    # often that a request that writes takes 5 % more processor time, and the longest pauses are twice as long.
    gc.set_threshold(5_000, 20, 50)
    gc.enable()


def _options(context: click.Context, flags: Mapping[str, Any]) -> Options:
    return Options(
        hashing=Profile(flags["hashing"]),
        settings=apply_layers(SYSTEMS, collect_layers(context, flags)),
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
        log=RequestLog(json=flags["log_format"] == "json"),
    )


def _tls_files(flags: Mapping[str, Any], source: Mapping[str, str]) -> TlsFiles | None:
    certificate, key = flags["tls_cert"], flags["tls_key"]
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        given, missing = ("tls_cert", "--tls-key") if key is None else ("tls_key", "--tls-cert")
        raise click.UsageError(f"{source[given]}: {missing} is required too")
    return TlsFiles(certificate, key)


def _warn_of_unknown_variables(context: click.Context) -> None:
    known = {option.envvar for option in context.command.params} | {f"{PREFIX}CONFIG", f"{PREFIX}URL"}
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            click.echo(f"watchword: the environment variable {name} is not a setting and is ignored", err=True)


def _use_color(wanted: bool | None) -> bool:  # noqa: FBT001  # a flag with three values
    if wanted is not None:
        return wanted
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
