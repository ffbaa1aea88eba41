# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: patches_to_bring
short_description: The patches that a store is to get
version_added: 0.1.0
author:
  - The storefleet.commerce authors (@storefleet)
description:
  - Says which of the wanted patches are to be brought to a store, by what its audits have found.
  - A store that is vulnerable gets all of them. One that is well gets them where one is not in its files, without the
    patch of the defect where that is built in. Of a store that is neither nobody could prove a change.
positional: _input, patches
options:
  _input:
    description: The audits of a store's nodes, as M(storefleet.commerce.commerce_audit) returns them.
    type: list
    elements: dict
    required: true
  patches:
    description: The ids of the patches that are wanted, the variable C(commerce_patches).
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: It is known what the store needs
  ansible.builtin.debug:
    msg: "{{ [audit_result.audit] | storefleet.commerce.patches_to_bring(['ACSD-61103', 'ACSD-62332']) }}"
"""

RETURN = r"""
_value:
  description: Their ids in the given order; none where the store needs nothing.
  type: list
  elements: str
  sample: [ACSD-62332]
"""

from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.audited import patches_to_bring


class FilterModule:
    """The filter of this file."""

    def filters(self):
        """By name."""
        return {"patches_to_bring": patches_to_bring}
