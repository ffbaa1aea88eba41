# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_strategy
short_description: How a store is changed
version_added: 0.1.0
author:
  - The storefleet.commerce authors (@storefleet)
description:
  - Says whether a store is changed beside its live release or in place, where that is not said for it.
positional: _input, audits, nodes
options:
  _input:
    description: The variable C(commerce_strategy).
    type: str
    choices: [auto, staged, in_place]
    required: true
  audits:
    description: The C(audit) of each of the store's nodes that could be audited.
    type: list
    elements: dict
    required: true
  nodes:
    description: How many nodes the store has.
    type: int
    required: true
  state:
    description: Whether the patches are to come or to go.
    type: str
    choices: [present, absent]
    default: present
  tool:
    description: The variable C(commerce_tool).
    type: str
    choices: [as_is, install]
    default: as_is
  repair_partial:
    description: The variable C(commerce_repair_partial).
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: It is known how the store is changed
  ansible.builtin.debug:
    msg: "{{ 'auto' | storefleet.commerce.rollout_strategy([audit_result.audit], 1) }}"
"""

RETURN = r"""
_value:
  description:
    - V(staged) where dependency injection is compiled, there are several nodes, Composer has something to do, or a
      switch has kept the release without the patches; else V(in_place).
  type: str
"""

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.strategy import strategy_of


def rollout_strategy(wanted, audits, nodes, state="present", tool="as_is", repair_partial=False):
    """See DOCUMENTATION."""
    return strategy_of(wanted, audits, int(nodes), state, tool, boolean(repair_partial))


class FilterModule:
    """The filter of this file."""

    def filters(self):
        """By name."""
        return {"rollout_strategy": rollout_strategy}
