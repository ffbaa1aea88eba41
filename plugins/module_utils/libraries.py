# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PyMySQL and requests: the host's own, or those that an action plugin took along."""

from __future__ import annotations

import importlib.util
import os
import sys
import zipfile
from typing import Any, Callable, Dict

from .errors import MissingLibrary

# Set by the action plugins only. _wheels: a zip on the host with what it lacks. _no_wheels: why there is none.
# One source with doc_fragments/wheels.py; a unit test compares them.
WHEELS_ARGUMENTS: Dict[str, Dict[str, Any]] = {
    "_wheels": {"type": "path"},
    "_no_wheels": {"type": "str"},
}


def find_or_fail(module: Any, *names: str) -> None:
    """End the module with code missing_library where the host has no library of one of these names.

    To be asked before the files that use them are imported: the module will be run again with what the host lacks, and
    then it passes.
    """
    for name in names if not module.params["_wheels"] else ():
        if importlib.util.find_spec(name.lower()) is None:
            _fail(module, MissingLibrary(name, sys.executable))


def load_or_fail(module: Any, *loaders: Callable[[], Any]) -> None:
    """Import libraries now (database.load, http_node.load), or end the module with code missing_library.

    On that code its action plugin acts. Now: a process that gave up root cannot import from root's temporary folders
    later. What the host has is used first.
    """
    if module.params["_wheels"]:
        sys.path.append(_unpacked(module.params["_wheels"]))
    try:
        for load in loaders:
            load()
    except MissingLibrary as error:
        _fail(module, error)


def _unpacked(wheels: str) -> str:
    """A folder beside the zip with what is in it; the zip itself where this user may not write in that folder.

    Python compiles twice what it imports from a zip.
    """
    if not os.access(os.path.dirname(wheels), os.W_OK):
        return wheels
    folder = os.path.splitext(wheels)[0]
    with zipfile.ZipFile(wheels) as file:
        file.extractall(folder)
    return folder


def _fail(module, error) -> None:
    module.fail_json(
        msg=module.params["_no_wheels"] or str(error),
        code=error.code,
        next_step=module.params["_no_wheels"] or error.next_step,
    )
