#!/usr/bin/python
# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: fleet_report
short_description: Finishes and merges reports of the fleet, on the control node
version_added: 0.1.0
author:
  - The storefleet.commerce authors (@storefleet)
description:
  - Makes a report of every run that was killed before it could write its own.
  - Merges any number of reports into one, such as those of the jobs of a sliced audit, or of the control nodes of
    several regions. The newest audit of a store counts.
  - Works on the control node whatever host it is called for, and connects to none.
options:
  reports:
    description:
      - The JSON reports to merge, as paths on the control node, which may have wildcards.
      - All have to be of one schema version.
      - When this and O(handed_over) are empty, nothing is merged.
    type: list
    elements: path
    default: []
  handed_over:
    description:
      - Further reports to merge, as the jobs of a sliced audit hand them over where they share no files, in artifacts
        called C(commerce_report_of_job_) and the number of the job.
    type: list
    elements: str
    default: []
  fleet:
    description:
      - The inventory names of all hosts that the merged report should have.
      - Those that are in none of the reports are in it as hosts that nobody has come to, and it counts as aborted. When
        none is missing, the slices of an audit are known to be all there, also where none says its number.
      - When empty, nobody knows.
    type: list
    elements: str
    default: []
  directory:
    description:
      - The folder of the reports. When not given, the one of the callback P(storefleet.commerce.fleet_report#callback).
    type: path
seealso:
  - plugin: storefleet.commerce.fleet_report
    plugin_type: callback
attributes:
  check_mode:
    support: full
    description: Writes nothing, and returns what it would find.
  diff_mode:
    support: none
    description: A report is too long to be shown as a difference.
  idempotent:
    support: partial
    details: The merged report has the time at which it was made.
    description: A report that was finished is not finished again.
  platform:
    support: full
    platforms: posix
    description: Works on any control node.
"""

EXAMPLES = r"""
- name: Every run has its report
  storefleet.commerce.fleet_report:
    directory: /srv/reports/world

- name: The fleet has one report of all regions
  storefleet.commerce.fleet_report:
    reports:
      - /srv/reports/europe/fleet-report.json
      - /srv/reports/slices/*/fleet-report.json
    directory: /srv/reports/world
  register: fleet
"""

RETURN = r"""
finished:
  description: The ids of the runs that were killed, and whose reports have been made now.
  returned: success
  type: list
  elements: str
  sample: [20261123T214005Z-4711xyz]
directory:
  description: The folder of the reports.
  returned: success
  type: str
  sample: /srv/reports/world
report:
  description: The merged report; null where nothing was merged.
  returned: success
  type: str
  sample: /srv/reports/world/fleet-report.json
run:
  description: The id of the merged report; null where nothing was merged.
  returned: success
  type: str
  sample: 20261123T214005Z-4711xyz
totals:
  description: The counts of the merged report; null where nothing was merged.
  returned: success
  type: dict
  sample: {"hosts": 340, "stores": 310, "well": 338, "by_status": {"compliant": 338, "vulnerable": 2}}
drift:
  description: What has changed since the last report of the whole fleet; null where nothing was merged.
  returned: success
  type: dict
  sample: {"gained": [shop-at], "lost": [shop-de], "same": 308}
statuses:
  description: The status of each host of the merged report by its name; null where nothing was merged.
  returned: success
  type: dict
  sample: {"shop-at": "compliant", "shop-de": "vulnerable"}
summary:
  description: The same in words. Empty where nothing was merged.
  returned: success
  type: str
  sample: "2 of 340 stores are not well."
"""

from ansible.module_utils.basic import AnsibleModule

ARGUMENTS = {
    "reports": {"type": "list", "elements": "path", "default": []},
    "handed_over": {"type": "list", "elements": "str", "default": []},
    "fleet": {"type": "list", "elements": "str", "default": []},
    "directory": {"type": "path"},
}


def main():
    """Everything is done by the action plugin of this name: the reports are on the control node."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    module.fail_json("storefleet.commerce.fleet_report has to be called by its full name.")


if __name__ == "__main__":
    main()
