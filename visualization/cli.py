"""The command of the browser application: ``ripieno serve``."""

from __future__ import annotations

import os
import socket
import threading
from typing import Annotated

import typer

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
    threading.Thread(target=workers.warm, daemon=True).start()
    typer.echo(f"Ripieno is at http://{host}:{port}  (Ctrl+C ends it)")
    try:
        uvicorn.run("solara.server.starlette:app", host=host, port=port, log_level="warning")
    finally:
        workers.close()


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
