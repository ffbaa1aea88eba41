# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: carried_elsewhere
short_description: Why a patch is not put onto the hosts of a store
version_added: 0.1.0
author:
  - The storefleet.commerce authors (@storefleet)
description:
  - Says why the files of the hosts with these audits are not the place for a patch. Their store is built elsewhere, or
    a deploy replaces them.
  - A change that a killed run has left in between is put right in any case.
positional: _input, accept_temporary
options:
  _input:
    description: The audits of a store's nodes, as M(storefleet.commerce.commerce_audit) returns them.
    type: list
    elements: dict
    required: true
  accept_temporary:
    description: Whether files may be changed that the next deploy replaces.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: The patch has its place on the host
  ansible.builtin.assert:
    that: why | length == 0
    fail_msg: "{{ why }}"
  vars:
    why: "{{ [audit_result.audit] | storefleet.commerce.carried_elsewhere }}"
"""

RETURN = r"""
_value:
  description: A part of a sentence; empty where the files of the hosts are to be changed.
  type: str
  sample: "the repository that it is built from has to carry the patch (commerce_carrier: build)"
"""

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.carried import why_elsewhere


def carried_elsewhere(audits, accept_temporary=False):
    """See DOCUMENTATION."""
    if any(audit["store"]["interrupted"] for audit in audits):
        return ""
    accepted = boolean(accept_temporary)
    return next(filter(None, (why_elsewhere(audit, accepted) for audit in audits)), "")


class FilterModule:
    """The filter of this file."""

    def filters(self):
        """By name."""
        return {"carried_elsewhere": carried_elsewhere}
