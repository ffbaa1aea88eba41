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
  - The file is handed back to the filter P(storefleet.commerce.rollout_as_planned#filter).
options:
  _input:
    description: The rollout, as P(storefleet.commerce.rollout_plan#filter) returns it.
    type: dict
    required: true
  details:
    description:
      - What is known of each host, by its name, with any of C(fingerprint), C(strategy), C(files), C(commands),
        C(expected_seconds), C(reload), C(loses_requests) and C(clean).
      - What is not known is V(none) in the document.
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
      {{ commerce_rollout | storefleet.commerce.rollout_document(details, created=created, patches=['ACSD-61103']) }}
    details:
      web1: {fingerprint: 4c1b0e6f1d2a4b6f9d1f0b7f3c9e8a52, strategy: staged, expected_seconds: 90}
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
    scope:
      description: As O(scope).
      type: dict
    stages:
      description:
        - The stages, each with its C(number), its C(expected_seconds) and its C(stores).
        - A store has its name, C(store), and its C(hosts).
        - The expected seconds are V(none) where those of one of the hosts are not known.
      type: list
      elements: dict
    left_out:
      description: The hosts that are not changed, each with the reason in words.
      type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.plan_file import Occasion, plan_document


def rollout_document(rollout, details, created, patches, change_id=None, scope=None, forks=5):
    """See DOCUMENTATION."""
    try:
        return plan_document(rollout, details, Occasion(created, patches, change_id, scope), int(forks))
    except CommerceError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """The filter of this file."""

    def filters(self):
        """By name."""
        return {"rollout_document": rollout_document}
