#!/usr/bin/python
# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: quality_patch_info
short_description: Tell which vendor patches are in a store's files
version_added: 0.1.0
description:
  - Tells where patches of Adobe's Quality Patches Tool (package magento/quality-patches) stand in a store, by the
    store's files and the catalogue that the store's own tool carries.
  - Does not start the tool, and reads only the patch files of the patches that it is asked about and of those that they
    depend on, or that depend on them. So it answers where the tool itself fails, and at once.
  - With O(verify_with_tool) the tool is asked too, and where the two disagree is told.
author:
  - The storefleet.commerce authors (@storefleet)
extends_documentation_fragment:
  - storefleet.commerce.store
  - storefleet.commerce.attributes
attributes:
  check_mode:
    support: partial
    description: Writes nothing.
    details:
      - Does the same in check mode, but does not start the tool for O(verify_with_tool), as it may write
        C(var/log/patch.log). RV(tool.state) and RV(tool.verify) say V(not_run) then.
options:
  patches:
    description: The ids of the patches, as the tool lists them.
    type: list
    elements: str
    default: [ACSD-61103]
  verify_with_tool:
    description:
      - Whether to run C(magento-patches status) as well, and C(verify) where the tool has it, and to compare.
      - The tool then holds every patch of its catalogue against the files, which takes seconds for each of the two.
        It is given ten minutes for each.
      - A tool that fails is reported, and does not fail the module.
    type: bool
    default: false
notes:
  - Where several patch files of one patch change the same file, or a part of the path is a symbolic link, copies of the
    files that the patch is about are made in a temporary folder, and removed.
seealso:
  - module: storefleet.commerce.quality_patch
  - module: storefleet.commerce.commerce_audit
"""

EXAMPLES = r"""
- name: Where the failure counter's patch stands is known
  storefleet.commerce.quality_patch_info:
    root: /var/www/store
  register: info

- name: Its state is shown
  ansible.builtin.debug:
    msg: "{{ info.patches[0].state }} {{ info.patches[0].detail }}"

- name: Files and tool agree on two patches
  storefleet.commerce.quality_patch_info:
    root: /var/www/store
    patches: [ACSD-61103, ACSD-62332]
    verify_with_tool: true
  register: info
  failed_when: info.patches | map(attribute='tool.agrees') | select('false') | list | length > 0
"""

RETURN = r"""
tool_version:
  description: Version of the package magento/quality-patches; null if it is not installed.
  returned: success
  type: str
  sample: 1.1.82
tool:
  description: What came of asking the tool itself.
  returned: success
  type: dict
  contains:
    state:
      description: V(not_run) if it was not to be asked, or in check mode.
      type: str
      choices: [answered, failed, not_run]
      sample: answered
    words:
      description: How it failed, in its own words; otherwise empty.
      type: str
      sample: ""
    verify:
      description: The same of its command C(verify), which newer releases of magento/magento-cloud-patches have.
      type: dict
      contains:
        state:
          description: V(none) where the tool has no such command.
          type: str
          choices: [answered, failed, not_run, none]
          sample: none
        words:
          description: How it failed, in its own words; otherwise empty.
          type: str
          sample: ""
