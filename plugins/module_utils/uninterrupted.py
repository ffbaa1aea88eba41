# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work that is either done or undone when a signal asks the process to end."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Iterator

from .errors import CommerceError
from .interruptions import Held, Interrupted, held


@contextmanager
def uninterrupted(tried: str, root: str) -> Iterator[Held]:
    """Hold signals back. One that came is told at the end, unless a change failed meanwhile: then that is told."""
    try:
        with held() as signals:
            yield signals
    except Interrupted as error:
        if isinstance(error.__context__, CommerceError):
            raise error.__context__ from None
        raise CommerceError(
            tried,
            root,
            "signal {0} ended it".format(error.number),
            "Run it again: the store is whole.",
            code="interrupted",
        ) from None
