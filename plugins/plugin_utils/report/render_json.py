# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as JSON, the form that everything else can be made of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

SUFFIX = ".json"


def render(report: Mapping[str, Any]) -> str:
    """The report as docs/fleet-report.schema.json describes it."""
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"
