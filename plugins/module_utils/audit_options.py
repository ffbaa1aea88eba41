# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the module commerce_audit, and what they ask of each other. The control node looks at them, too."""

from __future__ import annotations

from typing import Any, Dict

from .advisory import ADVISORIES
from .arguments import STORE_ARGUMENTS
from .carrier import AUTO, CARRIERS
from .libraries import WHEELS_ARGUMENTS
from .probe_options import FORMS, PROBE_ARGUMENTS, PROBE_REQUIRED, PROBE_TOGETHER

SKIP = "skip"
# _today is set by the action plugin only: the host's own clock does not count.
WAIVER_ARGUMENTS: Dict[str, Dict[str, Any]] = {
    "waiver": {
        "type": "dict",
        "options": {"reason": {"type": "str", "required": True}, "expires": {"type": "str", "required": True}},
    },
    "_today": {"type": "str"},
}
# As AnsibleModule takes them, by keyword.
AUDIT_OPTIONS: Dict[str, Any] = {
    "argument_spec": dict(
        STORE_ARGUMENTS,
        **PROBE_ARGUMENTS,
        **WHEELS_ARGUMENTS,
        **WAIVER_ARGUMENTS,
        patches={"type": "list", "elements": "str", "default": sorted(ADVISORIES)},
        probe={"type": "str", "choices": [*FORMS, SKIP], "default": FORMS[0]},
        verify_with_tool={"type": "bool", "default": False},
        carrier={"type": "str", "choices": list(CARRIERS), "default": AUTO},
    ),
    "required_if": PROBE_REQUIRED,
    "required_together": PROBE_TOGETHER,
    "required_by": {"waiver": "_today"},
}
