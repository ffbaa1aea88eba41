# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_earlier
short_description: Who looks again at the stores of earlier stages of a rollout
version_added: 0.1.0
author:
  - The storefleet.commerce authors (@storefleet)
description:
  - Spreads the hosts of the earlier stages over the hosts of the stage that is about to start, so that the audits of
    the former, delegated by the latter, go side by side.
  - Hosts that are lost already are not among them.
positional: _input, hostvars, hosts, playing
options:
  _input:
    description: The rollout, as P(storefleet.commerce.rollout_plan#filter) returns it.
    type: dict
    required: true
  hostvars:
    description: The magic variable C(hostvars).
    type: dict
    required: true
  hosts:
    description: The hosts of the stage that is about to start, the magic variable C(ansible_play_batch).
    type: list
    elements: str
    required: true
  playing:
    description: The hosts that Ansible still has, the magic variable C(ansible_play_hosts).
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Who looks at whom is known
  ansible.builtin.debug:
    msg: "{{ rollout | storefleet.commerce.rollout_earlier(hostvars, ansible_play_batch, ansible_play_hosts) }}"
  vars:
    rollout:
      stages:
        - {number: 1, stores: [shop], hosts: [web1, web2]}
        - {number: 2, stores: [blog], hosts: [blog]}
"""

RETURN = r"""
_value:
  description: By each of the hosts, a list of hosts of earlier stages.
  type: dict
  sample: {blog: [web1, web2]}
"""

from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.earlier import shares_of


def rollout_earlier(rollout, hostvars, hosts, playing):
    """See DOCUMENTATION."""
    return shares_of(rollout, hostvars, hosts, playing)


class FilterModule:
    """The filter of this file."""

    def filters(self):
        """By name."""
        return {"rollout_earlier": rollout_earlier}
