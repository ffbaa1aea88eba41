# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a switch brings: a finished build, or the files of before of an earlier one; and if it may still be had."""

from __future__ import annotations

import os
from typing import Any, Callable, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from . import kept_files
from .blobs import git_blob
from .compilation import generated_from
from .errors import CommerceError
from .fingerprint import blob_of, differences, fingerprint_of, foreign_lock
from .generated_files import differing
from .quality_patches import ABSENT, PRESENT
from .stage_record import StagedFile, read_record
from .store import METADATA
from .switch_order import IN, OUT

STALE = "way_back_stale"


class Source(NamedTuple):
    """Files that a store can be switched to.

    direction, state: what the patches are then, and so which step comes first. files: all that differ, those in
    generated/ too. place: where the new content of a path lies. exact: see switch_files. watched: the paths that the
    fingerprint is about; fingerprint: what live was when this was made, see fingerprint.py. folders: what folders were
    that may not be there any more, see switch_files.
    """

    direction: str
    state: str
    patches: Tuple[str, ...]
    files: Tuple[StagedFile, ...]
    place: Callable[[str], str]
    exact: bool
    watched: Tuple[str, ...]
    fingerprint: Mapping[str, Any]
    folders: Mapping[str, Any]


def staged(root: str) -> Optional[Source]:
    """The finished build for the store at root, None without one. Raises CommerceError bad_stage_record, stage_gone."""
    record = read_record(root)
    if record is None:
        return None
    files: List[StagedFile] = list(record.files)
    try:
        files += differing(root, record.tree) if record.generated else []
    except OSError as error:
        raise CommerceError(
            "compare generated/ with the staged one",
            error.filename or record.tree,
            error.strerror or str(error),
            "Build again: storefleet.commerce.release_stage removes what it finds.",
            code="stage_gone",
        ) from error
    return Source(
        direction=IN if record.state == PRESENT else OUT,
        state=record.state,
        patches=record.patches,
        files=tuple(files),
        place=lambda path: os.path.join(record.tree, path),
        exact=False,
        # What a build looked at need not be what it changed.
        watched=tuple(record.fingerprint["blobs"]),
        fingerprint=record.fingerprint,
        folders={},
    )


def kept(root: str, patches: Sequence[str]) -> Source:
    """The files of before of the switch that brought these patches. Raises CommerceError way_back_stale without any."""
    files = kept_files.find(root)
    if files is None:
        raise _stale(root, "no files of before are kept, or their time is over")
    journal = files.journal
    if journal["state"] != PRESENT or sorted(journal["patches"]) != sorted(patches):
        found = "{0}, {1}".format(", ".join(journal["patches"]), journal["state"])
        raise _stale(root, "the files that are kept are those of another change ({0})".format(found))
    before = tuple(StagedFile(file.path, file.after, file.before) for file in files.files)
    return Source(
        direction=OUT,
        state=ABSENT,
        patches=tuple(journal["patches"]),
        files=before if os.path.exists(os.path.join(root, METADATA)) else _with_generated(root, before),
        place=files.kept,
        exact=True,
        watched=tuple(file.path for file in files.files),
        fingerprint=journal["fingerprint"],
        folders=journal["folders"],
    )


def _with_generated(root: str, files: Sequence[StagedFile]) -> Tuple[StagedFile, ...]:
    """A store that is not compiled has made classes from patched ones since: these go, and those of before return."""
    found = {file.path: file for file in files}
    for path in generated_from(root, tuple(found)):
        now = blob_of(os.path.join(root, path))
        if now is not None:
            found[path] = StagedFile(path, now, found[path].after if path in found else None)
    return tuple(found.values())


def require_all_out(source: Source, root: str, paths: Sequence[str], contents: Mapping[str, Optional[bytes]]) -> None:
    """Raise CommerceError way_back_stale if the files of before still have one of the patches, which was there before.

    paths, contents: what files the patches are to be taken out of, and what each holds without them.
    """
    kept_ids = {file.path: file.after for file in source.files}
    for path in paths:
        content = contents[path]
        if path not in kept_ids or kept_ids[path] != (None if content is None else git_blob(content)):
            raise _stale(root, "{0} was patched before the switch that they are of".format(path))


def require_unchanged(source: Source, root: str, given_root: str) -> None:
    """Raise CommerceError deploy_running or live_changed (way_back_stale for kept files) if live is another by now."""
    lock = foreign_lock(root, given_root)
    if lock:
        raise CommerceError(
            "switch the store",
            root,
            "a deploy tool is at work: {0}".format(lock),
            "Wait for its end, or remove its lock if it is dead, then run again. Nothing has been changed.",
            code="deploy_running",
        )
    changed = differences(source.fingerprint, fingerprint_of(given_root, root, source.watched))
    if changed and source.exact:
        raise _stale(root, " ".join(changed))
    if changed:
        raise CommerceError(
            "switch the store",
            root,
            "it has changed since the build: {0}".format(" ".join(changed)),
            "Build again, then switch. Nothing has been changed.",
            code="live_changed",
        )


def _stale(root, came_back) -> CommerceError:
    return CommerceError(
        "go back to the files of before",
        root,
        came_back,
        "Take the patches out by a build (release_stage with state absent). Nothing has been changed.",
        code=STALE,
    )
