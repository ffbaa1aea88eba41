# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which day a run of Ansible goes by: one for all of its workers, by the clock of the control node."""

from __future__ import annotations

import contextlib
import os
from datetime import date, datetime, timezone
from pathlib import Path

from ansible import constants


def day_of_run(now: datetime | None = None) -> date:
    """The day by UTC on which the run first asked, to the run's end. now: with its time zone."""
    # The folder is this run's alone. A link is made with what it says in one step, so the first worker decides for all.
    link = Path(constants.DEFAULT_LOCAL_TMP, "storefleet-day")
    with contextlib.suppress(FileExistsError):
        link.symlink_to((now or datetime.now(timezone.utc)).astimezone(timezone.utc).date().isoformat())
    return date.fromisoformat(os.readlink(link))
