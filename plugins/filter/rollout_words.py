# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: rollout_words
short_description: The plan of a rollout in words
version_added: 0.1.0
author:
  - The storefleet.commerce authors (@storefleet)
description:
  - Tells those who sign off a plan what it says, stage by stage.
options:
  _input:
    description: The document, as P(storefleet.commerce.rollout_document#filter) returns it.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: It is said what would be done
  ansible.builtin.debug:
    msg: "{{ lookup('ansible.builtin.file', 'plan.json') | from_json | storefleet.commerce.rollout_words }}"
"""

RETURN = r"""
_value:
  description: The lines.
  type: list
  elements: str
"""

from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.plan_words import plan_words


def rollout_words(document):
    """See DOCUMENTATION."""
    return plan_words(document)


class FilterModule:
    """The filter of this file."""

    def filters(self):
        """By name."""
        return {"rollout_words": rollout_words}
