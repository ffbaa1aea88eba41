# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of the fleet several reports are about together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def merged_scope(
    scopes: Sequence[Mapping[str, Any]], check: bool, whole: bool, complete: bool = False
) -> dict[str, Any]:
    """The scope of a merged report.

    whole: whether there is no host that all of them left out, so that their limits limit nothing together. complete:
    whether an inventory says that no host of the fleet is missing, so that no slice is.
    """
    limits = [scope["limit"] for scope in scopes]
    tags = [scope["tags"] for scope in scopes]
    return {
        "pattern": _joined(scope["pattern"] for scope in scopes),
        "limit": None if whole or None in limits else _joined(limits),
        "check": check,
        "slice": None if complete else _missing([scope["slice"] for scope in scopes if scope["slice"]]),
        "tags": None if None in tags else sorted({tag for several in tags for tag in several}),
    }


def _joined(patterns: Iterable[str]) -> str:
    """Patterns of hosts as one: Ansible separates them by commas, and their order makes no difference."""
    return ",".join(sorted({part.strip() for pattern in patterns for part in pattern.split(",")}))


def _missing(slices):
    """The slices that there are, where others are missing; None where they are all there."""
    if any(cut["count"] is None for cut in slices):
        return {"numbers": [], "count": None}
    numbers: dict[int, set[int]] = {}
    for cut in slices:
        numbers.setdefault(cut["count"], set()).update(cut["numbers"])
    for count, there in sorted(numbers.items()):
        if there != set(range(1, count + 1)):
            return {"numbers": sorted(there), "count": count}
    return None
