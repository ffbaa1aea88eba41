# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A store's queue consumers, which go on running the code that they were started with until they are told to end."""

from __future__ import annotations

from typing import Sequence

from .command import Runner
from .errors import CommerceError

COMMAND = "queue:consumers:restart"


def restart_consumers(root: str, php: Sequence[str], runner: Runner, timeout: float = 120) -> str:
    """Tell the consumers of the store at root, as its owner, to end after their message; whoever runs them starts new.

    Once per store: what they look at is shared by its nodes. Returns what was done, in words. A store that cannot is
    told in these words too: its consumers are no reason to take a change back.
    """
    argv = list(php) + ["bin/magento", COMMAND, "--no-ansi", "--no-interaction"]
    try:
        result = runner.run(argv, cwd=root, timeout=timeout)
    except CommerceError as error:
        return _warning(error.came_back)
    if result.rc == 0:
        return "restarted the queue consumers"
    words = " ".join((result.out + " " + result.err).split())
    if "is not defined" in words or "no commands defined" in words:
        return "left queue consumers alone: this store has no command {0}".format(COMMAND)
    return _warning("status {0}".format(result.rc))


def _warning(why) -> str:
    return "could not restart the queue consumers ({0}): run bin/magento {1}, as they run the code of before".format(
        why, COMMAND
    )
