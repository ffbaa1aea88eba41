# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments by which an operator accepts what patches bring along, of all modules that bring patches."""

from __future__ import annotations

from typing import Any, Dict

from .patch_needs import CHOICES

# One source with doc_fragments/accepted.py; a unit test compares them.
ACCEPTED_ARGUMENTS: Dict[str, Dict[str, Any]] = {
    "accept_side_effects": {"type": "list", "elements": "str", "default": []},
    "accept_needs": {"type": "list", "elements": "str", "choices": list(CHOICES), "default": []},
}
