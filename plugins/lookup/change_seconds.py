# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: change_seconds
short_description: How long the change of each host is expected to take
version_added: 0.1.0
author:
  - The storefleet.commerce authors (@storefleet)
description:
  - Reads from the reports of earlier runs how long hosts took that came to the state that is asked for, and expects of
    each host the median of its own five newest changes. Of a host without any, it expects the median of all hosts.
  - Looks into the folder of reports that P(storefleet.commerce.fleet_report#callback) writes to, as far back as it
    keeps them.
  - The audits before and after a change are not in it. What C(commerce_soak_seconds) asks of a host now is.
options:
  _terms:
    description: The inventory names of the hosts.
    type: list
    elements: str
    required: true
  state:
    description: Whether the patches are to be present or absent.
    type: str
    choices: [present, absent]
    default: present
"""

EXAMPLES = r"""
- name: The length of the change is known
  ansible.builtin.debug:
    msg: "{{ query('storefleet.commerce.change_seconds', 'web1', 'web2') | first }}"
"""

RETURN = r"""
_list:
  description:
    - One dictionary, with the seconds of each host by its name. V(none) where no change of any host is known.
  type: list
  elements: dict
"""

from pathlib import Path

from ansible.plugins.lookup import LookupBase

from ansible_collections.storefleet.commerce.plugins.plugin_utils.callback_options import callback_options
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.folder import ReportFolder
from ansible_collections.storefleet.commerce.plugins.plugin_utils.rollout.expected import DONE, expected_seconds


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms, variables=None, **options):
        """See LookupBase."""
        self.set_options(var_options=variables, direct=options)
        state = self.get_option("state")
        hostvars = (variables or {}).get("hostvars") or {}
        folder = ReportFolder(Path(callback_options()["directory"]))
        found = expected_seconds(folder.runs(with_outcome=DONE[state]), terms, state)
        return [
            {name: seconds if seconds is None else seconds + _soak(hostvars, name) for name, seconds in found.items()}
        ]


def _soak(hostvars, name) -> int:
    return int(hostvars.get(name, {}).get("commerce_soak_seconds") or 0)
