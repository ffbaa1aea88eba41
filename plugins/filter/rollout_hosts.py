# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_hosts
short_description: What a rollout is planned from, out of the audits of a run
version_added: 0.1.0
author:
  - The storefleet.commerce authors (@storefleet)
description:
  - Says of every host what P(storefleet.commerce.rollout_plan#filter) has to know, by its variables and by what
    P(storefleet.commerce.audit#role) has registered for it.
  - A host is to be changed where it is vulnerable and a patch can be had, or where a killed run has left it in between.
    To take the patches out, where they are in its files.
positional: _input, names, selected
options:
  _input:
    description: The magic variable C(hostvars).
    type: dict
    required: true
  names:
    description: The hosts, in the order of the inventory.
    type: list
    elements: str
    required: true
  selected:
    description: Those of them that C(--limit) lets in.
    type: list
    elements: str
    required: true
  state:
    description: Whether the patches are to be in effect.
    type: str
    choices: [present, absent]
    default: present
"""

EXAMPLES = r"""
- name: The hosts are known
  ansible.builtin.debug:
    msg: "{{ hostvars | storefleet.commerce.rollout_hosts(groups['commerce'], ansible_play_hosts_all) }}"
"""

RETURN = r"""
_value:
  description: The hosts, as P(storefleet.commerce.rollout_plan#filter) takes them.
  type: list
  elements: dict
"""

from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.audited import PRESENT, hosts_to_plan


def rollout_hosts(hostvars, names, selected, state=PRESENT):
    """See DOCUMENTATION."""
    return hosts_to_plan(hostvars, names, selected, state)


class FilterModule:
    """The filter of this file."""

    def filters(self):
        """By name."""
        return {"rollout_hosts": rollout_hosts}
