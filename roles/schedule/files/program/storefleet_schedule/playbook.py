# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the audit, and passes a request to end on to it."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import Mapping, Sequence


def run(argv: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run it with this program's output; its exit status, 128 + the signal's number where one ended it.

    Raises OSError where the command cannot be started.
    """
    with subprocess.Popen(argv, env={**os.environ, **environment}, stdin=subprocess.DEVNULL) as process:

        def end(number, dummy_frame):
            process.send_signal(number)

        # Ansible puts itself in order when it is told to end, and the notification still follows.
        before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            status = process.wait()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
    return status if status >= 0 else 128 - status
