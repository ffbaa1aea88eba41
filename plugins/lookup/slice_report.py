# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: slice_report
short_description: The report of a slice of an audit, to be handed over to the node that merges them
version_added: 0.1.0
author:
  - The storefleet.commerce authors (@storefleet)
description:
  - Makes the report of what this run has found so far, and packs it into a text of letters and digits, which fits into
    an artifact of a job.
  - The module M(storefleet.commerce.fleet_report) takes it as
    O(storefleet.commerce.fleet_report#module:handed_over).
  - Goes by the events that P(storefleet.commerce.fleet_report#callback) writes down as they happen.
options: {}
"""

EXAMPLES = r"""
- name: The next node of the workflow has the report
  ansible.builtin.set_stats:
    data:
      "commerce_report_of_job_{{ awx_job_id }}": "{{ query('storefleet.commerce.slice_report') | first }}"
"""

RETURN = r"""
_list:
  description: One text; none where the run is no slice, or about no stores.
  type: list
  elements: str
"""

from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display

from ansible_collections.storefleet.commerce.plugins.plugin_utils.callback_options import callback_options
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.errors import ReportError
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.handed_over import packed
from ansible_collections.storefleet.commerce.plugins.plugin_utils.report.publishing import Place


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms, variables=None, **options):
        """See LookupBase."""
        del terms
        self.set_options(var_options=variables, direct=options)
        try:
            report = Place(**callback_options()).so_far()
        except ReportError as error:
            # Its hosts will be missing from the merged report, which says so: no reason for this run to end.
            Display().warning(f"The report of this slice is not handed over. {error}")
            return []
        return [packed(report)] if report and report["scope"]["slice"] else []
