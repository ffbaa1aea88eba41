# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A login in an address is never shown."""

from __future__ import annotations

import re


def without_login(text: str) -> str:
    """The text with user and password out of every address in it."""
    return re.sub(r"//[^/\s]*@", "//", text)
