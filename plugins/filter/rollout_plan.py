# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_plan
short_description: The stages of a rollout over many stores
version_added: 0.1.0
author:
  - The storefleet.commerce authors (@storefleet)
description:
  - Says in which order stores are changed, how many hosts are changed side by side, and which hosts are left out, and
    why.
  - The nodes of a store are neighbours in the order and never in two stages. A store that has a node marked as canary
    comes first. Else the order is that of the input.
  - A store is left out as a whole where none of its nodes needs a change, or where one of them could not be audited or
    is not selected.
options:
  _input:
    description: The hosts in the order of the inventory.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The host's name in the inventory.
        type: str
        required: true
      needs_change:
        description: Whether the host is to be changed. One that is makes its whole store one that is.
        type: bool
        required: true
      reachable:
        description: Whether its audit gave a result.
        type: bool
        required: true
      store:
        description: The store that the host is a node of. When not given, one of the host's own name.
        type: str
      canary:
        description: Whether the host's store is to be changed before those that are none.
        type: bool
        default: false
      selected:
        description: Whether the host is inside of C(--limit).
        type: bool
        default: true
      status:
        description: The host's verdict, which says why it is left out.
        type: str
      reason:
        description: The reason of the verdict, or why there is no result, V(unreachable) or another.
        type: str
      rest:
        description: Why the host needs no change, in words. When not given, its verdict tells.
        type: str
      settings:
        description:
          - Variables that all nodes of a store must have alike, with their values.
          - Nothing secret, as errors show them.
        type: dict
        default: {}
      run_settings:
        description:
          - Variables that all hosts must have alike, with their values.
          - Nothing secret, as errors show them.
        type: dict
        default: {}
  batches:
    description:
      - What each stage reaches together with those before it, as a number of stores or as a share of the planned ones,
        such as V(10%). A part of a store counts as a whole one.
      - Numbers and shares have to grow, and the last has to be V(100%). One that reaches no store more than the one
        before it makes no stage.
      - A text with commas is taken as a list.
    type: list
    elements: raw
    default: [1, 10%, 50%, 100%]
  require_all:
    description: Whether a selected host without a result is an error.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: The stages are known
  ansible.builtin.debug:
    msg: "{{ fleet | storefleet.commerce.rollout_plan(batches=[1, '50%', '100%']) }}"
  vars:
    fleet:
      - {name: web1, store: shop, needs_change: true, reachable: true, status: vulnerable, reason: unpatched}
      - {name: web2, store: shop, needs_change: true, reachable: true, status: vulnerable, reason: unpatched}
      - {name: blog, needs_change: false, reachable: true, status: compliant, reason: patched}
      - {name: test, needs_change: true, reachable: true, status: vulnerable, reason: unpatched, canary: true}
# order: [test, web1, web2], serial: [1, 2], left_out: {blog: "it needs nothing: compliant (patched)"}
"""

RETURN = r"""
_value:
  description: The rollout. Every host of the input is either in C(order) or in C(left_out).
  type: dict
  contains:
    order:
      description: The hosts in the order in which they are changed, as a play's C(hosts) takes it.
      type: list
      elements: str
    serial:
      description: How many of them each stage has, as a play's C(serial) takes it.
      type: list
      elements: int
    stages:
      description: The stages, each with its C(number) from 1, its C(stores) and its C(hosts).
      type: list
      elements: dict
    nodes:
      description: The hosts of each store that is changed.
      type: dict
    left_out:
      description: The hosts that are not changed, each with the reason in words.
      type: dict
"""

from ansible.errors import AnsibleFilterError
from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.batches import DEFAULT
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.plan import plan_rollout


def rollout_plan(hosts, batches=DEFAULT, require_all=False):
    """See DOCUMENTATION."""
    try:
        return plan_rollout(hosts, batches, boolean(require_all))
    except CommerceError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """The filter of this file."""

    def filters(self):
        """By name."""
        return {"rollout_plan": rollout_plan}
