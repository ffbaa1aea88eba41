# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The states that the store roots of a generated fleet are in, and what an audit of files has to say of each.

Written down by hand from docs/verdicts.md, with nothing of the collection's own code: where both agree, both are right.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

OLDER = ("2.4.4", "2.4.4-p2", "2.4.4-p13", "2.4.5", "2.4.5-p1", "2.4.5-p8", "2.4.5-p14")
PATCHABLE = ("2.4.6", "2.4.6-p1", "2.4.6-p3", "2.4.6-p8", "2.4.6-p10")
NEWER = ("2.4.7", "2.4.7-p1", "2.4.7-p5")
UPSTREAM = ("2.4.8", "2.4.8-p1")
EDITIONS = ("community", "enterprise", "b2b", "cloud")

# What is done to the files of a store that has the defect: see store_files.py.
PLAIN, APPLIED, HALF_APPLIED, CHANGED, DEFEATED, MITIGATED, SLIM = (
    "plain",
    "applied",
    "half applied",
    "changed",
    "defeated",
    "mitigated",
    "slim",
)
BROKEN_SETTINGS, GONE = "broken settings", "gone"
CURRENT_TOOL, OLD_TOOL, NO_TOOL = "1.1.82", "1.1.53", None
IN_FORCE, ENDED = "2999-12-31", "2020-01-31"


class State(NamedTuple):
    """A state, and what is expected of an audit with `probe: skip`.

    share: stores in this state of each 50. files: one of the above. tool: release of the Quality Patches Tool.
    patch and apis (rest, graphql, soap): what the files say of the patch and of each API; None where nobody can tell.
    waiver: until when the store is waived. away: nobody answers where the host should be.
    """

    name: str
    share: int
    versions: Sequence[str]
    status: str
    reason: str
    patch: str | None
    apis: tuple[str, str, str] | None
    files: str = PLAIN
    tool: str | None = CURRENT_TOOL
    waiver: str | None = None
    away: bool = False

    @property
    def needs_change(self) -> bool:
        """Whether a rollout would do something about it."""
        return self.status == "vulnerable" and self.reason != "no_vendor_patch"


_UNPATCHED = ("unpatched",) * 3
_PATCHED = ("patched",) * 3
_UNKNOWN = ("unknown",) * 3

# A probe that is skipped proves nothing: what has the patch, or a version with the fix, is unknown and not compliant.
STATES = (
    State("unpatched", 12, PATCHABLE, "vulnerable", "unpatched", "not_applied", _UNPATCHED),
    State("patched", 12, PATCHABLE, "unknown", "not_run", "applied", _PATCHED, APPLIED),
    State("partial", 2, PATCHABLE, "vulnerable", "partial", "partial", ("partial",) * 3, HALF_APPLIED),
    State("conflict", 2, PATCHABLE, "vulnerable", "conflict", "conflict", _UNPATCHED, CHANGED),
    State(
        "defeated",
        1,
        PATCHABLE,
        "vulnerable",
        "not_effective",
        "applied",
        ("unpatched", "patched", "patched"),
        DEFEATED,
    ),
    State("mitigated", 1, PATCHABLE, "unknown", "not_run", "not_applied", ("mitigated",) * 3, MITIGATED),
    State("slim", 1, PATCHABLE, "vulnerable", "conflict", "conflict", ("unpatched", "absent", "unpatched"), SLIM),
    State("no tool", 2, PATCHABLE, "vulnerable", "unpatched", "tool_missing", _UNPATCHED, tool=NO_TOOL),
    State("old tool", 2, PATCHABLE, "vulnerable", "unpatched", "tool_too_old", _UNPATCHED, tool=OLD_TOOL),
    State("older", 3, OLDER, "vulnerable", "no_vendor_patch", "not_available", _UNPATCHED),
    State("newer", 2, NEWER, "vulnerable", "no_vendor_patch", "not_available", _UNPATCHED),
    State("newer, fixed", 1, NEWER, "unknown", "not_run", "not_available", _PATCHED, APPLIED),
    State("fixed upstream", 4, UPSTREAM, "unknown", "not_run", "not_available", _PATCHED, APPLIED),
    State("waived", 1, PATCHABLE, "waived", "unpatched", "not_applied", _UNPATCHED, waiver=IN_FORCE),
    State("no more waived", 1, PATCHABLE, "vulnerable", "unpatched", "not_applied", _UNPATCHED, waiver=ENDED),
    State("broken settings", 1, PATCHABLE, "unknown", "tool_failed", "not_applied", _UNKNOWN, BROKEN_SETTINGS),
    State("gone", 1, PATCHABLE, "unknown", "tool_failed", "unknown", _UNKNOWN, GONE),
    State("unreachable", 1, PATCHABLE, "unknown", "unreachable", None, None, away=True),
)
# Those in which a rollout leaves a store alone.
QUIET_STATES = tuple(state for state in STATES if not state.needs_change)
