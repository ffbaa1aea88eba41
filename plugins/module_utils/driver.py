# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""PyMySQL for modules that talk to the database only: the host's own, or what an action plugin took along."""

from __future__ import annotations

import sys
from typing import Any, Dict, Optional

from . import database
from .errors import MissingLibrary

# Set by the action plugins only. _wheels: a zip on the host with what it lacks. _no_wheels: why there is none.
# One source with doc_fragments/wheels.py; a unit test compares them.
WHEELS_ARGUMENTS: Dict[str, Dict[str, Any]] = {
    "_wheels": {"type": "path"},
    "_no_wheels": {"type": "str"},
}


def driver_or_fail(module: Any, required: bool = True) -> Optional[str]:
    """Import PyMySQL now, or end the module with code missing_library, on which its action plugin acts.

    A process that gave up root cannot import from root's temporary folders later. Returns None; where it is not
    required and cannot be had, why.
    """
    hindrance = module.params["_no_wheels"]
    if hindrance and not required:
        return hindrance
    if module.params["_wheels"]:
        sys.path.append(module.params["_wheels"])
    try:
        database.load()
    except MissingLibrary as error:
        module.fail_json(msg=hindrance or str(error), code=error.code, next_step=hindrance or error.next_step)
    return None
