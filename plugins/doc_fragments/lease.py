# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The option by which a run of ansible-playbook says who it is."""

    DOCUMENTATION = r"""
options:
  _holder:
    description: Set by the collection itself. The run of C(ansible-playbook) that the module is called by.
    type: dict
"""
