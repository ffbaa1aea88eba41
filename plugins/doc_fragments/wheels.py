# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options by which the collection takes Python libraries along."""

    DOCUMENTATION = r"""
options:
  _wheels:
    description: Set by the collection itself. A file on the host with Python libraries that it lacks.
    type: path
  _no_wheels:
    description: Set by the collection itself. What to tell where there are no such libraries to take along.
    type: str
"""
