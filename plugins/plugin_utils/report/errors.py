# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong with a report, said in the way of the core's errors."""

from __future__ import annotations

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError


class ReportError(CommerceError):
    """A report could not be read, merged or written."""
