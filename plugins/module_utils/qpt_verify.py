# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Quality Patches Tool's `verify`, which newer releases have, says of some patches.

It ends with 0 where all of them are applied, with 1 where one is not, and with 2 or 1 and without a report where it
fails. Of a patch that neither fits nor is there it says "missing" too, with a note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, FrozenSet, List, Optional, Sequence

from .errors import CommerceError
from .printed_json import printed_values
from .qpt_output import command, read_answer

_NO_SUCH_COMMAND = re.compile(r'Command "verify" is not defined')
_STATUSES = {0: "PASS", 1: "FAIL"}


@dataclass(frozen=True)
class Verification:
    """Ids of the patches that are applied, and of those that could be and are not. The tool cannot tell of others."""

    applied: FrozenSet[str]
    missing: FrozenSet[str]

    def says(self, patch_id: str) -> Optional[bool]:
        """Whether the patch is applied; None where the tool cannot tell."""
        return True if patch_id in self.applied else False if patch_id in self.missing else None


NOTHING = Verification(frozenset(), frozenset())


def verify_command(php: Sequence[str], ids: Sequence[str]) -> List[str]:
    """The argv of a call about these patches."""
    return command(php, "verify", "--format=json", *("--patch-id={0}".format(patch_id) for patch_id in ids))


def read_verification(rc: int, out: str, err: str = "") -> Optional[Verification]:
    """Read what verify left; None where the tool has no such command. No report raises CommerceError tool_failed."""
    if _NO_SUCH_COMMAND.search(out + err):
        return None
    report = next((value for value in printed_values(out, "{") if "missing_patches" in value), None)
    try:
        if report is not None and report["status"] == _STATUSES.get(rc):
            missing = _entries(report["missing_patches"])
            return Verification(
                applied=frozenset(entry["id"] for entry in _entries(report["applied_patches"])),
                missing=frozenset(entry["id"] for entry in missing if not entry.get("note")),
            )
    except (KeyError, TypeError, AttributeError):
        pass
    refusal = read_answer(rc, out, err).refusal
    raise CommerceError(
        "verify patches with the Quality Patches Tool",
        "this store",
        refusal.words if refusal else "it gave no report that fits its exit status 0",
        "Run `php vendor/bin/magento-patches verify` by hand in the store's root.",
        code="tool_failed",
    )


def _entries(listed: Any) -> Sequence[Any]:
    # PHP writes an empty object as an empty list.
    return list(listed.values()) if isinstance(listed, dict) else listed
