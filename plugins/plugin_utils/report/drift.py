# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is another way than in the last full report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .baseline import entries_by_name, last_known
from .terms import BAD

_KINDS = ("gained", "lost", "recovered", "changed", "new", "gone")


def drift_of(report: Mapping[str, Any], baseline: Mapping[str, Any] | None) -> dict[str, Any]:
    """The names of the hosts that differ, by kind.

    gained: compliant, and was not when it was last known. lost: was compliant, and is not, by evidence. recovered: had
    been lost when the run came, which repaired it. changed: says something else in another way. new and gone: in one of
    the two reports only. same: how many are as they were. was: what the baseline said of each of them but the new ones.

    A host that this run did not look at, or not at its behaviour, is not compared. What the run took out itself is not
    lost. Where the report is of another fleet, or of a slice of one, nothing is gone.
    """
    found: dict[str, list[str]] = {kind: [] for kind in _KINDS}
    was: dict[str, dict[str, Any]] = {}
    same = 0
    old, new = entries_by_name(baseline), entries_by_name(report)
    for name, entry in new.items() if baseline else ():
        if name not in old:
            found["new"].append(name)
        elif entry["reason"] != "not_run":
            kind = _kind(entry, old[name])
            if kind is None:
                same += 1
            else:
                found[kind].append(name)
                was[name] = _verdict(old[name])
    if baseline and report["scope"]["pattern"] == baseline["scope"]["pattern"] and not report["scope"]["slice"]:
        for name in old.keys() - new.keys():
            found["gone"].append(name)
            was[name] = _verdict(old[name])
    return {
        "baseline": {"run": baseline["run"]["id"], "ended": baseline["run"]["ended"]} if baseline else None,
        **{kind: sorted(names) for kind, names in found.items()},
        "same": same,
        "was": dict(sorted(was.items())),
    }


def _kind(entry, old):
    known = last_known(old) or {}
    if entry["status"] == "compliant" and known.get("status") != "compliant":
        return "gained"
    if entry["status"] in BAD and known.get("status") == "compliant" and entry["outcome"] != "taken_out":
        return "lost"
    if entry["status"] == "compliant" and (entry["before"] or {}).get("status") in BAD:
        return "recovered"
    return "changed" if _verdict(entry) != _verdict(old) else None


def _verdict(entry):
    """The verdict of an entry; what was known before, where it comes from a run that did not look."""
    known = entry["carried"] if entry["reason"] == "not_run" else None
    return {key: (known or entry)[key] for key in ("status", "reason")}
