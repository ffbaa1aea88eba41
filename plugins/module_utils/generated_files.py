# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files differ between two generated/ folders of a store."""

from __future__ import annotations

import filecmp
import os
from typing import List

from .blobs import git_blob
from .stage_record import StagedFile

# What a compile makes. Other files in generated/, such as its .htaccess, are none of ours.
PARTS = ("code", "metadata")


def differing(live: str, staged: str) -> List[StagedFile]:
    """What has to change in generated/ of the tree live to be as in the tree staged, paths relative to the trees.

    Both are roots. Raises OSError for what cannot be read.
    """
    found = []
    for part in PARTS:
        before, after = (_files(root, os.path.join("generated", part)) for root in (live, staged))
        for path in sorted(before | after):
            old, new = os.path.join(live, path), os.path.join(staged, path)
            if path not in before:
                found.append(StagedFile(path, None, _blob(new)))
            elif path not in after:
                found.append(StagedFile(path, _blob(old), None))
            elif not filecmp.cmp(old, new, shallow=False):
                found.append(StagedFile(path, _blob(old), _blob(new)))
    return found


def _files(root, part):
    found = set()
    for folder, dummy, names in os.walk(os.path.join(root, part)):
        found.update(os.path.relpath(os.path.join(folder, name), root) for name in names)
    return found


def _blob(path) -> str:
    with open(path, "rb") as file:
        return git_blob(file.read())
