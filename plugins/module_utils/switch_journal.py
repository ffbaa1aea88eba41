# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of a switch: written before each act, so that whoever reads it knows what may have been done."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import Any, Dict, List, Optional

from .errors import CommerceError

JOURNAL = "journal.json"
KIND = "switch"

# The files of a switch are being laid ready and nothing of the store has changed; its steps are under way; it is proven
# and not to be undone any more.
PREPARING, UNDER_WAY, PROVEN = "preparing", "under_way", "proven"


class Journal:
    """What is known of one switch, in the file journal.json of a folder.

    entries: id, run (of which play, see lease.Holder), hosts (by step, that follow it), direction, state, patches,
    files ([path, before, after], see stage_record.StagedFile), exact, mounts, behaviour and health of before, phase,
    begun and done (steps). folders: path -> [atime, mtime (ns), mode, group], None where there was none; former: the
    same of those that an earlier switch took away. times: path -> [atime, mtime (ns)] that a file gets in the end which
    replaces another. seen: path -> new and old, each [[inode, size, mtime (ns)], ...], that the file of this switch and
    the one of before may have meanwhile. Once proven also until (Unix time) and fingerprint.
    """

    def __init__(self, folder: str, entries: Dict[str, Any]):
        self.folder = folder
        self._entries = entries

    def __getitem__(self, name: str) -> Any:
        return self._entries[name]

    @classmethod
    def read(cls, folder: str) -> Optional[Journal]:
        """The journal in that folder; None where there is none, or none of a switch. CommerceError bad_journal."""
        path = os.path.join(folder, JOURNAL)
        try:
            with open(path, encoding="utf-8") as file:
                entries = json.load(file)
            return cls(folder, entries) if entries.get("kind") == KIND else None
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, AttributeError) as error:
            raise CommerceError(
                "read the journal of a change",
                path,
                str(error),
                "Compare the store's files with the copies beside the journal, then remove {0}.".format(folder),
                code="bad_journal",
            ) from error

    def write(self, **changes: Any) -> None:
        """Set entries and bring the journal to disk. Raises OSError; the entries are set nevertheless."""
        # In memory first: what is cut short by a signal must be known to have been begun.
        self._entries.update(changes)
        path = os.path.join(self.folder, JOURNAL)
        with open(path + ".new", "w", encoding="utf-8") as file:
            json.dump(dict(self._entries, kind=KIND), file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(path + ".new", path)
        _to_disk(self.folder)

    @property
    def begun(self) -> List[str]:
        """Steps of which something may have been done."""
        return list(self._entries["begun"])

    def begin(self, step: str) -> None:
        """Note that a step is about to be done."""
        if step not in self.begun:
            self.write(begun=self.begun + [step])

    def finish(self, step: str) -> None:
        """Note that a step is done."""
        self.write(done=[*self["done"], step])

    def undo(self, step: str) -> None:
        """Note that nothing of a step is done any more."""
        # On a full disk the note cannot be written. Whoever undoes the step again finds nothing to do.
        with suppress(OSError):
            self.write(
                done=[other for other in self["done"] if other != step],
                begun=[other for other in self.begun if other != step],
            )


def _to_disk(folder):
    """What a folder lists survives a loss of power only when the folder itself is on disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
