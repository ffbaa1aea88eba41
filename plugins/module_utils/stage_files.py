# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files of a staged copy are not those of the live release any more."""

from __future__ import annotations

import filecmp
import os
from typing import Iterable, Iterator, List, NamedTuple, Sequence, Tuple

from .fingerprint import blob_of
from .isolated_environment import CONFIG, ENV
from .release_copy import LEFT_OUT
from .stage_record import StagedFile

# The copy has them as a build needs them.
_ISOLATED = (CONFIG, ENV)


class StagedFiles(NamedTuple):
    """changed: what the switch has to change. stray: paths of what differs too, and stays behind."""

    changed: Tuple[StagedFile, ...]
    stray: Tuple[str, ...]


def staged_files(root: str, tree: str, expected: Iterable[str], stale: Sequence[str]) -> StagedFiles:
    """Compare the copy at tree with the release at root, outside of generated/.

    expected: paths of what the build was to change. stale: paths of files that live is to lose.
    """
    wanted = set(expected)
    gone = {path for path in wanted if _is_file(root, path) and not os.path.lexists(os.path.join(tree, path))}
    differing = set(_differing(root, tree)) | gone
    changed = [_staged(root, tree, path) for path in sorted(differing & wanted)]
    changed += [_staged(root, None, path) for path in sorted(stale) if _is_file(root, path)]
    return StagedFiles(tuple(changed), tuple(sorted(differing - wanted)))


def _differing(root: str, tree: str) -> Iterator[str]:
    """Paths of the copy's files that live has not, or with another content."""
    folders: List[str] = [""]
    while folders:
        folder = folders.pop()
        with os.scandir(os.path.join(tree, folder)) as entries:
            for entry in entries:
                path = os.path.join(folder, entry.name)
                if entry.is_symlink() or path in LEFT_OUT or path in _ISOLATED:
                    continue
                if entry.is_dir():
                    folders.append(path)
                elif not _is_same(os.path.join(root, path), entry.path):
                    yield path


def _is_same(live: str, staged: str) -> bool:
    try:
        return os.path.samefile(live, staged) or filecmp.cmp(live, staged, shallow=False)
    except FileNotFoundError:
        return False


def _is_file(root: str, path: str) -> bool:
    return os.path.isfile(os.path.join(root, path))


def _staged(root, tree, path) -> StagedFile:
    return StagedFile(path, blob_of(os.path.join(root, path)), blob_of(os.path.join(tree, path)) if tree else None)
