# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was done to a store, when and for whom: a line of JSON for each change, in a log of the store's own.

Works as the store's owner.
"""

from __future__ import annotations

import json
import os
import time
from typing import Any, Dict, List, NamedTuple, Optional, Sequence

from .blobs import git_blob
from .errors import CommerceError
from .lease import Holder
from .patched_files import content
from .stage_record import StagedFile

# Beside the logs of Commerce itself, which releases of one store share.
TRAIL = os.path.join("var", "log", "storefleet.jsonl")

# The change is there and proven; it was undone, and all is as before; it could be neither, and somebody has to look.
CHANGED, TAKEN_BACK, NEEDS_HANDS = "changed", "taken_back", "needs_hands"


class Change(NamedTuple):
    """One change of a store.

    state: present or absent, what the patches were to be. outcome: CHANGED, TAKEN_BACK or NEEDS_HANDS. actions: what
    was done, in words. files: those that were to change, with what git calls their content before and after.
    """

    state: str
    patches: Sequence[str]
    outcome: str
    actions: Sequence[str]
    files: Sequence[StagedFile]


def note(root: str, change: Change, holder: Optional[Holder]) -> List[str]:
    """Add a change to the log of the store at root. What came of that, in words, where it could not be done.

    A change that is proven is one, whether or not its line could be written.
    """
    path = os.path.join(root, TRAIL)
    line = json.dumps(_entry(change, holder), ensure_ascii=False) + "\n"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        # One call, so that lines of nodes that share the log do not mix. Nobody's link leads it elsewhere.
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640)
        try:
            os.write(descriptor, line.encode("utf-8", "surrogateescape"))
        finally:
            os.close(descriptor)
    except OSError as error:
        return ["could not write {0}: {1}".format(path, error.strerror or error)]
    return []


def files_before(root: str, paths: Sequence[str]) -> List[StagedFile]:
    """Those paths as they are now, for a change that is about to begin."""
    return [StagedFile(path, _blob(root, path), None) for path in paths]


def files_after(root: str, files: Sequence[StagedFile]) -> List[StagedFile]:
    """Those files with what they are now, after the change."""
    return [file._replace(after=_blob(root, file.path)) for file in files]


def _blob(root, path) -> Optional[str]:
    try:
        found = content(root, path)
    except CommerceError:
        return None
    return None if found is None else git_blob(found)


def _entry(change, holder) -> Dict[str, Any]:
    return {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "run": holder.run if holder else None,
        "controller": holder.controller if holder else None,
        "operator": (holder.operator or None) if holder else None,
        "change_id": (holder.change_id or None) if holder else None,
        "host": (holder.host or None) if holder else None,
        "state": change.state,
        "patches": list(change.patches),
        "outcome": change.outcome,
        "actions": list(change.actions),
        "files": [file._asdict() for file in sorted(change.files)],
    }
