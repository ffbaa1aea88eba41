#!/usr/bin/python
# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cloud_quality_patch
short_description: See to it that the build of a Commerce Cloud project applies vendor patches, or not
version_added: 0.1.0
description:
  - Adds ids of patches to the list C(stage.build.QUALITY_PATCHES) of C(.magento.env.yaml) in a checkout of the project,
    or removes them. Comments, order, quotation marks, tags such as C(!php/const) and line breaks stay byte for byte.
  - Raises magento/quality-patches with Composer where C(composer.lock) has an older one than the patch needs.
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
      - V(present) lists the ids. A list that holds C('*') applies every patch anyway, and is left alone.
      - V(absent) removes them, whatever the version of the project, and a list that would be empty with them.
    type: str
    choices: [present, absent]
    default: present
notes:
  - A variable C(QUALITY_PATCHES) in the environment of the build may take the place of the list in the file. This
    module does not see it.
seealso:
  - module: storefleet.commerce.commerce_audit
  - module: storefleet.commerce.quality_patch
"""

EXAMPLES = r"""
- name: The build of the next deployment applies the failure counter's patch
  storefleet.commerce.cloud_quality_patch:
    path: /srv/projects/shop
    branch: integration
    remote: origin

- name: What two patches would change is shown
  storefleet.commerce.cloud_quality_patch:
    path: /srv/projects/shop
    patches: [ACSD-61103, ACSD-62332]
  check_mode: true
  diff: true

- name: A project that has left 2.4.6 does not ask for the patch any more
  storefleet.commerce.cloud_quality_patch:
    path: /srv/projects/shop
    state: absent
    commit_message: Commerce 2.4.8 has the fix of ACSD-61103 built in
    author_name: Fleet
    author_email: fleet@example.com
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
      description: Whether the branch listed it before; V(everything) where it lists C('*').
      type: str
      choices: [listed, not_listed, everything]
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
  description: The version of magento/quality-patches in C(composer.lock).
  returned: success, or failure with code V(out_of_range)
  type: dict
  contains:
    before:
      description: Before. None with O(state=absent).
      type: str
      sample: 1.1.53
    after:
      description: After; in check mode the least that it would be.
      type: str
      sample: 1.1.82
branch:
  description: The branch.
  returned: success, or failure with code V(out_of_range)
  type: str
  sample: integration
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
  description: What the remote said of the push, line by line, such as the log of a build.
  returned: success, or failure with code V(out_of_range)
  type: list
  elements: str
  sample: ["Building the project"]
files:
  description: The files that were changed, relative to O(path).
  returned: success, or failure with code V(out_of_range)
  type: list
  elements: str
  sample: [.magento.env.yaml]
actions:
  description: What was done, in words; in check mode what would have been done.
  returned: success, or failure with code V(out_of_range)
  type: list
  elements: str
  sample: [added ACSD-61103 to stage.build.QUALITY_PATCHES, committed on integration]
code:
  description:
    - Why it failed.
    - V(out_of_range) the version of the project has left the range of a patch; C(changed) tells whether its id was
      removed.
    - V(cannot_edit) the file is of a shape that is not changed by a program. V(all_patches) it lists C('*').
    - V(dirty) the checkout has changes that are not committed. V(detached) no branch is checked out, and none given.
    - V(behind) the remote's branch has what the checkout lacks. V(push_failed) the push was rejected.
    - V(no_author) nothing says who commits. V(changed_by_hook) a hook made something else of the commit.
    - V(composer_missing) and V(composer_failed) the tool has to be raised, and Composer did not.
    - V(no_lock), V(no_version) and V(no_cloud_project) C(composer.lock) does not say what the build installs.
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

from ansible_collections.storefleet.commerce.plugins.module_utils.checkout_arguments import (
    CHECKOUT_ARGUMENTS,
    exit_with_work,
)
from ansible_collections.storefleet.commerce.plugins.module_utils.cloud_patches import CloudPatches
from ansible_collections.storefleet.commerce.plugins.module_utils.command import Runner
from ansible_collections.storefleet.commerce.plugins.module_utils.listed_patches import ensure, request_of


def work(options: Dict[str, Any], runner: Runner, check: bool) -> Dict[str, Any]:
    """The work of this module, to be done as the checkout's owner."""
    return ensure(CloudPatches(), request_of(options), runner, check)


def main() -> None:
    """Run the module."""
    module = AnsibleModule(argument_spec=dict(CHECKOUT_ARGUMENTS), supports_check_mode=True)
    exit_with_work(module, work)


if __name__ == "__main__":
    main()
