# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SSH connections that Ansible keeps open after a run, for the next one."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

# Seconds that OpenSSH may take to say goodbye on a connection of this machine's.
TIMEOUT = 10


def close_connections(folder: str) -> None:
    """End those whose sockets are in the folder: the next run is hours away, and a service leaves nothing running."""
    for path in _sockets(folder):
        # The host is not looked at, but has to be given.
        argv = ["ssh", "-o", "ControlPath={0}".format(path), "-O", "exit", "none"]
        try:
            subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=TIMEOUT)
        except (OSError, subprocess.TimeoutExpired):
            # It ends by itself, later.
            return


def _sockets(folder):
    try:
        return sorted(path for path in Path(folder).iterdir() if stat.S_ISSOCK(os.lstat(path).st_mode))
    except OSError:
        return []