patches:
  description: The patches in the order asked for, each once. All keys are always there.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id of the patch.
      type: str
      sample: ACSD-61103
    state:
      description:
        - State by the files. V(partial) when only some of its files have it, V(conflict) when it neither fits nor is
          there.
        - V(not_available) when the tool has none for this version, V(tool_too_old) when a newer tool has.
        - A patch is V(applied) too where another one builds on it and is applied.
      type: str
      choices: [applied, not_applied, partial, conflict, not_available, tool_missing, tool_too_old]
      sample: not_applied
    detail:
      description: Why, in words, those of git or patch among them; empty where the state says it all.
      type: str
      sample: ""
    files:
      description: The files that the patch is about.
      type: list
      elements: dict
      contains:
        path:
          description: The file, relative to the root.
          type: str
          sample: vendor/magento/module-integration/etc/webapi_rest/events.xml
        state:
          description:
            - V(missing) when the file is not there but has to be.
            - V(partial) when only some hunks of the patch are in it, or only the first of several patch files.
          type: str
          choices: [applied, not_applied, partial, conflict, missing]
          sample: not_applied
        hunk:
          description: In a conflict the number of the first hunk that does not fit, from 1; otherwise null.
          type: int
          sample: null
        line:
          description: In a conflict the line at which the patch has that hunk; otherwise null.
          type: int
          sample: null
        hunks:
          description:
            - Of a file that is partial or in conflict, the state of each hunk of the patch by itself.
            - V(conflict) when the lines are neither those before the patch nor those after it.
          type: list
          elements: str
          choices: [applied, not_applied, conflict]
          sample: []
    rules:
      description: All rules by which the tool offers it, those that this store does not meet too.
      type: list
      elements: dict
      contains:
        package:
          description: The package that decides.
          type: str
          sample: magento/magento2-base
        constraint:
          description: The versions of that package that there is a patch file for.
          type: str
          sample: ">=2.4.6 <2.4.7"
        version:
          description: Version of the package in this store; null if the store does not have it.
          type: str
          sample: 2.4.6-p3
        file:
          description: The patch file, below the tool's folder C(patches); null if the store does not meet the rule.
          type: str
          sample: os/ACSD-61103_2.4.6-p3.patch
    requires:
      description: Patches that the tool applies with it.
      type: list
      elements: dict
      contains:
        id:
          description: Id of the patch.
          type: str
          sample: ACSD-61103
        state:
          description: Its state; null if the patch is applied, when it does not matter, or if its entry makes no sense.
          type: str
          sample: not_applied
      sample: []
    dependents:
      description: Patches that require it. The tool does not revert it while one of them is applied.
      type: list
      elements: dict
      contains:
        id:
          description: Id of the patch.
          type: str
          sample: ACSD-62332
        available:
          description: Whether the tool has it for this store.
          type: bool
          sample: true
        state:
          description: Its state; null if it is not available, or the patch is not applied, when it does not matter.
          type: str
          sample: null
    side_effects:
      description:
        - What else the tool would do if it applied the patch; empty where it is applied or not available.
        - Null if the entry of a patch that it requires makes no sense.
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
    replaced_with:
      description: Id of the patch that the vendor recommends instead; null if none.
      type: str
      sample: null
    deprecated:
      description: Whether the vendor has withdrawn it.
      type: bool
      sample: false
    tool:
      description: What the tool's own status says of it.
      type: dict
      contains:
        status:
          description: Its word; null if it does not list the patch, or was not asked.
          type: str
          choices: [Applied, Not applied, N/A]
          sample: Not applied
        verified:
          description:
            - Whether the patch is applied by the tool's C(verify).
            - Null if it cannot tell, as of a patch that neither fits nor is there, or gave no answer.
          type: bool
          sample: false
        agrees:
          description: Whether both say what the files say; null if the tool gave no answer.
          type: bool
          sample: true
        words:
          description: Where they disagree, a sentence; otherwise empty.
          type: str
          sample: ""
code:
  description:
    - Why it failed.
    - V(tool_failed) a file of the tool cannot be used as it is, or neither git nor patch is installed.
    - Others are about the store and the connection.
  returned: failure
  type: str
  sample: tool_failed
next_step:
  description: What to do about it, a sentence.
  returned: failure
  type: str
  sample: Reinstall the package magento/quality-patches with Composer.
"""

from typing import Any, Callable, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.storefleet.commerce.plugins.module_utils.arguments import STORE_ARGUMENTS, Workplace, exit_with
from ansible_collections.storefleet.commerce.plugins.module_utils.patch_info import (
    NOT_RUN,
    ToolAnswer,
    VerifyAnswer,
    ask_tool,
    ask_verify,
    patch_info,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.store import read_store


def look_at(patches: Any, verify: bool) -> Callable[[Workplace, Any], Dict[str, Any]]:
    """The work of this module, to be done as the store's owner."""

    def look(place: Workplace, dummy: Any) -> Dict[str, Any]:
        store = read_store(place.root)
        answer, verified = ToolAnswer(NOT_RUN), VerifyAnswer(NOT_RUN)
        if verify and not place.check:
            answer = ask_tool(store, place.php, place.runner)
            verified = ask_verify(store, patches, place.php, place.runner)
        return dict(patch_info(store, patches, place.runner, answer, verified), changed=False)

    return look


def main() -> None:
    """Run the module."""
    module = AnsibleModule(
        argument_spec=dict(
            STORE_ARGUMENTS,
            patches={"type": "list", "elements": "str", "default": ["ACSD-61103"]},
            verify_with_tool={"type": "bool", "default": False},
        ),
        supports_check_mode=True,
    )
    exit_with(module, look_at(module.params["patches"], module.params["verify_with_tool"]))


if __name__ == "__main__":
    main()
