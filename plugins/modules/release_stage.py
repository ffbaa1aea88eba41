#!/usr/bin/python
# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: release_stage
short_description: Build a store's release with vendor patches beside the live one
version_added: 0.1.0
description:
  - Copies the live release by hard links, applies patches of Adobe's Quality Patches Tool in the copy and, where
    dependency injection is compiled, compiles it there. M(storefleet.commerce.release_switch) then brings it into
    effect.
  - Nothing of the live store is touched, which is proven at the end. Whatever a program could write into in place is
    copied with its content, and the compile knows neither database nor cache, queue, remote storage or secret.
  - What the compile makes is compared with what live has. Where it differs in more than the patches explain, live was
    compiled from other files, and the module fails and lists the differences.
  - What a run that was killed has left is put right first.
  - With O(tool=install), Composer installs the Quality Patches Tool in the copy first, where it is missing or too
    old. It runs without plugins and scripts, changes no other package, and leaves the base files of Commerce as they
    are.
author:
  - The storefleet.commerce authors (@storefleet)
extends_documentation_fragment:
  - storefleet.commerce.store
  - storefleet.commerce.accepted
  - storefleet.commerce.lease
options:
  patches:
    description:
      - The ids of the patches, as the tool lists them.
      - With none and O(tool=install), the release is built with the tool alone.
    type: list
    elements: str
    default: [ACSD-61103]
  state:
    description: With V(present) the release is built with the patches, with V(absent) without them.
    type: str
    choices: [present, absent]
    default: present
  stage_dir:
    description:
      - A folder on the file system of O(root) that is to hold the copy, which is a folder with a name of its own in it.
      - When not given, the copy is in C(.storefleet) below O(root) or, where a web server serves that, beside O(root).
    type: path
  compile_timeout:
    description: How long C(setup:di:compile) may take, and how long to wait for its turn, in seconds.
    type: int
    default: 1800
  compiles_per_machine:
    description: How many compiles a machine bears at once. The others wait.
    type: int
    default: 1
  accept_generated:
    description:
      - Changes in C(generated) that are fine although no patch explains them, as patterns of the shell.
      - A pattern stands for a path below C(generated), or for a path and what differs in it, as the error lists it.
    type: list
    elements: str
    default: []
  reload:
    description:
      - How php-fpm is made to see the old files again, where a run that was killed has to be undone first.
      - As O(storefleet.commerce.release_switch#module:reload).
    type: str
    choices: [auto, opcache_reset, fpm, service, sudo, command, none]
    default: auto
  reload_command:
    description: The command for O(reload=command), with its arguments quoted as for a shell.
    type: str
  tool:
    description:
      - What is to be had of the Quality Patches Tool, the package magento/quality-patches.
      - V(as_is) takes what the store has. V(install) has Composer install a release that has the O(patches), where the
        store's does not, in the copy.
    type: str
    choices: [as_is, install]
    default: as_is
  repair_partial:
    description:
      - Whether packages are put back as Composer delivers them where a patch is only partly in their files, or does not
        fit onto them. Composer reinstalls these packages in the copy, each in the version that the store has, from its
        cache or the store's package repositories, and the patches are applied then.
      - Other patches of the tool that are in these packages are applied again.
      - Changes that somebody made to these files are lost from the release with it. Each file that is another one then
        is kept in C(var/storefleet/discarded) of the store. RV(repaired) names the files and the place.
      - When V(false), such a store is refused with the code V(patch_conflict).
    type: bool
    default: false
  tool_version:
    description:
      - A constraint of Composer's for the tool with O(tool=install), such as V(^1.1.54), which composer.json is given
        where what is installed does not fit.
      - When not given, the first release that has the patches, or a later one, and what composer.json says stays.
        Releases that are known to fail are left out in any case.
    type: str
  composer:
    description: The path of Composer, 2.2 or later. That of the host, or one in the release, when not given.
    type: path
  composer_auth:
    description:
      - The keys of package repositories as in Composer's auth.json. They go to Composer in its environment.
      - The auth.json of the release and that of the owner's Composer are used in any case.
    type: dict
    default: {}
  composer_environment:
    description:
      - Further variables for Composer, such as C(https_proxy). Never logged.
      - C(COMPOSER_HOME) says where the owner's auth.json and config.json are, when not at the usual place. Nothing is
        written there.
    type: dict
    default: {}
attributes:
  check_mode:
    support: full
    details: A compile is not tried, so RV(generated) is always false.
    description: Writes nothing at all, and predicts which files of the release a real run would change.
  diff_mode:
    support: full
    description: Shows each file's content before and after, in check mode as predicted.
  idempotent:
    support: full
    description: Where live already is what the build gives, nothing is left of it.
  platform:
    support: full
    platforms: posix
    description: Works on POSIX hosts, as it becomes the store's owner by its user id.
seealso:
  - module: storefleet.commerce.quality_patch_live
"""

EXAMPLES = r"""
- name: A release with the failure counter's patch lies ready beside the live one
  storefleet.commerce.release_stage:
    root: /var/www/store

- name: It is built where the web server serves nothing, and a module that is compiled otherwise is accepted
  storefleet.commerce.release_stage:
    root: /var/www/store
    stage_dir: /var/www/stages
    accept_generated:
      - code/Acme/Checkout/*
      - "metadata/*.php: arguments of Acme\\Checkout\\*"

- name: Composer installs the tool first where the store has none that knows the patch
  storefleet.commerce.release_stage:
    root: /var/www/store
    tool: install
    composer_auth:
      http-basic:
        packages.example.com:
          username: "{{ repository_public_key }}"
          password: "{{ repository_private_key }}"
"""

RETURN = r"""
changed:
  description:
    - Whether a stage lies ready, or what an interrupted run or an earlier build had left was put right.
    - If not, live already is what the build gives, and nothing is left of it.
  returned: success
  type: bool
  sample: true
staged:
  description: Whether a stage lies ready, for M(storefleet.commerce.release_switch); in check mode whether one would.
  returned: success
  type: bool
  sample: true
patches:
  description: What became of each patch, as M(storefleet.commerce.quality_patch) returns it.
  returned: success
  type: list
  elements: dict
  sample: [{"id": ACSD-61103, "before": not_applied, "after": applied, "files": []}]
files:
  description: The files of the release that the patches changed, relative to the root; in check mode as predicted.
  returned: success
  type: list
  elements: str
  sample: [vendor/magento/module-integration/etc/webapi_rest/events.xml]
actions:
  description: What was done, in words; in check mode what would have been done.
  returned: success
  type: list
  elements: str
  sample: [applied ACSD-61103, compiled dependency injection]
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
generated:
  description: Whether C(generated) of the stage differs from live's.
  returned: success
  type: bool
  sample: true
generated_changes:
  description: The differences that no patch explains and that O(accept_generated) accepts.
  returned: success
  type: list
  elements: str
  sample: ["metadata/global.php: arguments of Acme\\Checkout\\Model\\Cart changed"]
stage:
  description: The folder that holds the copy; null if there is none, as in check mode.
  returned: success
  type: str
  sample: /var/www/store/.storefleet/stage
plan:
  description:
    - What the switch will do besides renaming files, as words; null where nothing is staged.
    - C(reload), how php-fpm is made to see the new code, and C(loses_requests), whether that kills requests in flight.
    - C(clean), how the caches of the configuration are cleaned. Null in check mode.
  returned: success
  type: dict
  sample:
    reload: empty the opcache of the php-fpm pool www
    loses_requests: false
    clean: clean the caches config and compiled_config
tool:
  description:
    - What Composer did, or in check mode would do, about the Quality Patches Tool; null where that stays as it is.
    - C(before) and C(after), the release, and C(packages), all packages that differ in composer.lock.
  returned: success
  type: dict
  sample:
    before: 1.1.53
    after: 1.1.82
    packages: [{"name": magento/quality-patches, "before": 1.1.53, "after": 1.1.82}]
repaired:
  description:
    - What O(repair_partial) put back, or in check mode would; null where nothing had to be.
    - C(packages), the packages. C(applied_again), other patches that were in them and are again. C(partly), other
      patches that were in them in part and are not any more.
    - C(discarded), files of live that are other ones or none then, null in check mode. C(backup), the folder that keeps
      them, relative to the root, null where there is nothing to keep.
  returned: success
  type: dict
  sample:
    packages: [magento/module-customer]
    applied_again: []
    partly: []
    discarded: [vendor/magento/module-customer/Model/Authentication.php]
    backup: var/storefleet/discarded/20260131T120000Z
seconds:
  description:
    - How long the steps C(copy), C(tool), C(repair), C(patch), C(autoload), C(compile), C(compare) and C(check) took.
  returned: success
  type: dict
  sample: {"copy": 7.9, "patch": 3.1, "autoload": 0.0, "compile": 34.2, "compare": 1.4, "check": 1.2}
code:
  description:
    - Why it failed. Nothing of the live store was changed.
    - V(compile_failed) and V(timeout) the compile did not do; RV(next_step) names its log.
    - V(generated_differs) live was compiled from other files, or in another way.
    - V(live_changed) somebody else wrote to the live release meanwhile.
    - V(no_stage_place) there is no folder to build in.
    - V(no_room) its file system has less room, or fewer inodes, than copy, compile and switch may take.
    - V(no_memory) the machine has too little memory left for a compile.
    - V(linked_vendor) C(vendor) or a package of the vendor's is a symbolic link.
    - V(deploy_running) a deploy tool is at work.
    - V(busy) other compiles kept the machine too long.
    - V(not_readable) the user that serves the store could not read what was built.
    - V(dump_failed) the autoloader could not be written again.
    - V(no_composer) and V(composer_too_old) there is no Composer that can be used.
    - V(no_egress) Composer does not reach the package repositories, V(no_keys) they refuse the keys.
    - V(pinned) composer.json keeps the tool from being new enough, V(bad_release) or asks for a release that fails.
    - V(lock_missing) a file of Composer's is not there. V(patched_tool) the store patches the tool itself.
    - V(lock_changed) other packages or files would change with the tool.
    - V(composer_failed) Composer itself says why.
    - V(no_package) a file that the patch does not fit is of no package. V(patched_package) a plugin of Composer's
      patches a package that would have to be put back. V(no_backup) what would be lost could not be kept.
    - V(no_reload) php-fpm could not be made to see new code by this connection.
    - V(side_effects) the tool would do more than it was asked for, and O(accept_side_effects) does not name it.
    - V(needs_more) commands of the store's own would have to follow, and O(accept_needs) does not name that.
    - V(leased) another run is changing the store.
    - Others are those of M(storefleet.commerce.quality_patch), and about the store and the connection.
  returned: failure
  type: str
  sample: compile_failed
next_step:
  description: What to do about it, a sentence.
  returned: failure
  type: str
  sample: Read /var/www/store/.storefleet/compile.log. Mend what the compiler names, then run again.
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.storefleet.commerce.plugins.module_utils.accepted_arguments import ACCEPTED_ARGUMENTS
from ansible_collections.storefleet.commerce.plugins.module_utils.arguments import STORE_ARGUMENTS, exit_with, withhold
from ansible_collections.storefleet.commerce.plugins.module_utils.errors import CommerceError
from ansible_collections.storefleet.commerce.plugins.module_utils.isolated_compile import CompileLimits
from ansible_collections.storefleet.commerce.plugins.module_utils.lease import LEASE_ARGUMENTS, holder_of
from ansible_collections.storefleet.commerce.plugins.module_utils.quality_patches import ABSENT, PRESENT
from ansible_collections.storefleet.commerce.plugins.module_utils.reload_plan import METHODS, command_words
from ansible_collections.storefleet.commerce.plugins.module_utils.root_services import service
from ansible_collections.storefleet.commerce.plugins.module_utils.stage import Wish, build
from ansible_collections.storefleet.commerce.plugins.module_utils.tool_plan import AS_IS, INSTALL, ToolWish


def wish_of(module: AnsibleModule) -> Wish:
    """What the module's parameters ask for; ends the module where they make no sense."""
    params = module.params
    environment = withhold(module, "composer_environment")
    try:
        command = command_words(params["reload_command"])
    except CommerceError as error:
        module.fail_json(msg=str(error), code=error.code, next_step=error.next_step)
    composer = ToolWish(params["tool_version"], params["composer"], params["composer_auth"], environment)
    return Wish(
        patches=tuple(params["patches"]),
        state=params["state"],
        stage_dir=params["stage_dir"],
        limits=CompileLimits(params["compile_timeout"], params["compiles_per_machine"]),
        accept_generated=tuple(params["accept_generated"]),
        reload=params["reload"],
        reload_command=command,
        holder=holder_of(params),
        tool=composer if params["tool"] == INSTALL else None,
        accept_side_effects=tuple(params["accept_side_effects"]),
        repair=composer if params["repair_partial"] else None,
        accept_needs=tuple(params["accept_needs"]),
    )


def main() -> None:
    """Ends with a stage that lies ready, or with none that is needed."""
    own = {
        "patches": {"type": "list", "elements": "str", "default": ["ACSD-61103"]},
        "state": {"type": "str", "choices": [PRESENT, ABSENT], "default": PRESENT},
        **ACCEPTED_ARGUMENTS,
        "stage_dir": {"type": "path"},
        "compile_timeout": {"type": "int", "default": 1800},
        "compiles_per_machine": {"type": "int", "default": 1},
        "accept_generated": {"type": "list", "elements": "str", "default": []},
        "reload": {"type": "str", "choices": list(METHODS), "default": METHODS[0]},
        "reload_command": {"type": "str"},
        "tool": {"type": "str", "choices": [AS_IS, INSTALL], "default": AS_IS},
        "repair_partial": {"type": "bool", "default": False},
        "tool_version": {"type": "str"},
        "composer": {"type": "path"},
        "composer_auth": {"type": "dict", "default": {}, "no_log": True},
        "composer_environment": {"type": "dict", "default": {}, "no_log": True},
    }
    module = AnsibleModule(
        argument_spec=dict(STORE_ARGUMENTS, **LEASE_ARGUMENTS, **own),
        required_if=[("reload", "command", ("reload_command",))],
        supports_check_mode=True,
    )
    wish = wish_of(module)
    exit_with(module, lambda place, ask: build(place, ask, wish), service(wish.reload_command))


if __name__ == "__main__":
    main()
