# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of a report: each closed list of values stands here once, in the order in which it is shown."""

from __future__ import annotations

SCHEMA_VERSION = 1

STATUSES = ("compliant", "vulnerable", "not_applicable", "unknown", "waived", "needs_hands")
# The statuses of a store that nobody has to do anything about.
WELL = ("compliant", "not_applicable", "waived")
# The statuses that say by evidence that a store is not well.
BAD = ("vulnerable", "needs_hands")

# What a run knows of a host. not_selected: it was outside of --limit. not_started: the run did not come to it.
STATES = ("audited", "unreachable", "failed", "not_selected", "not_started")
# The states of a host that the run really tried to look at.
LOOKED_AT = ("audited", "unreachable", "failed")

# What became of a host in a run that changes stores. taken_out and not_taken_out are of a rollback. taken_back: the
# change did not do, and the store is as before. lost: nobody knows how the change ended.
OUTCOMES = (
    "nothing_to_do",
    "repaired",
    "taken_out",
    "would_change",
    "taken_back",
    "not_repaired",
    "not_taken_out",
    "needs_hands",
    "not_started",
    "lost",
)

# What became of a stage of a rollout. stopped: it had begun, and the rollout ended with it.
STAGE_STATES = ("done", "stopped", "not_started")
