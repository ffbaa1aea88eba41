# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which part of a fleet a run has in its inventory, where an audit is cut into slices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# A slice of which nobody knows the number, nor how many there are.
UNNUMBERED: dict[str, None] = {"number": None, "count": None}
_SLICE = re.compile(r"([1-9][0-9]*)/([1-9][0-9]*)")


def slice_of(text: Any) -> dict[str, int] | None:
    """The slice that an operator names, such as "2/4": one job of several that run side by side."""
    found = _SLICE.fullmatch(str(text))
    return {"number": int(found[1]), "count": int(found[2])} if found else None


def is_slice_of_platform(variables: Mapping[str, Any]) -> bool:
    """Whether Automation Platform runs this job as one slice of a template's.

    It tells a job neither its number nor the count. But it makes a workflow of the slices that bears the name of the
    job template (awx/main/models/jobs.py: create_unified_job), and gives each job both names.
    """
    for name in ("awx", "tower"):
        template = variables.get(f"{name}_job_template_name")
        if template and template == variables.get(f"{name}_workflow_job_name"):
            return True
    return False
