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
  - A plan that was made for other patches or for another change is an error.
options:
  _input:
    description: The rollout as it is now, as P(storefleet.commerce.rollout_plan#filter) returns it.
    type: dict
    required: true
  plan:
    description: The content of a file that was written with P(storefleet.commerce.rollout_document#filter).
    type: raw
    required: true
  hosts:
    description: The C(fingerprint) and the C(strategy) of each host as they are now, by its name.
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
"""

EXAMPLES = r"""
- name: What was signed off is done, and nothing else
  ansible.builtin.set_fact:
    commerce_rollout: >-
      {{ commerce_rollout | storefleet.commerce.rollout_as_planned(plan, as_now, patches=['ACSD-61103']) }}
  run_once: true
  vars:
    plan: "{{ lookup('ansible.builtin.file', 'plan.json') }}"
    as_now:
      web1: {fingerprint: 4c1b0e6f1d2a4b6f9d1f0b7f3c9e8a52, strategy: staged}
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
    as_planned,
    require_same_change,
)
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.plan_file import parsed


def rollout_as_planned(rollout, plan, hosts, patches, change_id=None):
    """See DOCUMENTATION."""
    try:
        document = parsed(plan)
        require_same_change(document, patches, change_id)
        return as_planned(document, rollout, hosts)
    except CommerceError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """The filter of this file."""

    def filters(self):
        """By name."""
        return {"rollout_as_planned": rollout_as_planned}
