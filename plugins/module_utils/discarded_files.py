# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A copy of the store's files that a repair is about to replace by others, kept until somebody removes it."""

from __future__ import annotations

import os
import shutil
import time
from typing import Sequence

from .errors import CommerceError

# No web server serves it, no deploy and no cache clean takes it away.
FOLDER = "var/storefleet/discarded"


def keep_discarded(root: str, paths: Sequence[str]) -> str:
    """Copy the files of the release at root into a folder of their own there, by the store's owner; returns its path.

    The folder, relative to the root, is 0700 and has the time (UTC) in its name. CommerceError no_backup.
    """
    place = os.path.join(FOLDER, time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()))
    try:
        os.makedirs(os.path.join(root, FOLDER), mode=0o700, exist_ok=True)
        os.mkdir(os.path.join(root, place), 0o700)
    except OSError as error:
        raise _not_kept(root, place, error) from error
    try:
        for path in paths:
            target = os.path.join(root, place, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy2(os.path.join(root, path), target, follow_symlinks=False)
    except OSError as error:
        shutil.rmtree(os.path.join(root, place), ignore_errors=True)
        raise _not_kept(root, place, error) from error
    return place


def _not_kept(root: str, place: str, error: OSError) -> CommerceError:
    return CommerceError(
        "keep a copy of the files that a repair replaces",
        os.path.join(root, place),
        error.strerror or str(error),
        "Make room, and let the store's owner write into var. Nothing has been changed.",
        code="no_backup",
    )
