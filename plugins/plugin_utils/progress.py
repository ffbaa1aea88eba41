# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A line now and then while a task is at work: without one, a long task looks like one that hangs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ansible.utils.display import Display

# Seconds; operators are to see a line at least every ten.
PAUSE = 8.0


@contextmanager
def shown(what: str, show: Callable[[str], object] | None = None, pause: float = PAUSE) -> Iterator[None]:
    """Show a line such as "shop-at: building, 40 s" after each pause for the length of the block."""
    show = show or Display().display
    ended = threading.Event()
    begun = time.monotonic()

    def tell() -> None:
        while not ended.wait(pause):
            show(f"{what}, {time.monotonic() - begun:.0f} s")

    # A daemon: a worker that is told to end must not wait for the next line.
    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
