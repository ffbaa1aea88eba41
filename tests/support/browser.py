# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless Chromium, spoken to in the Chrome DevTools Protocol over a pipe: without a port or a driver.

https://chromedevtools.github.io/devtools-protocol/ has the commands and the events.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Seconds that an answer may take: the machine may be busy with other tests.
PATIENCE = 60
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--remote-debugging-pipe",
)


class BrowserError(Exception):
    """The browser refused a command, a script of ours failed in the page, or no answer came."""


class Page:
    """One page of a browser. events: all that the browser has told since it was opened."""

    def __init__(self, commands: int, answers: int):
        self._commands, self._answers = commands, answers
        self._session: str | None = None
        self._last = 0
        self._unread = b""
        self.events: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """The result of a command."""
        self._last += 1
        command = {"id": self._last, "method": method, "params": params}
        if self._session:
            command["sessionId"] = self._session
        os.write(self._commands, json.dumps(command).encode() + b"\0")
        answer = self._wait(lambda message: message.get("id") == self._last)
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def open(self, address: str) -> None:
        """Load a page, and wait until it is there."""
        self.events.clear()
        self.call("Page.navigate", url=address)
        if not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self._wait(lambda message: message.get("method") == "Page.loadEventFired")

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression, or of what it promises."""
        done = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True, userGesture=True)
        if "exceptionDetails" in done:
            raise BrowserError(f"{script}: {done['exceptionDetails']}")
        return done["result"].get("value")

    def press(self, key: str, code: int, text: str = "") -> None:
        """Press and release a key. code: its Windows virtual key code, which Chromium goes by."""
        event = {"key": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **event)
        self.call("Input.dispatchKeyEvent", type="keyUp", **event)

    def type(self, text: str) -> None:
        """Write a text where the focus is."""
        self.call("Input.insertText", text=text)

    def size(self, width: int, height: int) -> None:
        """The window's size in CSS pixels; below 600 wide it is a phone's."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )

    def media(self, kind: str = "", **features: str) -> None:
        """Media type ("print") and features, such as prefers_color_scheme="dark"."""
        wanted = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.call("Emulation.setEmulatedMedia", media=kind, features=wanted)

    def screenshot(self, whole: bool = False) -> bytes:
        """A PNG of what is in the window, or of the whole page."""
        return base64.b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=whole)["data"])

    def pdf(self) -> bytes:
        """The page as it is printed."""
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])

    def complaints(self) -> list[str]:
        """What is on the console since the page was opened: errors of scripts, refusals of the security policy."""
        found = [event["params"] for event in self._of("Log.entryAdded", "Runtime.exceptionThrown")]
        found += [event["params"] for event in self._of("Runtime.consoleAPICalled")]
        return [json.dumps(event) for event in found]

    def requests(self) -> list[str]:
        """The addresses that were asked for since the page was opened."""
        return [event["params"]["request"]["url"] for event in self._of("Network.requestWillBeSent")]

    def _of(self, *methods: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["method"] in methods]

    def _wait(self, is_it) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE
        while True:
            message = self._read(end)
            if "method" in message:
                self.events.append(message)
            if is_it(message):
                return message

    def _read(self, end: float) -> Mapping[str, Any]:
        while b"\0" not in self._unread:
            ready, dummy, dummy2 = select.select([self._answers], [], [], max(0.0, end - time.monotonic()))
            read = os.read(self._answers, 1 << 20) if ready else b""
            if not read:
                raise BrowserError("no answer from the browser" if not ready else "the browser has ended")
            self._unread += read
        first, self._unread = self._unread.split(b"\0", 1)
        return json.loads(first)


@contextmanager
def chromium(folder: Path) -> Iterator[Page]:
    """An empty page of a new browser, whose profile is in the folder; both are gone at the end."""
    profile = folder / "profile"
    profile.mkdir()
    (inner_read, commands), (answers, inner_write) = os.pipe(), os.pipe()
    # The browser reads commands from descriptor 3 and answers on 4.
    process = subprocess.Popen(
        ["bash", "-c", f'exec "$@" 3<&{inner_read} 4>&{inner_write}', "bash", "chromium", *FLAGS]
        + [f"--user-data-dir={profile}"],
        pass_fds=(inner_read, inner_write),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # It starts many processes: all of them are one group, that can be ended.
        start_new_session=True,
    )
    os.close(inner_read)
    os.close(inner_write)
    try:
        yield Page(commands, answers)
    finally:
        os.close(commands)
        os.close(answers)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        shutil.rmtree(profile, ignore_errors=True)
