# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_document
short_description: A rollout as a document to be signed off
version_added: 0.1.0
author:
  - The storefleet.commerce authors (@storefleet)
description:
  - Makes of a rollout what is written to a file, stage by stage and store by store, with what is known of each host.
  - Is to be called after P(storefleet.commerce.remediate#role) has said in check mode how it would change the hosts. A
    store of which a host cannot be changed is left out of the document.
  - The file is handed back to the filter P(storefleet.commerce.rollout_as_planned#filter).
options:
  _input:
    description: The rollout, as P(storefleet.commerce.rollout_plan#filter) returns it.
    type: dict
    required: true
  hostvars:
    description:
      - The magic variable C(hostvars). Of a host's variables, C(audit_result) is its audit, C(remediate_stage) or
        C(remediate_live) what the role has said in check mode, and C(commerce_rollout_failure) why it cannot be
        changed.
    type: dict
    required: true
  created:
    description: When the plan was made, in UTC, as C(2026-11-23T21:40:05Z).
    type: str
    required: true
  patches:
    description: The patches that it is about.
    type: list
    elements: str
    required: true
  change_id:
    description: The ticket of the change.
    type: str
  scope:
    description: What the run was about, such as its C(pattern) and C(limit).
    type: dict
    default: {}
  state:
    description: Whether the patches are to be present or absent.
    type: str
    choices: [present, absent]
    default: present
  expected_seconds:
    description: How long the change of each host is expected to take, by its name, as far as that is known.
    type: dict
    default: {}
  forks:
    description: How many hosts are worked on side by side, for the expected seconds of a stage.
    type: int
    default: 5
"""

EXAMPLES = r"""
- name: The plan is in a file
  ansible.builtin.copy:
    dest: plan.json
    content: "{{ document | to_nice_json(indent=2, sort_keys=false) }}"
    mode: "0644"
  delegate_to: localhost
  run_once: true
  vars:
    created: "{{ now(utc=true).strftime('%Y-%m-%dT%H:%M:%SZ') }}"
    document: >-
      {{ commerce_rollout | storefleet.commerce.rollout_document(hostvars, created=created, patches=['ACSD-61103']) }}
"""

RETURN = r"""
_value:
  description: The document. Equal input gives an equal one.
  type: dict
  contains:
    schema_version:
      description: The number of the document's form.
      type: int
    created:
      description: As O(created).
      type: str
    change_id:
      description: As O(change_id).
      type: str
    patches:
      description: As O(patches).
      type: list
      elements: str
    state:
      description: As O(state).
      type: str
    scope:
      description: As O(scope).
      type: dict
    stages:
      description:
        - The stages, each with its C(number), its C(expected_seconds) and its C(stores).
        - A store has its name, C(store), and its C(hosts). Of a host there are its C(name), C(fingerprint),
          C(strategy), C(files), C(commands), C(expected_seconds), C(reload), C(loses_requests) and C(clean). What is
          not known is V(none).
        - The expected seconds are V(none) where those of one of the hosts are not known.
      type: list
      elements: dict
    left_out:
      description: The hosts that are not changed, each with the reason in words.
      type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.audited import PRESENT
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.plan_file import Occasion, plan_document
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.predicted import details_of, feasible


def rollout_document(rollout, hostvars, created, patches, **options):
    """See DOCUMENTATION; options are those that need not be given."""
    occasion = Occasion(created, patches, options.get("change_id"), options.get("scope"), options.get("state", PRESENT))
    possible = feasible(rollout, hostvars)
    seconds = options.get("expected_seconds") or {}
    details = {
        name: {**detail, "expected_seconds": seconds.get(name)}
        for name, detail in details_of(possible, hostvars).items()
    }
    try:
        return plan_document(possible, details, occasion, int(options.get("forks", 5)))
    except CommerceError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """The filter of this file."""

    def filters(self):
        """By name."""
        return {"rollout_document": rollout_document}
