#!/usr/bin/python
# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: quality_patch
short_description: See to it that vendor patches are in a store's files, or not
version_added: 0.1.0
description:
  - Applies and reverts patches of Adobe's Quality Patches Tool (package magento/quality-patches), by this tool and as
    the store's owner.
  - Looks at the files first, and does not start the tool where they already are as wanted.
  - Patched files are not a repaired store yet. What has to follow depends on the store, and is what the role
    P(storefleet.commerce.remediate#role) does.
author:
  - The storefleet.commerce authors (@storefleet)
extends_documentation_fragment:
  - storefleet.commerce.store
  - storefleet.commerce.accepted
  - storefleet.commerce.attributes.files
options:
  patches:
    description: The ids of the patches, as the tool lists them.
    type: list
    elements: str
    default: [ACSD-61103]
  state:
    description:
      - V(present) applies the patches. What they require and what they replace is changed with them only if
        O(accept_side_effects) names it.
      - V(absent) reverts them. The tool refuses while another applied patch requires one of them.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: storefleet.commerce.commerce_audit
"""

EXAMPLES = r"""
- name: The failure counter's patch is in the store's files
  storefleet.commerce.quality_patch:
    root: /var/www/store

- name: What two patches would change is shown
  storefleet.commerce.quality_patch:
    root: /var/www/store
    patches: [ACSD-61103, ACSD-62332]
  check_mode: true
  diff: true

- name: A patch is in, with the one that it requires
  storefleet.commerce.quality_patch:
    root: /var/www/store
    patches: [ACSD-62332]
    accept_side_effects: [ACSD-61103]

- name: The patch is out again
  storefleet.commerce.quality_patch:
    root: /var/www/store
    state: absent
"""

RETURN = r"""
patches:
  description: What became of each patch.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id of the patch.
      type: str
      sample: ACSD-61103
    before:
      description:
        - State by the files before.
        - V(partial) when only some of its files have it, V(conflict) when it neither fits nor is there.
        - V(not_available) when the tool has none for this version.
      type: str
      choices: [applied, not_applied, partial, conflict, not_available, tool_missing, tool_too_old]
      sample: not_applied
    after:
      description: The same after; in check mode as predicted.
      type: str
      sample: applied
    files:
      description: The files that it changed, relative to the root.
      type: list
      elements: str
      sample: [vendor/magento/module-integration/etc/webapi_rest/events.xml]
files:
  description: All files that were changed, relative to the root, those of required patches too.
  returned: success
  type: list
  elements: str
  sample: [vendor/magento/module-integration/etc/webapi_rest/events.xml]
actions:
  description: What was done, in words; in check mode what would have been done.
  returned: success
  type: list
  elements: str
  sample: [applied ACSD-61103]
side_effects:
  description: What the tool does beside what it is asked for; in check mode what it would do.
  returned: success, or when RV(code) is V(side_effects)
  type: list
  elements: dict
  contains:
    id:
      description: Id of the patch.
      type: str
      sample: ACSD-61103
    what:
      description: V(deprecated) if it is applied although the vendor has deprecated it.
      type: str
      choices: [applied, reverted, deprecated]
      sample: applied
    because_of:
      description:
        - The patch that requires it, or that replaces it.
        - Of a deprecated one the patch that the vendor recommends instead; empty if none.
      type: str
      sample: ACSD-62332
  sample: []
due:
  description: The commands of the store's own that have to follow, in their order, as O(accept_needs) lets them be due.
  returned: success
  type: list
  elements: str
  sample: [bin/magento setup:upgrade --keep-generated]
code:
  description:
    - Why it failed.
    - V(patch_not_found) the tool has no such patch for this version.
    - V(patch_required) another applied patch requires it.
    - V(patch_conflict) it does not fit onto the files.
    - V(side_effects) the tool would do more than it was asked for, and O(accept_side_effects) does not name it.
    - V(needs_more) commands of the store's own would have to follow, and O(accept_needs) does not name that.
    - V(not_writable) the user may not change the files.
    - V(tool_missing) and V(tool_too_old) the tool has to be installed or updated.
    - V(tool_needs_files) the tool needs a file of Composer's that is not there.
    - V(tool_failed) the tool itself fails.
    - Others are about the store and the connection.
  returned: failure
  type: str
  sample: patch_conflict
next_step:
  description: What to do about it, a sentence.
  returned: failure
  type: str
  sample: "Set commerce_tool to install, or update it with Composer: composer require magento/quality-patches:^1.1.54"
"""

from typing import Any, Callable, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.storefleet.commerce.plugins.module_utils.accepted_arguments import ACCEPTED_ARGUMENTS
from ansible_collections.storefleet.commerce.plugins.module_utils.arguments import STORE_ARGUMENTS, Workplace, exit_with
from ansible_collections.storefleet.commerce.plugins.module_utils.quality_patches import (
    ABSENT,
    PRESENT,
    ensure,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.store import read_store


def work_on(patches: Any, state: str, accept: Any, accept_needs: Any) -> Callable[[Workplace, Any], Dict[str, Any]]:
    """The work of this module, to be done as the store's owner."""

    def work(place: Workplace, dummy: Any) -> Dict[str, Any]:
        store = read_store(place.root)
        accepted = accept, accept_needs
        return ensure(store, patches, state, place.runner, place.check, place.php, *accepted).as_result()

    return work


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec=dict(
            STORE_ARGUMENTS,
            patches={"type": "list", "elements": "str", "default": ["ACSD-61103"]},
            state={"type": "str", "choices": [PRESENT, ABSENT], "default": PRESENT},
            **ACCEPTED_ARGUMENTS,
        ),
        supports_check_mode=True,
    )
    params = module.params
    accepted = params["accept_side_effects"], params["accept_needs"]
    exit_with(module, work_on(params["patches"], params["state"], *accepted))


if __name__ == "__main__":
    main()
