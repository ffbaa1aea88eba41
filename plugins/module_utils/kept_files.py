# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of before a proven switch, kept for a while so that it can be taken back without a compile."""

from __future__ import annotations

import os
import shutil
import time
from typing import Any, Mapping, Optional

from .errors import CommerceError
from .own_folder import leave_own_folder
from .store import KEPT
from .switch_files import READY, SwitchFiles
from .switch_journal import PROVEN, Journal


def note_proven(files: SwitchFiles, seconds: int, fingerprint: Mapping[str, Any]) -> Optional[float]:
    """Note that the switch is proven: from now on it is not undone any more, but its files of before may be kept.

    seconds: for how long, 0 for not at all. fingerprint: what the store is now, see fingerprint.py. Returns until when
    (Unix time), None where they are not kept. Raises OSError.
    """
    until = time.time() + seconds if seconds else None
    files.journal.write(phase=PROVEN, until=until, fingerprint=fingerprint)
    return until


def settle(root: str, files: SwitchFiles) -> None:
    """Bring the files of a proven switch to where they are kept, or remove them. May be done again."""
    drop(root)
    if files.journal["until"] is None:
        files.drop()
    else:
        shutil.rmtree(os.path.join(files.journal.folder, READY), ignore_errors=True)
        os.rename(files.journal.folder, os.path.join(root, KEPT))


def find(root: str) -> Optional[SwitchFiles]:
    """What is kept in the store at root, None where nothing is, or where its time is over."""
    journal = _journal(root)
    if journal is None or journal["until"] is None or journal["until"] < time.time():
        return None
    return SwitchFiles(root, journal)


def is_over(root: str) -> bool:
    """Whether something is kept whose time is over, or of which nobody can tell."""
    return os.path.isdir(os.path.join(root, KEPT)) and find(root) is None


def expire(root: str) -> bool:
    """Remove what is kept if its time is over; says whether there was something to remove."""
    if not is_over(root):
        return False
    drop(root)
    return True


def drop(root: str) -> None:
    """Remove what is kept, if anything is."""
    journal = _journal(root)
    if journal:
        SwitchFiles(root, journal).drop()
    shutil.rmtree(os.path.join(root, KEPT), ignore_errors=True)
    leave_own_folder(root)


def _journal(root) -> Optional[Journal]:
    try:
        return Journal.read(os.path.join(root, KEPT))
    except CommerceError:
        # Without a journal these are files of no use.
        return None
