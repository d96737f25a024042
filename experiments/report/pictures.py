"""Pictures inside a page: as data, so that the page needs nothing from outside."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import Any

LARGEST_SVG = 400_000  # bytes; a denser drawing is smaller as a bitmap
PNG = b"\x89PNG\r\n\x1a\n"


def data_address(picture: Any) -> str:
    """A picture as a ``data:`` address: a matplotlib figure, SVG text, or the bytes of a PNG or SVG file.

    A figure becomes SVG with its letters as outlines, or PNG when that would be very large; without a date, and with
    names inside that depend on the content alone, so that equal figures give equal bytes. Raises `TypeError` for
    anything else.
    """
    content = _bytes(picture)
    if content.startswith(PNG):
        return f"data:image/png;base64,{b64encode(content).decode()}"
    if b"<svg" in content[:2000]:
        return f"data:image/svg+xml;base64,{b64encode(content).decode()}"
    raise TypeError("a picture is a matplotlib figure, SVG text, or the bytes of a PNG or SVG file")


def _bytes(picture: Any) -> bytes:
    if hasattr(picture, "savefig"):
        drawn = _saved(picture, "svg", {"Date": None, "Creator": "Ripieno"})
        return drawn if len(drawn) <= LARGEST_SVG else _saved(picture, "png", {"Software": None})
    if isinstance(picture, str):
        return picture.encode()
    if isinstance(picture, bytes):
        return picture
    raise TypeError(f"a picture is a matplotlib figure, SVG text or bytes, not {type(picture).__name__}")


def _saved(figure: Any, kind: str, metadata: dict[str, str | None]) -> bytes:
    import matplotlib as mpl

    buffer = BytesIO()
    with mpl.rc_context({"svg.hashsalt": "ripieno", "svg.fonttype": "path"}):
        figure.savefig(buffer, format=kind, dpi=160, metadata=metadata)
    return buffer.getvalue()
