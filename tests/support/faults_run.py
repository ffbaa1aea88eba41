# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""remediate.yml, or another playbook, as its operator runs it, in a process that can be killed with all of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

PLAYBOOK = "storefleet.commerce.remediate"
PATIENCE = 270


class Run:
    """One ansible-playbook: started at once, what it prints in a file.

    variables: its extra variables. environment: what it has besides that of this process.
    """

    def __init__(
        self,
        log: Path,
        folder: Path,
        variables: Mapping[str, object],
        playbook: str = PLAYBOOK,
        *,
        options: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ):
        self.log = log
        with log.open("w") as output:
            self._process = subprocess.Popen(
                ["ansible-playbook", playbook, "-vv", *options, "--extra-vars", json.dumps(dict(variables))],
                cwd=folder,
                # Molecule asks for colours, which stand in the middle of words.
                env={**os.environ, "ANSIBLE_FORCE_COLOR": "0", "ANSIBLE_NOCOLOR": "1", **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        """As when its machine loses power: ansible-playbook with its workers and their connections."""
        # One that has ended may have left some of its own, or none.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def end(self, patience: float = PATIENCE) -> int:
        """Waits for its end, so many seconds; the exit status, negative where a signal ended it."""
        try:
            return self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def printed(self) -> str:
        """What it printed; the terminal's line breaks are spaces."""
        return " ".join(self.log.read_text(errors="replace").split())
