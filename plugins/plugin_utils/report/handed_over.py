# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as text that fits into a variable: the jobs of a workflow share no files, but hand on their artifacts."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from typing import Any

from .errors import ReportError


def packed(report: Mapping[str, Any]) -> str:
    """The report in letters and digits: nothing that a template or YAML could take for something else."""
    return base64.b64encode(zlib.compress(json.dumps(report, sort_keys=True).encode(), 9)).decode()


def unpacked(text: str) -> dict[str, Any]:
    """The report that was packed. ReportError for any other text."""
    try:
        report = json.loads(zlib.decompress(base64.b64decode(text, validate=True)))
    except (binascii.Error, ValueError, zlib.error) as error:
        raise _unreadable(text, str(error)) from error
    if not isinstance(report, dict) or "schema_version" not in report:
        raise _unreadable(text, "it is no report of the fleet")
    return report


def _unreadable(text, came_back):
    what = f"the text {text[:20]}…"
    return ReportError(
        "unpack a report", what, came_back, "Hand over the artifact as the job of the audit has made it.", "bad_report"
    )
