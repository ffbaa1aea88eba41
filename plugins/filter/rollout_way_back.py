# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_way_back
short_description: Which stores a rollout that stopped takes back
version_added: 0.1.0
author:
  - The storefleet.commerce authors (@storefleet)
description:
  - The hosts of the stores that this run has repaired and that are well, where the rollout has lost too much or was
    refused. A window that closed is no reason to take anything back.
  - A store that had the patch before the run is left as it is, and one that is lost itself too.
positional: _input, hostvars, playing, kind
options:
  _input:
    description: The rollout, as P(storefleet.commerce.rollout_plan#filter) returns it.
    type: dict
    required: true
  hostvars:
    description:
      - The magic variable C(hostvars). Of a host's variables, C(audit_result) is its last audit, C(remediate_reached)
        the last step of its repair, and C(commerce_rollout_before) where the patch stood in its files before that.
    type: dict
    required: true
  playing:
    description: The hosts that Ansible still has, the magic variable C(ansible_play_hosts).
    type: list
    elements: str
    required: true
  kind:
    description: Why the rollout stopped, as P(storefleet.commerce.rollout_stop#filter) says.
    type: str
    required: true
  well:
    description: The statuses of a store that was repaired.
    type: list
    elements: str
    default: [compliant, not_applicable, waived]
"""

EXAMPLES = r"""
- name: What would be taken back is known
  ansible.builtin.debug:
    msg: "{{ rollout | storefleet.commerce.rollout_way_back(hostvars, ansible_play_hosts, 'lost') }}"
  vars:
    rollout:
      nodes: {shop: [web1, web2]}
"""

RETURN = r"""
_value:
  description: Both keys are always there.
  type: dict
  contains:
    hosts:
      description: The hosts that are taken back, those of one store together.
      type: list
      elements: str
    left:
      description: Why hosts that were repaired too are not taken back, by host.
      type: dict
      sample: {web7: it had the patch before this run}
"""

from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.plan import WELL
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.way_back import way_back


def rollout_way_back(rollout, hostvars, playing, kind, well=WELL):
    """See DOCUMENTATION."""
    return way_back(rollout, hostvars, playing, well, kind)


class FilterModule:
    """The filter of this file."""

    def filters(self):
        """By name."""
        return {"rollout_way_back": rollout_way_back}
