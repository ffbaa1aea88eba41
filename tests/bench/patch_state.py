# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times both ways to a patch's state, in a store container: patch_state.py LIBRARY ROOT ROUNDS.

LIBRARY: a folder with the collection's module_utils in its place. Prints
{"files": [seconds], "process": [seconds], "tool": [seconds], "patches": listed by the tool, "state": of the patch}.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time

PATCH = "ACSD-61103"


def timed(work, times):
    """The result of work; its seconds are appended to times."""
    started = time.monotonic()
    result = work()
    times.append(time.monotonic() - started)
    return result


def by_files(root):
    """The state of the patch as the modules read it."""
    from ansible_collections.storefleet.commerce.plugins.module_utils.command import LocalRunner
    from ansible_collections.storefleet.commerce.plugins.module_utils.patch_state import patch_states
    from ansible_collections.storefleet.commerce.plugins.module_utils.store import read_store

    return patch_states(read_store(root), [PATCH], LocalRunner({}, home="/home/deploy"))[PATCH].state


def by_tool(root):
    """The patches that the tool lists."""
    argv = ["php", "vendor/bin/magento-patches", "status", "--no-ansi", "-n", "--format=json"]
    return json.loads(subprocess.run(argv, cwd=root, stdout=subprocess.PIPE, check=True).stdout)


def main(library, root, rounds):
    if rounds == "once":
        return by_files(root)
    process = [sys.executable, __file__, library, root, "once"]
    times = {"files": [], "process": [], "tool": []}
    by_files(root)
    for dummy in range(int(rounds)):
        state = timed(lambda: by_files(root), times["files"])
        timed(lambda: subprocess.run(process, check=True), times["process"])
        listed = timed(lambda: by_tool(root), times["tool"])
    print(json.dumps({**times, "patches": len(listed), "state": state}))
    return None


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    main(*sys.argv[1:])
