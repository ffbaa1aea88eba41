# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_leftovers
short_description: The hosts on which an earlier run has left something
version_added: 0.1.0
author:
  - The storefleet.commerce authors (@storefleet)
description:
  - Those hosts of which P(storefleet.commerce.audit#role) has found that a lease or files of before a change are there.
positional: _input, names
options:
  _input:
    description: The magic variable C(hostvars).
    type: dict
    required: true
  names:
    description: The hosts to look at.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: The hosts are known
  ansible.builtin.debug:
    msg: "{{ hostvars | storefleet.commerce.rollout_leftovers(ansible_play_hosts_all) }}"
"""

RETURN = r"""
_value:
  description: Their names, in the order of O(names).
  type: list
  elements: str
"""

from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.audited import hosts_with_leftovers


def rollout_leftovers(hostvars, names):
    """See DOCUMENTATION."""
    return hosts_with_leftovers(hostvars, names)


class FilterModule:
    """The filter of this file."""

    def filters(self):
        """By name."""
        return {"rollout_leftovers": rollout_leftovers}
