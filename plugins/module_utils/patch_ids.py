# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ids of patches, as the Quality Patches Tool lists them."""

from __future__ import annotations

import re
from typing import NamedTuple, Sequence, Tuple

from .errors import CommerceError


class Listed(NamedTuple):
    """What a list holds: ids in their order, each as often as it stands there; everything: all patches are wanted."""

    ids: Tuple[str, ...]
    everything: bool = False


def refuse_strange(ids: Sequence[str]) -> None:
    """Refuse what is no id of a patch, and could be taken for an option or a path: CommerceError bad_patch_id."""
    strange = [patch_id for patch_id in ids if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", patch_id)]
    if strange:
        raise CommerceError(
            "use a patch id",
            repr(strange[0]),
            "an id consists of letters, digits, dots, dashes and underscores",
            "Give ids as the tool's status lists them, such as ACSD-61103.",
            code="bad_patch_id",
        )
