# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a build left beside the live release for the switch to read, and which files the switch has to change."""

from __future__ import annotations

import json
import os
from typing import Any, Mapping, NamedTuple, Optional, Tuple

from .errors import CommerceError
from .own_folder import make_own_folder
from .store import OWN_FOLDER

RECORD = os.path.join(OWN_FOLDER, "stage.json")
_VERSION = 1


class StagedFile(NamedTuple):
    """One file that the switch changes. before, after: git blob ids of its content, None where there is no file."""

    path: str
    before: Optional[str]
    after: Optional[str]


class StageRecord(NamedTuple):
    """A finished build.

    tree: absolute path of the staged copy of the release, on the file system of the root. state: present or absent,
    what the patches are in it. files: what differs from live, paths relative to the root; generated/ is not in it.
    generated: the staged generated/ takes the place of live's. fingerprint: see fingerprint.py; what live was when it
    was built. seconds: by step of the build. actions: what was done, in words.
    """

    tree: str
    state: str
    patches: Tuple[str, ...]
    files: Tuple[StagedFile, ...]
    generated: bool
    fingerprint: Mapping[str, Any]
    seconds: Mapping[str, float]
    actions: Tuple[str, ...]


def write_record(root: str, record: StageRecord) -> None:
    """Leave the record of a build in the store at root: from now on there is something to switch to."""
    make_own_folder(root)
    path = os.path.join(root, RECORD)
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(dict(record._asdict(), version=_VERSION), file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".new", path)


def read_record(root: str) -> Optional[StageRecord]:
    """The record of the build for the store at root, None if there is none; CommerceError bad_stage_record."""
    path = os.path.join(root, RECORD)
    try:
        with open(path, encoding="utf-8") as file:
            held = json.load(file)
        if held.pop("version") != _VERSION:
            raise ValueError("it is of another version of this collection")
        held["files"] = tuple(StagedFile(*entry) for entry in held["files"])
        held["patches"], held["actions"] = tuple(held["patches"]), tuple(held["actions"])
        return StageRecord(**held)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CommerceError(
            "read what the build left",
            path,
            str(error),
            "Build again: storefleet.commerce.release_stage removes what it finds.",
            code="bad_stage_record",
        ) from error
