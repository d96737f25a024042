"""The commands of the browser application: ``ripieno serve`` and ``ripieno recordings``."""

from __future__ import annotations

import os
import socket
import threading
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from .jobs import Service

Port = Annotated[int, typer.Option("--port", "-p", min=1, max=65535, help="Port to listen on.")]
Host = Annotated[str, typer.Option("--host", help="Address to listen on; 0.0.0.0 opens it to the network.")]
AtOnce = Annotated[
    int | None, typer.Option("--at-once", min=1, help="Simulations at once; default the number of cores less one.")
]
Sessions = Annotated[int | None, typer.Option("--sessions", min=1, help="Visitors at once; default 100.")]
Seconds = Annotated[int | None, typer.Option("--seconds", min=1, help="Longest simulation; default 180.")]

SETTINGS = {
    "SOLARA_APP": "ripieno.visualization.app",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_TITLE": "Ripieno",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_ASSETS_PROXY": "true",
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
    "SOLARA_KERNEL_CULL_TIMEOUT": "5m",
}
"""How the server runs: our own process, no telemetry, sessions end after five minutes.

The server hands out the installed page scripts itself; the address of the outside source is one that nobody answers.
"""


def serve(
    port: Port = 8765,
    host: Host = "127.0.0.1",
    at_once: AtOnce = None,
    sessions: Sessions = None,
    seconds: Seconds = None,
) -> None:
    """Start the browser application; Ctrl+C ends it."""
    from .caps import PREFIX

    for name, value in (("AT_ONCE", at_once), ("SESSIONS", sessions), ("SECONDS", seconds)):
        if value is not None:
            os.environ[PREFIX + name] = str(value)
    for name, text in SETTINGS.items():
        os.environ.setdefault(name, text)
    import uvicorn

    from .jobs import service

    workers = service()
    _check_free(host, port)
    threading.Thread(target=_warm, args=(workers,), daemon=True).start()
    typer.echo(f"Ripieno is at http://{host}:{port}  (Ctrl+C ends it)")
    try:
        uvicorn.run("solara.server.starlette:app", host=host, port=port, log_level="warning")
    finally:
        workers.close()


def _warm(workers: Service) -> None:
    """Load the pages and what Home plays, then the workers, so that the first visitor does not wait for them."""
    from . import app  # noqa: F401
    from .recordings import kept, story_worlds
    from .shell.widgets import player_template
    from .stories import stories

    player_template()
    kept(story_worlds(next(iter(stories()))))
    workers.warm()


def _check_free(host: str, port: int) -> None:
    """Raise `OSError` with a cure when nobody can listen there."""
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            cure = f"{error.strerror}; choose another with --port or --host"
            raise OSError(error.errno, cure, f"{host}:{port}") from None


recordings = typer.Typer(no_args_is_help=True, help="Make or check the recordings that Home and Stories play.")
Every = Annotated[bool, typer.Option("--all", help="Make every one, not only those that are out of date.")]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, help="Recordings made at once; default the number of cores.")
]


@recordings.command()
def build(every: Every = False, workers: Workers = None) -> None:
    """Make the recordings that are out of date, in the folder of the package."""
    from . import recordings as shelf

    made = shelf.build(
        every=every,
        workers=workers or os.cpu_count() or 1,
        told=lambda name, size: typer.echo(f"{name}: {size:,} bytes"),
    )
    typer.echo(f"{len(made)} made, {len(shelf.recorded_worlds()) - len(made)} were up to date")


@recordings.command()
def check() -> None:
    """Say which recordings are out of date; exit code 1 if any is."""
    from . import recordings as shelf

    old = shelf.stale()
    for name in old:
        typer.echo(name)
    if old:
        typer.echo(f"{len(old)} out of date; {shelf.CURE}", err=True)
        raise typer.Exit(1)
