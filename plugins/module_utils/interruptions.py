# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signals that end a process, made into an exception, and held back while something must not be cut in two."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import Iterator

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Interrupted(BaseException):
    """A signal asked this process to end. Not an Exception: what catches errors of the store must not catch this."""

    def __init__(self, number: int):
        super().__init__(number)
        self.number = number


class Held:
    """Signals are held back but in a let_through block; there they raise Interrupted."""

    def __init__(self, before):
        self._before = before

    @contextmanager
    def let_through(self) -> Iterator[None]:
        """Let signals through for the length of the block, those that came before too."""
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, self._before)
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


@contextmanager
def held() -> Iterator[Held]:
    """Hold the ending signals back for the length of the block. One that came raises Interrupted at its end."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    raised = []

    def interrupt(number, dummy):
        # Once: two that came together would raise the second one in the midst of what follows from the first.
        if not raised:
            raised.append(number)
            raise Interrupted(number)

    handlers = {number: signal.signal(number, interrupt) for number in SIGNALS}
    try:
        yield Held(before)
    finally:
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
