# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the steps of a change take."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import Dict, Iterator


class Stopwatch:
    """Seconds by the name of what took them."""

    def __init__(self) -> None:
        self.seconds: Dict[str, float] = {}

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Add what the block takes to that name."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = round(self.seconds.get(name, 0.0) + time.monotonic() - started, 4)
