#!/usr/bin/python
# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: build_quality_patch
short_description: See to it that the build of a repository applies vendor patches, or not
version_added: 0.1.0
description:
  - For stores that a pipeline builds from a repository (C(commerce_carrier) V(build)), where a patch in the files of a
    host would be lost with the next deploy. For projects of Commerce Cloud there is
    M(storefleet.commerce.cloud_quality_patch).
  - With O(method=composer_script), scripts in C(composer.json) apply the patches by the Quality Patches Tool after each
    C(composer install) and C(composer update). Everything else of the file stays as it is.
  - Raises magento/quality-patches with Composer, or requires it, where C(composer.lock) has none that the patch needs.
  - With O(method=hotfix), the patch file that the tool in C(vendor) of the checkout has becomes one in C(m2-hotfixes),
    for builds that apply these.
  - Commits that on a branch, with the hooks of the repository, and pushes the branch to O(remote). A push never forces.
    What was checked out before is so afterwards.
  - Where a step fails, a push too, nothing of it stays in the checkout.
  - Refuses, with code V(out_of_range), a patch that the version of the project has left, as the build would fail. An id
    that stands there nevertheless is removed, committed and pushed, and the module fails all the same.
  - A file of a shape that a program cannot change safely is refused, with what to write by hand.
author:
  - The storefleet.commerce authors (@storefleet)
extends_documentation_fragment:
  - storefleet.commerce.attributes.checkout
  - storefleet.commerce.checkout
options:
  patches:
    description: The ids of the patches.
    type: list
    elements: str
    default: [ACSD-61103]
  state:
    description:
      - V(present) lets the build apply the patches.
      - V(absent) lets it apply them no more, whatever the version of the project.
    type: str
    choices: [present, absent]
    default: present
  method:
    description: What applies the patches in the build.
    type: str
    choices: [composer_script, hotfix]
    default: composer_script
notes:
  - A build that calls Composer with C(--no-scripts) does not run the scripts, and has to call the tool itself.
seealso:
  - module: storefleet.commerce.commerce_audit
  - module: storefleet.commerce.cloud_quality_patch
"""

EXAMPLES = r"""
- name: The build applies the failure counter's patch
  storefleet.commerce.build_quality_patch:
    path: /srv/projects/shop
    branch: quality-patches
    remote: origin

- name: What would change is shown
  storefleet.commerce.build_quality_patch:
    path: /srv/projects/shop
  check_mode: true
  diff: true

- name: The patch is a hot fix of the repository
  storefleet.commerce.build_quality_patch:
    path: /srv/projects/shop
    method: hotfix
"""

RETURN = r"""
patches:
  description: What became of each id.
  returned: success, or failure with code V(out_of_range)
  type: list
  elements: dict
  contains:
    id:
      description: Id of the patch.
      type: str
      sample: ACSD-61103
    before:
      description: Whether the build of the branch applied it before.
      type: str
      choices: [listed, not_listed]
      sample: not_listed
    after:
      description: The same after; in check mode as predicted.
      type: str
      sample: listed
    in_range:
      description:
        - Whether the patch fits the version of the project.
        - None where nothing tells, or nobody asked with O(state=absent).
      type: bool
      sample: true
    rule:
      description: What decided that.
      type: str
      sample: magento/magento2-base >=2.4.6 <2.4.7
version:
  description: The version of Commerce in C(composer.lock). None with O(state=absent).
  returned: success, or failure with code V(out_of_range)
  type: str
  sample: 2.4.6-p8
tool:
  description:
    - The version of magento/quality-patches in C(composer.lock), C(before) and C(after).
    - In check mode C(after) is the least that it would be.
  returned: success, or failure with code V(out_of_range)
  type: dict
  sample: {"before": null, "after": 1.1.82}
branch:
  description: The branch.
  returned: success, or failure with code V(out_of_range)
  type: str
  sample: quality-patches
commit:
  description: The commit that was made, None where none was.
  returned: success, or failure with code V(out_of_range)
  type: str
  sample: 8f0a4ae0c2d5f6f4d8c0a3d3a1b8c7e6d5f4a3b2
pushed:
  description: Whether the branch was pushed.
  returned: success, or failure with code V(out_of_range)
  type: bool
  sample: true
remote_said:
  description: What the remote said of the push, line by line.
  returned: success, or failure with code V(out_of_range)
  type: list
  elements: str
  sample: []
files:
  description: The files that were changed, relative to O(path).
  returned: success, or failure with code V(out_of_range)
  type: list
  elements: str
  sample: [composer.json, composer.lock]
actions:
  description: What was done, in words; in check mode what would have been done.
  returned: success, or failure with code V(out_of_range)
  type: list
  elements: str
  sample: [added ACSD-61103 to scripts of composer.json, committed on quality-patches]
code:
  description:
    - Why it failed.
    - V(out_of_range) the version of the project has left the range of a patch; C(changed) tells whether its id was
      removed.
    - V(cannot_edit) the file is of a shape that is not changed by a program.
    - V(cloud_project) Commerce Cloud builds it.
    - V(no_patch_file) the tool that is locked is not installed in the checkout, and a hot fix has to come from there.
    - V(dirty) the checkout has changes that are not committed. V(detached) no branch is checked out, and none given.
    - V(behind) the remote's branch has what the checkout lacks. V(push_failed) the push was rejected.
    - V(no_author) nothing says who commits. V(changed_by_hook) a hook made something else of the commit.
    - V(composer_missing) and V(composer_failed) the tool has to be raised, and Composer did not.
    - V(no_lock) and V(no_version) C(composer.lock) does not say what the build installs.
    - V(git_failed) and V(remote_failed) git refused. V(no_checkout) and V(no_commit) there is nothing to work on.
    - V(needs_hands) it failed, and the way back failed, too.
  returned: failure
  type: str
  sample: out_of_range
next_step:
  description: What to do about it, a sentence.
  returned: failure
  type: str
  sample: Commit them, or put them aside with git stash --include-untracked.
"""

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.storefleet.commerce.plugins.module_utils.build_patches import BuildScripts, Hotfixes
from ansible_collections.storefleet.commerce.plugins.module_utils.checkout_arguments import (
    CHECKOUT_ARGUMENTS,
    exit_with_work,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.command import Runner
from ansible_collections.storefleet.commerce.plugins.module_utils.listed_patches import PatchList, ensure, request_of

COMPOSER_SCRIPT = "composer_script"
HOTFIX = "hotfix"


def work(options: Dict[str, Any], runner: Runner, check: bool) -> Dict[str, Any]:
    """The work of this module, to be done as the checkout's owner."""
    wanted: PatchList = Hotfixes(options["patches"]) if options["method"] == HOTFIX else BuildScripts()
    return ensure(wanted, request_of(options), runner, check)


def main() -> None:
    """Run the module."""
    method = {"type": "str", "choices": [COMPOSER_SCRIPT, HOTFIX], "default": COMPOSER_SCRIPT}
    module = AnsibleModule(argument_spec=dict(CHECKOUT_ARGUMENTS, method=method), supports_check_mode=True)
    exit_with_work(module, work)


if __name__ == "__main__":
    main()
