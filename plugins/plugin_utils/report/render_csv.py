# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as CSV (RFC 4180), for a spreadsheet: a row for each host."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from .plain import one_line

SUFFIX = ".csv"

# Others read them by name and by place: a new one comes last.
COLUMNS = (
    "store",
    "host",
    "address",
    "root",
    "state",
    "status",
    "reason",
    "next_step",
    "before_status",
    "before_reason",
    "outcome",
    "version",
    "edition",
    "patch",
    "rest_files",
    "rest_behaviour",
    "graphql_files",
    "graphql_behaviour",
    "soap_files",
    "soap_behaviour",
    "stuck_counters",
    "locked_accounts",
    "stage",
    "changed",
    "actions",
    "audited",
    "waiver_reason",
    "waiver_expires",
    "known_status",
    "known_reason",
    "known_audited",
    "messages",
    "carrier",
)

# A spreadsheet takes a cell that begins so for a formula, and runs it; some do with the wide forms of these too.
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def render(report: Mapping[str, Any]) -> str:
    """The report as a table. known_*: what the last full report said of a host of which this one knows nothing."""
    lines = io.StringIO()
    writer = csv.DictWriter(lines, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for entry in report["stores"]:
        writer.writerow({column: _cell(value) for column, value in _row(entry).items()})
    return lines.getvalue()


def _row(entry):
    before, waiver, carried = (entry[key] or {} for key in ("before", "waiver", "carried"))
    evidence = entry["evidence"] or {}
    passive = evidence.get("passive") or {}
    row = {
        **{column: entry[column] for column in COLUMNS if column in entry},
        "host": entry["name"],
        "before_status": before.get("status"),
        "before_reason": before.get("reason"),
        "patch": evidence.get("patch", {}).get("files"),
        "stuck_counters": passive.get("stuck"),
        "locked_accounts": passive.get("locked"),
        "carrier": (entry["facts"] or {}).get("carrier"),
        "changed": "yes" if entry["changed"] else "no",
        "actions": "; ".join(entry["actions"]),
        "waiver_reason": waiver.get("reason"),
        "waiver_expires": waiver.get("expires"),
        "known_status": carried.get("status"),
        "known_reason": carried.get("reason"),
        "known_audited": carried.get("audited"),
        "messages": "; ".join(message["text"] for message in entry["messages"]),
    }
    for name, api in evidence.get("apis", {}).items():
        row[f"{name}_files"] = api["files"]
        row[f"{name}_behaviour"] = api["behaviour"]
    return row


def _cell(value):
    """The value, never a formula, and in one line: RFC 4180 allows others, but what reads them often does not."""
    text = "" if value is None else one_line(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
