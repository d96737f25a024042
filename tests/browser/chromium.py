"""A headless Chromium for tests: a thin client of the DevTools protocol over one websocket.

Nothing is downloaded: the browser is the system's (Debian: ``apt-get install chromium``), and a test is skipped with a
reason when there is none::

    def test_it(chromium: Chromium) -> None:           # the fixture of conftest.py, or Chromium.start()
        with chromium.page(width=1440, height=900) as page:
            page.goto(url)
            page.wait_for("document.querySelector('.ripieno-player')")
            page.click("button.play")
            page.press("ArrowRight", "Shift")
            assert page.evaluate("document.title") == "..."
            assert page.errors == [] and page.outside() == []
            page.screenshot(path)

Every page has a browser context of its own: two pages are two users without common cookies. Calls answer in order;
events that arrive meanwhile fill `Page.errors` and `Page.requests`.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--disable-default-apps", "--no-default-browser-check", "--remote-debugging-port=0", "--force-color-profile=srgb",
)  # fmt: skip
PATIENCE = 30.0
"""Seconds until a call or a wait gives up."""


def executable() -> str:
    """The browser to drive: what the variable ``RIPIENO_CHROMIUM`` names, or the first known name on the path.

    Skips the test when there is none.
    """
    given = os.environ.get("RIPIENO_CHROMIUM")
    found = given or next((path for name in NAMES if (path := shutil.which(name))), None)
    if not found:
        pytest.skip("no Chromium on this machine: install Debian's chromium, or name one in RIPIENO_CHROMIUM")
    return found


class Chromium:
    """One browser process; `start` makes one, `page` opens pages in it."""

    def __init__(self, process: subprocess.Popen[bytes], socket: Any) -> None:
        self.process = process
        self._socket = socket
        self._last = 0
        self._pages: dict[str, Page] = {}

    @classmethod
    @contextlib.contextmanager
    def start(cls, *flags: str) -> Iterator[Chromium]:
        """A browser with a fresh profile, which is gone at the end."""
        websockets = pytest.importorskip("websockets.sync.client", reason="pip install websockets drives the browser")
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            command = [executable(), *FLAGS, f"--user-data-dir={profile}", *flags, "about:blank"]
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                with websockets.connect(_address(Path(profile), process), max_size=None, compression=None) as socket:
                    yield cls(process, socket)
            finally:
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)
                process.kill()
                process.wait()

    @contextlib.contextmanager
    def page(
        self, width: int = 1440, height: int = 900, *, dark: bool = False, still: bool = False, scale: float = 1.0
    ) -> Iterator[Page]:
        """A page in a context of its own: its size in CSS pixels, dark or light, with reduced motion if ``still``."""
        context = self.send("Target.createBrowserContext")["browserContextId"]
        made = {"url": "about:blank", "browserContextId": context, "width": width, "height": height}
        target = self.send("Target.createTarget", made)["targetId"]
        session = self.send("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        page = self._pages[session] = Page(self, session, context)
        try:
            for domain in ("Page", "Runtime", "Network", "Log", "DOM"):
                page.send(f"{domain}.enable")
            page.emulate(width, height, dark=dark, still=still, scale=scale)
            yield page
        finally:
            del self._pages[session]
            with contextlib.suppress(BrowserError):
                self.send("Target.disposeBrowserContext", {"browserContextId": context})

    def send(self, method: str, parameters: dict[str, Any] | None = None, session: str = "") -> dict[str, Any]:
        """One command of the protocol and its answer; raises `BrowserError` when the browser refuses."""
        self._last += 1
        number = self._last
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters or {}}
        if session:
            message["sessionId"] = session
        self._socket.send(json.dumps(message))
        end = time.monotonic() + PATIENCE
        while True:
            answer = self.receive(max(end - time.monotonic(), 0.01))
            if answer is None:
                raise BrowserError(f"{method} was not answered in {PATIENCE:g} s")
            if answer.get("id") == number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                return dict(answer["result"])

    def receive(self, seconds: float) -> dict[str, Any] | None:
        """The next message of the browser, noted for its page if it is an event; nothing after ``seconds``."""
        try:
            message: dict[str, Any] = json.loads(self._socket.recv(timeout=seconds))
        except TimeoutError:
            return None
        page = self._pages.get(message.get("sessionId", ""))
        if page is not None and "method" in message:
            page.note(message["method"], message["params"])
        return message


class BrowserError(RuntimeError):
    """The browser refused a command, or a script in the page threw."""


class Page:
    """One page: goes to addresses, runs scripts, presses keys, takes pictures.

    ``errors`` are console errors, warnings of the page's log at level error, and uncaught exceptions; ``requests``
    all addresses that the page asked for.
    """

    def __init__(self, browser: Chromium, session: str, context: str) -> None:
        self.browser = browser
        self.session = session
        self.context = context
        self.errors: list[str] = []
        self.requests: list[str] = []
        self.loaded = 0

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command of the protocol for this page."""
        return self.browser.send(method, parameters, self.session)

    def note(self, method: str, event: dict[str, Any]) -> None:
        """Keep what an event says."""
        if method == "Page.loadEventFired":
            self.loaded += 1
        elif method == "Network.requestWillBeSent":
            self.requests.append(event["request"]["url"])
        elif method == "Network.webSocketCreated":
            self.requests.append(event["url"])
        elif method == "Runtime.exceptionThrown":
            self.errors.append(_thrown(event["exceptionDetails"]))
        elif method == "Runtime.consoleAPICalled" and event["type"] in ("error", "assert"):
            self.errors.append(" ".join(str(given.get("value", given.get("description"))) for given in event["args"]))
        elif method == "Log.entryAdded" and event["entry"]["level"] == "error":
            self.errors.append(f"{event['entry']['text']} {event['entry'].get('url', '')}".strip())

    def outside(self, *hosts: str) -> list[str]:
        """Addresses asked for that are neither inside the page (data, blob, file) nor on one of ``hosts``."""
        inside = ("data:", "blob:", "file:", "about:", *(f"{way}://{host}" for host in hosts for way in _WAYS))
        return [address for address in self.requests if not address.startswith(inside)]

    def goto(self, address: str) -> None:
        """Load an address and wait until it is loaded."""
        before = self.loaded
        answer = self.send("Page.navigate", url=address)
        if answer.get("errorText"):
            raise BrowserError(f"{address}: {answer['errorText']}")
        self._until(lambda: self.loaded > before, f"loading {address}")

    def evaluate(self, script: str) -> Any:
        """The value of an expression, awaited if it is a promise; raises `BrowserError` when it throws."""
        answer = self.send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            raise BrowserError(_thrown(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def wait_for(self, script: str, seconds: float = PATIENCE) -> Any:
        """The value of an expression as soon as it is true."""
        end = time.monotonic() + seconds
        while not (value := self.evaluate(f"(() => {{ const v = {script}; return v instanceof Node ? true : v; }})()")):
            if time.monotonic() > end:
                raise BrowserError(f"not true after {seconds:g} s: {script}; errors: {self.errors}")
            self.pause(0.03)
        return value

    def pause(self, seconds: float) -> None:
        """Let the page run, and note what it says."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.browser.receive(left)

    def text(self, selector: str) -> str:
        """The text of the first element that fits."""
        return str(self.evaluate(f"document.querySelector({json.dumps(selector)}).textContent"))

    def click(self, selector: str) -> None:
        """Scroll to the first element that fits, and click in its middle with the mouse."""
        x, y = self.middle(selector)
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            pressed = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, **pressed)

    def middle(self, selector: str) -> tuple[float, float]:
        """The middle of an element in CSS pixels, after scrolling to it; raises `BrowserError` when there is none."""
        found = self.evaluate(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); if (!e) return null;"
            "e.scrollIntoView({block: 'nearest', behavior: 'instant'}); const r = e.getBoundingClientRect();"
            "return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        if found is None:
            raise BrowserError(f"no element {selector!r} to click")
        return float(found[0]), float(found[1])

    def press(self, key: str, *modifiers: str) -> None:
        """Press a key by its name, as ``" "`` or ``"ArrowRight"``, with ``"Shift"``, ``"Control"`` or ``"Alt"``."""
        held = sum({"Alt": 1, "Control": 2, "Shift": 8}[name] for name in modifiers)
        code = _CODES.get(key, ord(key.upper()) if len(key) == 1 else 0)
        shared = {"key": key, "modifiers": held, "windowsVirtualKeyCode": code, "code": _code(key)}
        text = "\r" if key == "Enter" else key if len(key) == 1 and not held & 3 else None
        self.send("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **shared, text=text or "")
        self.send("Input.dispatchKeyEvent", type="keyUp", **shared)

    def type(self, text: str) -> None:
        """Put text into the element that has the focus."""
        self.send("Input.insertText", text=text)

    def upload(self, selector: str, *paths: Path) -> None:
        """Choose files in a file input."""
        root = self.send("DOM.getDocument")["root"]["nodeId"]
        node = self.send("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.send("DOM.setFileInputFiles", nodeId=node, files=[str(path) for path in paths])

    def downloads(self, folder: Path) -> None:
        """Let downloads of this page go to a folder."""
        way = {"behavior": "allow", "downloadPath": str(folder), "browserContextId": self.context}
        self.browser.send("Browser.setDownloadBehavior", way)

    def emulate(self, width: int, height: int, *, dark: bool = False, still: bool = False, scale: float = 1.0) -> None:
        """Another size, theme or taste for motion."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=width < 600,
        )
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"},
        ]
        self.send("Emulation.setEmulatedMedia", features=features)

    def screenshot(self, path: Path, whole: bool = False) -> Path:
        """Write what is seen, or the whole page, as PNG."""
        import base64

        shot = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole, **self._clip(whole))
        path.write_bytes(base64.b64decode(shot["data"]))
        return path

    def _clip(self, whole: bool) -> dict[str, Any]:
        if not whole:
            return {}
        size = self.send("Page.getLayoutMetrics")["cssContentSize"]
        return {"clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}}

    def _until(self, done: Any, what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > end:
                raise BrowserError(f"{what} took more than {PATIENCE:g} s")
            self.pause(0.02)


_WAYS = ("http", "https", "ws", "wss")
_CODES = {
    "Enter": 13, "Escape": 27, " ": 32, "Tab": 9, "Home": 36, "End": 35, "Backspace": 8, "Delete": 46,
    "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "PageUp": 33, "PageDown": 34,
    "[": 219, "]": 221, "?": 191,
}  # fmt: skip


def _code(key: str) -> str:
    named = {" ": "Space", "[": "BracketLeft", "]": "BracketRight", "?": "Slash"}
    return named.get(key, f"Key{key.upper()}" if len(key) == 1 and key.isalpha() else key)


def _thrown(details: dict[str, Any]) -> str:
    return str(details.get("exception", {}).get("description") or details.get("text"))


def _address(profile: Path, process: subprocess.Popen[bytes]) -> str:
    """Where the browser listens: it writes the port that it chose into its profile."""
    port = profile / "DevToolsActivePort"
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if port.exists() and len(lines := port.read_text(encoding="utf-8").split()) == 2:
            return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
        if process.poll() is not None:
            pytest.fail(f"Chromium ended at once with exit status {process.returncode}")
        time.sleep(0.05)
    pytest.fail(f"Chromium did not start within {PATIENCE:g} s")
