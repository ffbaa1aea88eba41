# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns the fleet report on for the playbooks beside it, without any ansible.cfg: Ansible loads what lies here.

The name of this file is the name by which Ansible finds the options of its DOCUMENTATION.
"""

from __future__ import annotations

from ansible_collections.storefleet.commerce.plugins.callback import fleet_report

DOCUMENTATION = fleet_report.DOCUMENTATION


class CallbackModule(fleet_report.CallbackModule):
    """The callback of the collection, which need not be enabled here."""

    CALLBACK_NEEDS_ENABLED = False
