"""Debian's Firefox, driven by WebDriver BiDi: it needs no driver of its own, and Playwright drives only its own build."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

FIREFOX = "/usr/bin/firefox-esr"
ENTER, SHIFT, TAB, UP, ESCAPE = "\ue007", "\ue008", "\ue004", "\ue013", "\ue00c"
"""Keys, as WebDriver calls them."""
_PREFERENCES = {
    "intl.accept_languages": "fr",
    "browser.startup.page": 0,
    "browser.aboutwelcome.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "app.normandy.enabled": False,
    "nimbus.rollouts.enabled": False,
    "app.update.disabledForTesting": True,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "gfx.webrender.software": True,
    "ui.prefersReducedMotion": 1,
    "ui.primaryPointerCapabilities": 6,
    "ui.allPointerCapabilities": 6,
}
"""Nothing is asked of Mozilla, nothing opens but what the test opens, nothing moves while it is pressed, and there
is a mouse (a fine pointer, 2, that hovers, 4), which a machine without a screen lacks."""
_LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")


class Tab:
    """One tab: goes somewhere, runs JavaScript, presses keys and the mouse."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.errors: list[str] = []
        self.send("session.new", capabilities={})
        self.send("session.subscribe", events=["log.entryAdded"])
        self.context = self.send("browsingContext.getTree")["contexts"][0]["context"]

    def send(self, method: str, **values: Any) -> dict[str, Any]:
        """What the browser answers to a command.

        Raises:
            RuntimeError: it refuses.
        """
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": values}))
        while True:
            told = json.loads(self._socket.recv(timeout=120))
            if told.get("method") == "log.entryAdded" and told["params"]["level"] == "error":
                self.errors.append(str(told["params"]["text"]))
            if told.get("id") == number:
                if told["type"] == "error":
                    raise RuntimeError(f"{method}: {told['message']}")
                return dict(told["result"])

    def size(self, width: int, height: int) -> None:
        """The size of the window's inside, in CSS pixels."""
        self.send("browsingContext.setViewport", context=self.context, viewport={"width": width, "height": height})

    def go(self, url: str) -> None:
        """Open an address."""
        self.send("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def reload(self) -> None:
        """Load the page again."""
        self.send("browsingContext.reload", context=self.context, wait="complete")

    def back(self) -> None:
        """One step back in the history."""
        self.send("browsingContext.traverseHistory", context=self.context, delta=-1)

    def js(self, expression: str) -> Any:
        """The value of an expression, by way of JSON."""
        told = self.send(
            "script.evaluate",
            expression=f"JSON.stringify({expression}) ?? 'null'",
            target={"context": self.context},
            awaitPromise=True,
        )
        if told["type"] == "exception":
            raise RuntimeError(told["exceptionDetails"]["text"])
        return json.loads(told["result"]["value"])

    def wait(self, expression: str, seconds: float = 20) -> Any:
        """The value of ``expression`` as soon as it is true of something."""
        until = time.monotonic() + seconds
        while True:
            value = self.js(expression)
            if value or time.monotonic() > until:
                assert value, f"never true: {expression}"
                return value
            time.sleep(0.05)

    def seen(self, selector: str) -> bool:
        """Whether an element can be seen."""
        return bool(self.js(f"!!document.querySelector({selector!r})?.checkVisibility()"))

    def text(self, selector: str) -> str:
        """The text of an element, white space as plain spaces."""
        return " ".join(str(self.js(f"document.querySelector({selector!r}).innerText")).split())

    def press(self, *keys: str) -> None:
        """Press keys one after the other; a string of several letters is typed."""
        actions = [{"type": kind, "value": letter} for key in keys for letter in key for kind in ("keyDown", "keyUp")]
        self._perform({"type": "key", "id": "keyboard", "actions": actions})

    def click(self, selector: str) -> None:
        """Press an element with the mouse, at its middle."""
        self.js(f"document.querySelector({selector!r}).scrollIntoView({{ block: 'nearest' }})")
        nodes = self.send(
            "browsingContext.locateNodes", context=self.context, locator={"type": "css", "value": selector}
        )["nodes"]
        origin = {"type": "element", "element": {"sharedId": nodes[0]["sharedId"]}}
        steps: Sequence[dict[str, Any]] = (
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        )
        self._perform({"type": "pointer", "id": "mouse", "actions": steps})

    def _perform(self, source: dict[str, Any]) -> None:
        self.send("input.performActions", context=self.context, actions=[source])


@contextmanager
def firefox() -> Iterator[Tab]:
    """A tab of a new Firefox with a profile of its own, which ends with the ``with`` block."""
    from websockets.sync.client import connect

    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        told = "".join(f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in _PREFERENCES.items())
        (Path(profile) / "user.js").write_text(told, encoding="utf-8")
        log = Path(profile) / "stderr.txt"  # a pipe that nobody reads would fill up and stop it
        command = [FIREFOX, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        with log.open("w") as out:
            process = subprocess.Popen(command, stdout=out, stderr=out)
        try:
            with connect(_address(log, process) + "/session", max_size=None, proxy=None, open_timeout=60) as socket:
                yield Tab(socket)
        finally:
            process.terminate()
            process.wait(20)


def _address(log: Path, process: subprocess.Popen[bytes], seconds: float = 90) -> str:
    """Where Firefox listens, once it says so."""
    until = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < until:
        if found := _LISTENING.search(log.read_text(encoding="utf-8", errors="replace")):
            return found[1]
        time.sleep(0.1)
    raise RuntimeError("Firefox does not listen: " + log.read_text(encoding="utf-8", errors="replace")[-500:])
