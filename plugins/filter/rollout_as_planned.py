# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_as_planned
short_description: A rollout held against a plan that was signed off
version_added: 0.1.0
author:
  - The storefleet.commerce authors (@storefleet)
description:
  - Gives a rollout the stages of a plan, and leaves out the stores that are not what the plan says.
  - That is a store that the plan does not have or left out, that has other nodes, another release or another strategy
    than when the plan was made.
  - A store of the plan that needs nothing any more is no matter. A run that was stopped goes on with the same plan.
  - A plan that was made for other patches, for another change or for another playbook is an error.
positional: _input, plan, hostvars, patches
options:
  _input:
    description: The rollout as it is now, as P(storefleet.commerce.rollout_plan#filter) returns it.
    type: dict
    required: true
  plan:
    description: The content of a file that was written with P(storefleet.commerce.rollout_document#filter).
    type: raw
    required: true
  hostvars:
    description: The magic variable C(hostvars). Of a host's variables, C(audit_result) is its audit.
    type: dict
    required: true
  patches:
    description: The patches that this run is about.
    type: list
    elements: str
    required: true
  change_id:
    description: The ticket of this run.
    type: str
  state:
    description: Whether this run is to have the patches present or absent.
    type: str
    choices: [present, absent]
    default: present
"""

EXAMPLES = r"""
- name: What was signed off is done, and nothing else
  ansible.builtin.set_fact:
    commerce_rollout: >-
      {{ commerce_rollout | storefleet.commerce.rollout_as_planned(plan, hostvars, ['ACSD-61103']) }}
  run_once: true
  vars:
    plan: "{{ lookup('ansible.builtin.file', 'plan.json') }}"
"""

RETURN = r"""
_value:
  description: The rollout, as of P(storefleet.commerce.rollout_plan#filter), and which stores are refused.
  type: dict
  contains:
    order:
      description: The hosts in the order in which they are changed.
      type: list
      elements: str
    serial:
      description: How many of them each stage has.
      type: list
      elements: int
    stages:
      description: The plan's stages as far as there is something to do, numbered from 1.
      type: list
      elements: dict
    nodes:
      description: The hosts of each store that is changed.
      type: dict
    left_out:
      description: The hosts that are not changed, each with the reason in words.
      type: dict
    refused:
      description: The stores that need a change that the plan does not allow, each with the reason in words.
      type: dict
      sample: {shop: web1 has another release than when the plan was made}
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.as_planned import (
    Wanted,
    as_planned,
    require_same_change,
)
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.audited import PRESENT
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.plan_file import parsed
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.predicted import details_of


def rollout_as_planned(rollout, plan, hostvars, patches, change_id=None, state=PRESENT):
    """See DOCUMENTATION."""
    try:
        document = parsed(plan)
        require_same_change(document, Wanted(patches, change_id, state))
        return as_planned(document, rollout, details_of(rollout, hostvars))
    except CommerceError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """The filter of this file."""

    def filters(self):
        """By name."""
        return {"rollout_as_planned": rollout_as_planned}
