# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which caches of a store hold something of the files that a switch changes."""

from __future__ import annotations

from typing import Iterable, Tuple

from .caches import TYPES
from .patch_needs import needs_of
from .stage_record import StagedFile
from .switch_order import CODE, files_of


def caches_of(files: Iterable[StagedFile]) -> Tuple[str, ...]:
    """The cache types that hold something of them."""
    return needs_of(file.path for file in files).caches


def caches_of_code(files: Iterable[StagedFile]) -> Tuple[str, ...]:
    """Those that hold something of the files of the step of the code, but for those that are cleaned in any case."""
    return tuple(name for name in caches_of(files_of(CODE, files)) if name not in TYPES)
