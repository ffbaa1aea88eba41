# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: waiver
short_description: The waiver of one host, out of those of the whole inventory
version_added: 0.1.0
author:
  - The storefleet.commerce authors (@storefleet)
description:
  - Finds the waiver that bears a host's name, or else the name of its store. Of several it is the one that ends last.
  - Its result is what M(storefleet.commerce.commerce_audit) takes as its option C(waiver).
positional: _input, host, store
options:
  _input:
    description: The waivers, each with C(host), C(reason) and C(expires).
    type: list
    elements: dict
    required: true
  host:
    description: The host's name in the inventory.
    type: str
    required: true
  store:
    description: The name of the store that the host is a node of.
    type: str
  in_force:
    description: Whether one counts as none that has expired by the day of the run, which is the control node's.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: The store is audited, with its waiver if it has one
  storefleet.commerce.commerce_audit:
    root: /var/www/store
    waiver: "{{ commerce_waivers | storefleet.commerce.waiver(inventory_hostname) | default(omit, true) }}"
  vars:
    commerce_waivers:
      - host: web1
        reason: The store is closed for good in January.
        expires: "2027-01-31"
"""

RETURN = r"""
_value:
  description: The waiver's C(reason) and C(expires). V(none) where the host has none.
  type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.plugin_utils.run_day import day_of_run
from ansible_collections.storefleet.commerce.plugins.plugin_utils.waivers import waiver_for


def waiver(waivers, host, store=None, in_force=False):
    """See DOCUMENTATION."""
    try:
        found = waiver_for(waivers, host, store, day_of_run())
    except CommerceError as error:
        raise AnsibleFilterError(str(error)) from error
    if found is None or (in_force and found.expired):
        return None
    return {"reason": found.reason, "expires": found.expires}


class FilterModule:
    """The filter of this file."""

    def filters(self):
        """By name."""
        return {"waiver": waiver}
