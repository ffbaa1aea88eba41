# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The patch's own files by the ids that git gives to their content: proof where one is known, and nothing where not."""

from __future__ import annotations

import hashlib
import os
from typing import Dict

from .advisory import Advisory
from .layout import in_layout
from .store import Store

BEFORE = "before"
AFTER = "after"
OTHER = "other"
MISSING = "missing"
UNREADABLE = "unreadable"

# Bytes. What is larger is none of a patch's files as a vendor delivers it.
_LIMIT = 1 << 20


def git_blob(content: bytes) -> str:
    """The id that git gives to a file with this content, 40 hexadecimal digits."""
    # Not for security: it is git's name of a content.
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def file_states(store: Store, advisory: Advisory) -> Dict[str, str]:
    """What each file of the advisory is by its content; by path as the advisory has it, wherever it lies in the store.

    before | after (equal to the vendor's file without or with the patch; before too for a file that the patch creates
    and that is not there) | other (says nothing: other releases have other contents) | missing | unreadable.
    """
    return {path: _state(store, path, advisory.blobs.get(path, (None, ""))) for path in advisory.files}


def _state(store, path, known) -> str:
    before, after = known
    try:
        with open(os.path.join(store.root, in_layout(store.layout, path)), "rb") as file:
            content = file.read(_LIMIT + 1)
    except (FileNotFoundError, NotADirectoryError):
        return BEFORE if after and before is None else MISSING
    except OSError:
        return UNREADABLE
    blob = git_blob(content)
    if after and blob.startswith(after):
        return AFTER
    return BEFORE if before and blob.startswith(before) else OTHER
