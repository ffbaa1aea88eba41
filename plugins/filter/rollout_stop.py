# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_stop
short_description: Whether a rollout goes on, and why not
version_added: 0.1.0
author:
  - The storefleet.commerce authors (@storefleet)
description:
  - Counts the stores of the stages before that are lost, and compares them with what may be lost. A store is lost where
    the stage failed on one of its hosts, where Ansible has lost one, or where one is not well by its last audit.
  - A stage that lost all of its stores is the last one, whatever may be lost.
  - Without a loss, says whether the window for switches is closed or too short for the stage, and then whether the
    stage was refused.
  - Without O(hosts), says whether the rollout has lost too much at its end, or what has stopped it before.
positional: _input, hostvars, hosts, playing
options:
  _input:
    description: The rollout, as P(storefleet.commerce.rollout_plan#filter) returns it.
    type: dict
    required: true
  hostvars:
    description:
      - The magic variable C(hostvars). Of a host's variables, C(audit_result) is its last audit, and
        C(commerce_rollout_failure) says why its stage has failed.
    type: dict
    required: true
  hosts:
    description:
      - The hosts of the stage that is about to start, the magic variable C(ansible_play_batch).
      - None of them after the last stage.
    type: list
    elements: str
    required: true
  playing:
    description: The hosts that Ansible still has, the magic variable C(ansible_play_hosts).
    type: list
    elements: str
    required: true
  max_lost:
    description: How many stores may be lost.
    type: int
    default: 0
  well:
    description: The statuses that a store may have after its stage. All where it is empty, as check mode needs it.
    type: list
    elements: str
    default: [compliant, not_applicable, waived]
  window:
    description: The window, as P(storefleet.commerce.rollout_window#filter) takes it. Always open when not given.
    type: raw
  expected_seconds:
    description:
      - How long the change of each host is expected to take, by its name, as
        P(storefleet.commerce.change_seconds#lookup) returns it. A stage that does not fit into what is left of the
        window does not start.
      - Where those of a host of the stage are not known, it is asked only whether the window is open.
    type: dict
    default: {}
  forks:
    description: How many hosts are worked on side by side.
    type: int
    default: 5
  refused:
    description: What was said instead of an approval. Approved, or not asked, where it is empty.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Why the rollout stops is known
  ansible.builtin.debug:
    msg: "{{ rollout | storefleet.commerce.rollout_stop(hostvars, ansible_play_batch, ansible_play_hosts, 1) }}"
  vars:
    rollout:
      stages:
        - {number: 1, stores: [shop], hosts: [web1, web2]}
        - {number: 2, stores: [blog], hosts: [blog]}
"""

RETURN = r"""
_value:
  description: Why the rollout stops.
  type: dict
  contains:
    kind:
      description: V(lost), V(closed) or V(refused). Empty where the rollout goes on.
      type: str
    text:
      description: Some sentences. Empty where the rollout goes on.
      type: str
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout import gate
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.plan import WELL
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.plan_file import stage_seconds
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.window_state import window_state


def rollout_stop(rollout, hostvars, hosts, playing, max_lost=0, well=WELL, **options):
    """See DOCUMENTATION; options are those about the stage itself."""
    refused = options.get("refused", "")
    expected = options.get("expected_seconds") or {}
    seconds = stage_seconds([expected.get(host) for host in hosts], int(options.get("forks", 5)))
    try:
        state = window_state(options.get("window"), seconds or 0)
    except CommerceError as error:
        raise AnsibleFilterError(str(error)) from error
    if not hosts:
        before = gate.stop_before(rollout, hostvars)
        if before:
            return before
    reasons = {
        gate.LOST: gate.why_stopped(rollout, hostvars, gate.Batch(hosts, playing, well or None), int(max_lost)),
        gate.CLOSED: gate.why_closed(rollout, hosts, state) if hosts else "",
        gate.REFUSED: gate.why_refused(rollout, hosts, refused) if refused else "",
    }
    return next(({"kind": kind, "text": text} for kind, text in reasons.items() if text), dict(gate.GOES_ON))


class FilterModule:
    """The filter of this file."""

    def filters(self):
        """By name."""
        return {"rollout_stop": rollout_stop}
