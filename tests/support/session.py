# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many commands in one container, for the price of entering it once."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

ENGINE = Path(__file__).resolve().parents[2] / "extensions" / "commerce_image" / "engine"

# Runs in the container: a command per line, as JSON, and its result.
PROGRAM = """
import json, subprocess, sys
for line in sys.stdin:
    request = json.loads(line)
    options = {"capture_output": True, "encoding": "utf-8", "errors": "replace"}
    process = subprocess.run(request["argv"], input=request["stdin"], **options)
    print(json.dumps([process.returncode, process.stdout, process.stderr]), flush=True)
"""


class Session:
    """A container by its name; it is entered with the first command."""

    def __init__(self, name: str):
        self._name = name
        self._process = None

    def execute(self, *argv: str, stdin: str = "") -> subprocess.CompletedProcess:
        """A command of root, whatever its status."""
        if self._process is None:
            self._process = subprocess.Popen(
                [ENGINE, "exec", "--interactive", self._name, "python3", "-c", PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        self._process.stdin.write(json.dumps({"argv": argv, "stdin": stdin}) + "\n")
        self._process.stdin.flush()
        status, output, errors = json.loads(self._process.stdout.readline())
        return subprocess.CompletedProcess(argv, status, output, errors)

    def run(self, *argv: str, user: str = "root") -> str:
        """The output of a command of a user; a status other than 0 raises CalledProcessError."""
        if user != "root":
            argv = ("setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--", *argv)
        process = self.execute(*argv)
        process.check_returncode()
        return process.stdout

    def close(self) -> None:
        """Leaves the container; the next command enters it again."""
        if self._process is not None:
            self._process.communicate(timeout=10)
            self._process = None
